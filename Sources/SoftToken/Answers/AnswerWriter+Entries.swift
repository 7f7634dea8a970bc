/// The objects of an answer's `tokens`, and the members of a phone's answer.
extension AnswerWriter {
    /// Writes one token of a provision.
    func append(_ entry: ProvisionOutcome.Entry, to json: inout JSONWriter) {
        json.write(.token)
        switch entry {
        case .provisioned(let token, let license, let code, let minutes):
            let base32 = code.base32
            json.string(token.text)
            json.write(.license)
            json.string(license.text)
            json.write(.activationCode)
            json.string(ascii: choices.activationCodeForm == .base32 ? base32 : code.claimDigits)
            json.write(.qrCode)
            if choices.qrCode == .text {
                json.string(ascii: base32)
            } else {
                json.null()
            }
            appendCodeExpire(minutes, to: &json)
            appendError(nil, to: &json)
        case .refused(let token, let reason, let field):
            json.string(orNull: token)
            json.write(.nothingProvisioned)
            appendError(reason, field: field?.name, to: &json)
        }
        json.endObject()
    }

    /// Writes one token of a poll.
    ///
    /// [our choice: polling-token-object] Published are `token` and `license`; the rest is what an appliance is known to
    /// learn from a poll, under the names of its own configuration.
    func append(_ entry: PollingOutcome.Entry, to json: inout JSONWriter) {
        json.write(.token)
        switch entry {
        case .found(let found):
            json.string(found.token.text)
            json.write(.license)
            json.string(found.license.text)
            if found.registrationID == nil, found.osVersion == nil {
                json.write(.unclaimed)
            } else {
                json.write(.registrationID)
                json.string(orNull: found.registrationID)
                json.write(.osVersion)
                json.string(orNull: found.osVersion)
            }
            json.write(.status)
            json.string(found.state.rawValue)
            appendError(nil, to: &json)
        case .refused(let token, let reason, let field):
            json.string(orNull: token)
            json.write(.nothingFound)
            appendError(reason, field: field?.name, to: &json)
        }
        json.endObject()
    }

    /// Writes what a failing activation has in the place of license and tokens.
    func appendNothingActivated(to json: inout JSONWriter) {
        json.write(.license)
        json.null()
        json.write(.tokens)
        json.endArray()
    }

    /// Writes a phone's answer and gives the buffer back.
    ///
    /// [our choice: mobile-answer] The keys and their order are those of a published sample, less the picture that it was
    /// cut at; a refusal nulls what a phone would otherwise be given.
    func append(
        _ answer: MobileAnswer,
        header: PartialHeader,
        refusal field: RequestField?,
        into buffer: inout [UInt8]
    ) {
        var json = begin(.mobile, version: header.version, in: &buffer)
        appendDevice(header.deviceVersion, header.deviceBuild, to: &json)
        switch answer {
        case .granted(let token, let mobileIDHash, let sealedSeed):
            json.write(.mobileIDHash)
            json.string(ascii: mobileIDHash)
            json.write(.seed)
            json.string(ascii: sealedSeed)
            json.write(.mobileToken)
            json.string(token.text)
            appendError(nil, to: &json)
        case .refused(let reason):
            json.write(.nothingGranted)
            appendError(reason, field: field?.name, to: &json)
        }
        finish(&json, in: &buffer)
    }

    /// Writes how long an activation code holds.
    ///
    /// [our choice: code-expire-unit] Minutes, as in the request under the same name; an epoch is possible too.
    private func appendCodeExpire(_ minutes: Int, to json: inout JSONWriter) {
        json.write(.codeExpire)
        json.integer(minutes)
    }
}
