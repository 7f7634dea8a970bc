/// The objects of an answer's `tokens`, and the members of a phone's answer.
extension AnswerWriter {
    /// Writes one token of a provision.
    func append(_ entry: ProvisionOutcome.Entry, isFirst: Bool, into buffer: inout [UInt8]) {
        switch entry {
        case .provisioned(let token, let license, let code, let minutes):
            let base32 = code.base32
            let written = choices.activationCodeForm == .base32 ? base32 : code.claimDigits
            buffer.append(upTo: 256) { json, room in
                Self.begin(token, of: license, isFirst: isFirst, to: &json, in: &room)
                json.write(#","token_activation_code":""#, in: &room)
                json.copy(written.span, in: &room)
                if choices.qrCode == .text {
                    json.write(#"","qr_code":""#, in: &room)
                    json.copy(base32.span, in: &room)
                    json.write(#"","code_expire":"#, in: &room)
                } else {
                    json.write(#"","qr_code":null,"code_expire":"#, in: &room)
                }
                // [our choice: code-expire-unit] Minutes, as in the request under the same name; an epoch is possible
                // too.
                json.integer(minutes, in: &room)
                json.write(#","error":null}"#, in: &room)
            }
        case .refused(let token, let reason, let field):
            let nulls: StaticString =
                #","license":null,"token_activation_code":null,"qr_code":null,"code_expire":null,"#
            append(token, nulls, error(reason, field: field?.name), isFirst: isFirst, into: &buffer)
        }
    }

    /// Writes one token of a poll.
    ///
    /// [our choice: polling-token-object] Published are `token` and `license`; the rest is what an appliance is known
    /// to learn from a poll, under the names of its own configuration.
    func append(_ entry: PollingOutcome.Entry, isFirst: Bool, into buffer: inout [UInt8]) {
        switch entry {
        case .found(let found): append(found, isFirst: isFirst, into: &buffer)
        case .refused(let token, let reason, let field):
            let nulls: StaticString = #","license":null,"reg_id":null,"os_ver":null,"status":null,"#
            append(token, nulls, error(reason, field: field?.name), isFirst: isFirst, into: &buffer)
        }
    }

    private func append(_ found: PolledToken, isFirst: Bool, into buffer: inout [UInt8]) {
        let phone = AnswerCursor.room(for: found.registrationID) + AnswerCursor.room(for: found.osVersion)
        buffer.append(upTo: 160 + phone) { json, room in
            Self.begin(found.token, of: found.license, isFirst: isFirst, to: &json, in: &room)
            json.write(#","reg_id":"#, in: &room)
            json.string(orNull: found.registrationID, in: &room)
            json.write(#","os_ver":"#, in: &room)
            json.string(orNull: found.osVersion, in: &room)
            json.write(#","status":""#, in: &room)
            json.copy(found.state.rawValue.utf8.span, in: &room)
            json.write(#"","error":null}"#, in: &room)
        }
    }

    /// Writes one token that is refused, by the text that the request gave; `nulls` are its other members.
    private func append(
        _ token: String?,
        _ nulls: StaticString,
        _ error: AnswerError,
        isFirst: Bool,
        into buffer: inout [UInt8]
    ) {
        buffer.append(upTo: 128 + AnswerCursor.room(for: token) + error.room) { json, room in
            Self.begin(isFirst: isFirst, to: &json, in: &room)
            json.string(orNull: token, in: &room)
            json.write(nulls, in: &room)
            error.write(to: &json, in: &room)
            json.write("}", in: &room)
        }
    }

    /// Opens one token among several, and writes what every one that is well begins with.
    @inline(__always)
    static func begin(
        _ token: TokenSerial,
        of license: LicenseNumber,
        isFirst: Bool,
        to json: inout AnswerCursor,
        in room: inout MutableRawSpan
    ) {
        begin(isFirst: isFirst, to: &json, in: &room)
        json.string(token.text, in: &room)
        json.write(#","license":"#, in: &room)
        json.string(license.text, in: &room)
    }

    @inline(__always)
    private static func begin(isFirst: Bool, to json: inout AnswerCursor, in room: inout MutableRawSpan) {
        if !isFirst { json.write(",", in: &room) }
        json.write(#"{"token":"#, in: &room)
    }

    /// Writes what a failing activation has in the place of license and tokens.
    func appendNothingActivated(into buffer: inout [UInt8]) {
        buffer.append(upTo: 32) { json, room in json.write(#","license":null,"tokens":["#, in: &room) }
    }

    /// Writes a phone's answer.
    ///
    /// [our choice: mobile-answer] The keys and their order are those of a published sample, less the picture that it
    /// was cut at; a refusal nulls what a phone would otherwise be given.
    func append(_ answer: MobileAnswer, _ sender: Sender, refusal field: RequestField?, into buffer: inout [UInt8]) {
        buffer.append(upTo: 128 + 3 * AnswerCursor.roomForVersion) { json, room in
            Self.write(.mobile, sender, to: &json, in: &room)
            Self.write(sender, to: &json, in: &room)
        }
        switch answer {
        case .granted(let token, let mobileIDHash, let sealedSeed):
            appendLast(room: 128 + mobileIDHash.count + sealedSeed.count, into: &buffer) { json, room in
                json.write(#","mobile_id_hash":""#, in: &room)
                json.copy(mobileIDHash.span, in: &room)
                json.write(#"","seed":""#, in: &room)
                json.copy(sealedSeed.span, in: &room)
                json.write(#"","token":"#, in: &room)
                json.string(token.text, in: &room)
                json.write(#","error":null"#, in: &room)
            }
        case .refused(let reason):
            let error = error(reason, field: field?.name)
            appendLast(room: 64 + error.room, into: &buffer) { json, room in
                json.write(#","mobile_id_hash":null,"seed":null,"token":null,"#, in: &room)
                error.write(to: &json, in: &room)
            }
        }
    }
}
