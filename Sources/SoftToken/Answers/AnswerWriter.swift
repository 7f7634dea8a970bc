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
        peers: [ClusterPeer],
        into buffer: inout [UInt8]
    ) {
        appendHead(of: .activation, request.sender, request.serial, peers: peers, into: &buffer)
        switch outcome {
        case .granted(let license, let tokens):
            buffer.append(upTo: 64) { json, room in
                json.write(#","license":"#, in: &room)
                json.string(license.text, in: &room)
                json.write(#","tokens":["#, in: &room)
            }
            for (index, token) in tokens.enumerated() {
                buffer.append(upTo: 96) { json, room in
                    Self.begin(token, of: license, isFirst: index == 0, to: &json, in: &room)
                    json.write(#","error":null}"#, in: &room)
                }
            }
        case .refused: appendNothingActivated(into: &buffer)
        }
        appendEnd(refusal: outcome.refusal, into: &buffer)
    }

    /// Answers a provision; `peers` are the answer's `__clustered_sns` in order.
    package func append(
        _ outcome: ProvisionOutcome,
        to request: RequestHeader,
        peers: [ClusterPeer],
        into buffer: inout [UInt8]
    ) {
        appendHead(of: .provision, request.sender, request.serial, peers: peers, into: &buffer)
        for (index, entry) in outcome.tokens.enumerated() {
            append(entry, isFirst: index == 0, into: &buffer)
        }
        appendEnd(refusal: outcome.refusal, into: &buffer)
    }

    /// Answers a poll; `peers` are the answer's `__clustered_sns` in order.
    ///
    /// [our choice: polling-answer-tail] The published answer is cut within its first token; it is taken to end like a
    /// provision's, with `result` and `error`.
    package func append(
        _ outcome: PollingOutcome,
        to request: RequestHeader,
        peers: [ClusterPeer],
        into buffer: inout [UInt8]
    ) {
        appendHead(of: .polling, request.sender, request.serial, peers: peers, into: &buffer)
        // A span's elements are not copied to be looked at.
        let tokens = outcome.tokens.span
        for index in tokens.indices {
            append(tokens[index], isFirst: index == 0, into: &buffer)
        }
        appendEnd(refusal: outcome.refusal, into: &buffer)
    }

    /// Answers an appliance; `peers` are the answer's `__clustered_sns` in order.
    package func append(
        _ outcome: SoftTokenOutcome,
        to request: RequestHeader,
        peers: [ClusterPeer],
        into buffer: inout [UInt8]
    ) {
        switch outcome {
        case .activation(let outcome): append(outcome, to: request, peers: peers, into: &buffer)
        case .provision(let outcome): append(outcome, to: request, peers: peers, into: &buffer)
        case .polling(let outcome): append(outcome, to: request, peers: peers, into: &buffer)
        case .mobile: preconditionFailure("a phone's answer is sealed")
        }
    }

    /// Answers a phone.
    package func append(_ answer: MobileAnswer, to request: MobileProvisionRequest, into buffer: inout [UInt8]) {
        append(answer, request.sender, refusal: nil, into: &buffer)
    }

    /// Writes what every answer to an appliance begins with: from its first byte to the units of the cluster, and to
    /// what opens its tokens, but in an activation's, which has its license between.
    func appendHead(
        of type: RequestType,
        _ sender: Sender,
        _ serial: Serial?,
        peers: [ClusterPeer],
        into buffer: inout [UInt8]
    ) {
        let room = 208 + 3 * AnswerCursor.roomForVersion + 80 * peers.count
        buffer.append(upTo: room) { json, room in
            Self.write(type, sender, to: &json, in: &room)
            json.write(#","serial_number":"#, in: &room)
            if let serial {
                json.string(serial.text, in: &room)
            } else {
                json.write("null", in: &room)
            }
            Self.write(sender, to: &json, in: &room)
            json.write(#","__clustered_sns":["#, in: &room)
            var isFirst = true
            for peer in peers {
                if !isFirst { json.write(",", in: &room) }
                isFirst = false
                json.write(#"{"sn":"#, in: &room)
                json.string(peer.serial.text, in: &room)
                if peer.isRegistered {
                    json.write(#","error":null}"#, in: &room)
                } else {
                    json.write(#","error":"#, in: &room)
                    json.string(ErrorTable.unregisteredPeer, in: &room)
                    json.write("}", in: &room)
                }
            }
            if type == .activation {
                json.write("]", in: &room)
            } else {
                json.write(#"],"tokens":["#, in: &room)
            }
        }
    }

    /// Opens the answer and writes its type and version.
    @inline(__always)
    static func write(_ type: RequestType, _ sender: Sender, to json: inout AnswerCursor, in room: inout MutableRawSpan)
    {
        switch type {
        case .activation: json.write(#"{"d":{"__type":"SoftToken.ActivationLicenseResponse","__version":"#, in: &room)
        case .provision: json.write(#"{"d":{"__type":"SoftToken.ProvisionResponse","__version":"#, in: &room)
        case .polling: json.write(#"{"d":{"__type":"SoftToken.PollingResponse","__version":"#, in: &room)
        case .mobile: json.write(#"{"d":{"__type":"SoftToken.MobileProvisionResponse","__version":"#, in: &room)
        }
        json.string(orNull: sender.version ?? Self.version, in: &room)
    }

    /// Writes what else the request said of its sender's software.
    @inline(__always)
    static func write(_ sender: Sender, to json: inout AnswerCursor, in room: inout MutableRawSpan) {
        json.write(#","__device_version":"#, in: &room)
        json.string(orNull: sender.deviceVersion, in: &room)
        json.write(#","__device_build":"#, in: &room)
        json.string(orNull: sender.deviceBuild, in: &room)
    }

    /// Writes what every answer to an appliance ends with, from the end of its tokens.
    ///
    /// [our choice: batch-result] `result` is 1 exactly where the top `error` is null, which it is as soon as one token
    /// of a batch worked; published are only answers in which none did.
    func appendEnd(refusal: ServiceError?, field: RequestField? = nil, into buffer: inout [UInt8]) {
        guard let refusal else {
            appendLast(into: &buffer) { json, room in json.write(#"],"result":1,"error":null"#, in: &room) }
            return
        }
        let error = error(refusal, field: field?.name)
        appendLast(room: 32 + error.room, into: &buffer) { json, room in
            json.write(#"],"result":0,"#, in: &room)
            error.write(to: &json, in: &room)
        }
    }

    /// Appends what `write` writes, at most `room` bytes, and the answer's end.
    @inline(__always)
    func appendLast(
        room: Int = 32,
        into buffer: inout [UInt8],
        _ write: (inout AnswerCursor, inout MutableRawSpan) -> Void
    ) {
        buffer.append(upTo: room + 8) { json, room in
            write(&json, &room)
            json.write("}}", in: &room)
            if choices.endsWithNewline { json.write("\n", in: &room) }
        }
    }
}
