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
    /// Decodes a body that was posted to `endpoint`, for one who reads one request after the other.
    ///
    /// The whole document is checked, also where the type is unknown or a field is wrong. A field of the wrong type is
    /// no error of the document, so every result but ``Decoded/notJSON(_:)`` means that all of it is JSON. The body is
    /// taken as large as it came: whoever received it has bounded it.
    package static func decode(_ bytes: Span<UInt8>, at endpoint: Endpoint, keeping lists: inout RequestLists)
        -> Decoded
    {
        if endpoint == .process {
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
            return try readDocument(bytes, at: endpoint)
        } catch {
            return .notJSON(error)
        }
    }

    private static func readDocument(_ bytes: Span<UInt8>, at endpoint: Endpoint) throws(JSONError) -> Decoded {
        var reader = try JSONReader(bytes, limit: bytes.count)
        guard try reader.peek(in: bytes) == .object else { throw JSONError(.notAnObject, at: reader.position) }
        var decoded = Decoded.notJSON(JSONError(.noEnvelope, at: 0))
        var envelope = try reader.beginObject(in: bytes)
        while let key = try reader.nextKey(of: &envelope, in: bytes) {
            guard key.equals("d", in: bytes) else {
                try reader.skipValue(in: bytes)
                continue
            }
            guard try reader.peek(in: bytes) == .object else { throw JSONError(.noEnvelope, at: reader.position) }
            decoded = try readBody(&reader, bytes, at: endpoint)
        }
        try reader.finish(in: bytes)
        return decoded
    }

    private static func readBody(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        at endpoint: Endpoint
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
        var draft = RequestDraft(type, byteCount: bytes.count)
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
        while let key = try reader.nextKey(of: &body, in: bytes) {
            guard key.equals("__type", in: bytes) else {
                try reader.skipValue(in: bytes)
                continue
            }
            return try reader.nextByte(in: bytes) == 0x22 ? try reader.readString(in: bytes) : nil
        }
        return nil
    }
}

/// How much of each thing a request may carry.
///
/// [our choice: request-limits] No bound is published but those of the appliance's own fields, 256 characters for a
/// registration id and 15 for an OS version; the others are far above every published request.
package enum MessageLimits {
    /// Bytes of a body, the server's limit unless that was turned.
    package static let body = 1_048_576
    /// Bytes of `__version`, `__device_version` and `__device_build`.
    package static let version = 32
    /// Entries of `__clustered_sns`.
    package static let peers = 32
    /// Entries of `tokens`: as many well-formed ones as ``body`` has room for, so that no unit has more tokens than it
    /// may ask for at once.
    ///
    /// Licenses of ten thousand tokens are sold, and a unit polls all of them in one request. What the bound keeps off
    /// is a body of two-byte entries, each of which would be answered by a whole object.
    package static let tokens = tokens(in: body)

    /// The bound of ``tokens`` for a body of this limit, where that was raised.
    static func tokens(in body: Int) -> Int { max(Self.body, body) / shortestEntry }

    /// Bytes of `{"token":"FTKMOB0123456789"}` and the comma behind it.
    private static let shortestEntry = 29
    /// Bytes of a malformed token's text that an answer repeats, and of an unknown `__type` that is reported.
    package static let echo = 64
    /// Bytes of `mobile_id`.
    package static let mobileID = 64
    /// Bytes of `reg_id`.
    package static let registrationID = 256
    /// Bytes of `os_ver`.
    package static let osVersion = 15
}
