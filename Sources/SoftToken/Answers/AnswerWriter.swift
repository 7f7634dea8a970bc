/// Writes answers in the published order of fields (docs/protocol.md sections 2 and 3).
///
/// Each function appends one whole body to a buffer that the caller keeps and reuses.
package struct AnswerWriter: Sendable {
    /// The code and text of each refusal.
    package let errors: ErrorTable
    /// The switchable parts of the wire.
    package let choices: WireChoices

    /// The version that every published message carries, for answers to requests that named none.
    ///
    /// [our choice: version-default] Phones may omit the version, and the answer names one all the same; a device's
    /// version or build that was not given is null.
    package static var version: VersionText { "4" }

    /// Joins the two.
    package init(errors: ErrorTable = ErrorTable(), choices: WireChoices = WireChoices()) {
        self.errors = errors
        self.choices = choices
    }

    /// Answers an activation; `peers` are the answer's `__clustered_sns` in order.
    ///
    /// [our choice: activation-success-shape] Only the tail of a failing answer is published. The head is that of the
    /// other answers, and token objects hold what every published one begins with.
    package func append(
        _ outcome: ActivationOutcome,
        to request: RequestHeader,
        peers: [Peer],
        into buffer: inout [UInt8]
    ) {
        var json = begin(.activation, request, peers: peers, in: &buffer)
        var refusal: ServiceError?
        switch outcome {
        case .granted(let license, let tokens):
            json.write(.license)
            json.string(license.text)
            json.write(.tokens)
            for token in tokens {
                json.write(.token)
                json.string(token.text)
                json.write(.license)
                json.string(license.text)
                json.write(.noError)
                json.endObject()
            }
            json.endArray()
        case .refused(let reason):
            refusal = reason
            appendNothingActivated(to: &json)
        }
        end(&json, refusal: refusal, in: &buffer)
    }

    /// Answers a provision; `peers` are the answer's `__clustered_sns` in order.
    package func append(
        _ outcome: ProvisionOutcome,
        to request: RequestHeader,
        peers: [Peer],
        into buffer: inout [UInt8]
    ) {
        var json = begin(.provision, request, peers: peers, in: &buffer)
        json.write(.tokens)
        for entry in outcome.tokens {
            append(entry, to: &json)
        }
        json.endArray()
        end(&json, refusal: outcome.refusal, in: &buffer)
    }

    /// Answers a poll; `peers` are the answer's `__clustered_sns` in order.
    ///
    /// [our choice: polling-answer-tail] The published answer is cut within its first token; it is taken to end like a
    /// provision's, with `result` and `error`.
    package func append(
        _ outcome: PollingOutcome,
        to request: RequestHeader,
        peers: [Peer],
        into buffer: inout [UInt8]
    ) {
        var json = begin(.polling, request, peers: peers, in: &buffer)
        json.write(.tokens)
        for entry in outcome.tokens {
            append(entry, to: &json)
        }
        json.endArray()
        end(&json, refusal: outcome.refusal, in: &buffer)
    }

    /// Answers a phone.
    package func append(_ answer: MobileAnswer, to request: MobileProvisionRequest, into buffer: inout [UInt8]) {
        append(answer, header: PartialHeader(request), refusal: nil, into: &buffer)
    }

    private func begin(
        _ type: RequestType,
        _ header: RequestHeader,
        peers: [Peer],
        in buffer: inout [UInt8]
    ) -> JSONWriter {
        var json = begin(type, version: header.version, in: &buffer)
        json.write(.serialNumber)
        json.string(header.serial.text)
        appendUnit(header.deviceVersion, header.deviceBuild, peers: peers, to: &json)
        return json
    }

    /// Writes what every answer to an appliance says of it behind its serial.
    func appendUnit(_ version: VersionText?, _ build: VersionText?, peers: [Peer], to json: inout JSONWriter) {
        appendDevice(version, build, to: &json)
        json.write(.cluster)
        for peer in peers {
            json.write(.peer)
            json.string(peer.serial.text)
            json.write(peer.isRegistered ? .registeredPeer : .unregisteredPeer)
        }
        json.endArray()
    }

    /// Opens the answer and writes its type and version.
    func begin(_ type: RequestType, version: VersionText?, in buffer: inout [UInt8]) -> JSONWriter {
        var json = JSONWriter(taking: &buffer)
        json.write(.head(of: type))
        json.string(orNull: version ?? Self.version)
        return json
    }

    /// Writes what the request said of its sender's software.
    func appendDevice(_ version: VersionText?, _ build: VersionText?, to json: inout JSONWriter) {
        json.write(.deviceVersion)
        json.string(orNull: version)
        json.write(.deviceBuild)
        json.string(orNull: build)
    }

    /// Writes what every answer to an appliance ends with, and gives the buffer back.
    ///
    /// [our choice: batch-result] `result` is 1 exactly where the top `error` is null, which it is as soon as one token
    /// of a batch worked; published are only answers in which none did.
    func end(
        _ json: inout JSONWriter,
        refusal: ServiceError?,
        field: RequestField? = nil,
        in buffer: inout [UInt8]
    ) {
        json.write(refusal == nil ? .worked : .failed)
        appendError(refusal, field: field?.name, to: &json)
        finish(&json, in: &buffer)
    }

    /// Closes the envelope and gives the buffer back.
    func finish(_ json: inout JSONWriter, in buffer: inout [UInt8]) {
        json.write(.end)
        json.giveBack(to: &buffer)
        if choices.endsWithNewline {
            buffer.append(0x0A)
        }
    }

    /// Writes an `error` member: null, or code and text, and behind the text the name of the member at fault.
    func appendError(_ reason: ServiceError?, field: String? = nil, to json: inout JSONWriter) {
        guard let reason else {
            json.write(.noError)
            return
        }
        let entry = errors[reason]
        json.write(.errorCode)
        json.integer(entry.code)
        json.write(.errorMessage)
        json.string(field.map { "\(entry.text): \($0)" } ?? entry.text)
        json.endObject()
    }
}
