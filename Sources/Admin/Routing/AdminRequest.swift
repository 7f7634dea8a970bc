import HTTP
import IO
import Notation

/// A request to the admin plane: everything of it that a route may ask for, copied out of the connection's buffer.
struct AdminRequest: Sendable {
    let method: String
    let target: RequestTarget
    /// The value of `Accept`, in lower case; empty without one.
    let accept: String
    /// The media type of the body, in lower case and without parameters; empty without one.
    let contentType: String
    /// The value of `Last-Event-ID`, which a client that lost its event stream sends.
    let lastEventID: String?
    let body: [UInt8]
    /// What the body says as JSON, where that was read already.
    var json: Result<JSONValue, JSONTextError>?
}

extension AdminRequest {
    /// Copies it out, or returns nil where the target can't be decoded.
    init?(_ request: HTTP.Request, in bytes: Span<UInt8>) {
        func text(_ range: Range<Int>) -> String { String(decoding: range.map { bytes[$0] }, as: UTF8.self) }
        let query = request.query.map { $0.map { bytes[$0] } }
        guard let target = RequestTarget(path: request.path.map { bytes[$0] }, query: query) else { return nil }
        let type = request.value(of: "content-type", in: bytes).map { text($0).lowercased() } ?? ""
        self.init(
            method: request.method.token ?? "?",
            target: target,
            accept: request.value(of: "accept", in: bytes).map { text($0).lowercased() } ?? "",
            contentType: type.prefix { $0 != ";" }.split(separator: " ").joined(),
            lastEventID: request.value(of: "last-event-id", in: bytes).map(text),
            body: bytes.extracting(request.body).copied()
        )
    }
}

/// A request's path and query, taken apart and decoded (RFC 3986 section 3).
struct RequestTarget: Sendable {
    /// The path's segments, decoded; `/a/b` has two.
    var segments: [String]
    /// The query's names and values, decoded, in their order; a name without `=` has an empty value.
    var query: [(name: String, value: String)]

    /// Takes both apart, or returns nil where a percent sign is not followed by two digits or what comes out is no
    /// UTF-8.
    init?(path: [UInt8], query: [UInt8]?) {
        segments = []
        for part in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let segment = Self.decode(part, plusIsBlank: false) else { return nil }
            segments.append(segment)
        }
        self.query = []
        for part in (query ?? []).split(separator: UInt8(ascii: "&")) {
            let pieces = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(pieces[0], plusIsBlank: true),
                let value = Self.decode(pieces.count > 1 ? pieces[1] : [], plusIsBlank: true)
            else { return nil }
            self.query.append((name, value))
        }
    }

    static func decode(_ bytes: ArraySlice<UInt8>, plusIsBlank: Bool) -> String? {
        var decoded: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(Hexadecimal.value),
                    let low = rest.popFirst().flatMap(Hexadecimal.value)
                else { return nil }
                decoded.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsBlank: decoded.append(UInt8(ascii: " "))
            default: decoded.append(byte)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }
}

/// Whole numbers in a query, as the OpenAPI document has them: decimal digits and nothing else, no sign among them.
enum DecimalText {
    /// Reads a number from 0 on, or returns nil where the text is none.
    static func integer(_ text: String) -> Int? { integer(text, in: 0...Int.max) }

    /// Reads a number within bounds, or returns nil where the text is none.
    static func integer(_ text: String, in range: ClosedRange<Int>) -> Int? {
        areDigits(text) ? Int(text).flatMap { range.contains($0) ? $0 : nil } : nil
    }

    /// Reads an entry's number, or returns nil where the text is none.
    static func entry(_ text: String) -> UInt64? { areDigits(text) ? UInt64(text) : nil }

    private static func areDigits(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(\.isASCIIDigit)
    }
}
