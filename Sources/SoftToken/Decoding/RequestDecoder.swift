/// What the bytes of a request came to.
package enum Decoded: Sendable, Equatable {
    /// A request of this endpoint with every field in order.
    case request(SoftTokenRequest)
    /// No JSON, or no object with an object `d` in it: the server answers with status 500.
    case notJSON(JSONError)
    /// `__type` is absent, no string, or the name of nothing that this endpoint takes; its text, where it is one of at
    /// most ``MessageLimits/echo`` bytes.
    case unknownType(name: String?)
    /// A field of this type is missing, of the wrong type, malformed or out of bounds; the first such one in the order
    /// of ``RequestField``, and what was understood of the header.
    case fieldInvalid(RequestType, PartialHeader, RequestField)
}

/// Reads a request from its body (docs/protocol.md sections 2 and 3).
///
/// [our choice: lenient-envelope] Keys may stand in any order, and unknown ones are skipped, in the envelope as in each
/// object within.
package enum RequestDecoder {
    /// Decodes a body that was posted to `endpoint`.
    ///
    /// The whole document is checked, also where the type is unknown or a field is wrong. A field of the wrong type is
    /// no error of the document, so every result but ``Decoded/notJSON(_:)`` means that all of it is JSON. Without `limit`
    /// the body is taken as large as it came: whoever received it has bounded it.
    package static func decode(_ bytes: Span<UInt8>, at endpoint: Endpoint, limit: Int? = nil) -> Decoded {
        var lists = RequestLists()
        return decode(bytes, at: endpoint, limit: limit, keeping: &lists)
    }

    /// The same for one who reads one request after the other.
    package static func decode(
        _ bytes: Span<UInt8>,
        at endpoint: Endpoint,
        limit: Int? = nil,
        keeping lists: inout RequestLists
    ) -> Decoded {
        let limit = limit ?? max(MessageLimits.body, bytes.count)
        if endpoint == .process, bytes.count <= limit {
            var plain = PlainRequestReader()
            var header = RequestHeader.blank
            switch plain.read(bytes, into: &header, keeping: &lists) {
            case .polling: return .request(.polling(PollingRequest(header: header, tokens: lists.polls)))
            case .provision: return .request(.provision(ProvisionRequest(header: header, tokens: lists.orders)))
            case .activation:
                guard let code = plain.code else { break }
                return .request(.activation(ActivationLicenseRequest(header: header, code: code)))
            default: break
            }
        }
        do throws(JSONError) {
            return try readDocument(bytes, at: endpoint, limit: limit)
        } catch {
            return .notJSON(error)
        }
    }

    private static func readDocument(
        _ bytes: Span<UInt8>,
        at endpoint: Endpoint,
        limit: Int
    ) throws(JSONError) -> Decoded {
        var reader = try JSONReader(bytes, limit: limit)
        guard try reader.peek(in: bytes) == .object else { throw JSONError(.notAnObject, at: reader.position) }
        var decoded = Decoded.notJSON(JSONError(.noEnvelope, at: 0))
        var envelope = try reader.beginObject(in: bytes)
        while let isBody = try reader.nextKey(of: &envelope, is: "d", in: bytes) {
            guard isBody else {
                try reader.skipValue(in: bytes)
                continue
            }
            guard try reader.peek(in: bytes) == .object else { throw JSONError(.noEnvelope, at: reader.position) }
            decoded = try readBody(&reader, bytes, at: endpoint, limit: limit)
        }
        try reader.finish(in: bytes)
        return decoded
    }

    private static func readBody(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        at endpoint: Endpoint,
        limit: Int
    ) throws(JSONError) -> Decoded {
        let start = reader
        var body = try reader.beginObject(in: bytes)
        let name = try findType(&reader, &body, bytes)
        guard let name, let type = name.map(in: bytes, { RequestType($0) }), type.endpoint == endpoint else {
            reader = start
            try reader.skipValue(in: bytes)
            let text = name.flatMap { $0.map(in: bytes) { $0.count } <= MessageLimits.echo ? $0.text(in: bytes) : nil }
            return .unknownType(name: text)
        }
        if body.count > 1 {
            // What stands before `__type` was skipped, not knowing what it meant.
            reader = start
            body = try reader.beginObject(in: bytes)
        }
        var draft = RequestDraft(type, limit: limit)
        while let key = try reader.nextKey(of: &body, in: bytes) {
            if let field = key.map(in: bytes, { RequestField($0) }), field.belongs(to: type) {
                try draft.read(field, from: &reader, in: bytes)
            } else {
                try reader.skipValue(in: bytes)
            }
        }
        return draft.decoded()
    }

    /// Reads as far as the value of `__type`, which decides what the other fields mean; it usually comes first.
    private static func findType(
        _ reader: inout JSONReader,
        _ body: inout JSONObject,
        _ bytes: Span<UInt8>
    ) throws(JSONError) -> JSONString? {
        while let isType = try reader.nextKey(of: &body, is: "__type", in: bytes) {
            guard isType else {
                try reader.skipValue(in: bytes)
                continue
            }
            return try reader.nextByte(in: bytes) == 0x22 ? try reader.readString(in: bytes) : nil
        }
        return nil
    }
}
