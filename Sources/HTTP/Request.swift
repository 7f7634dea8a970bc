/// One request, as places in the buffer it was read from.
///
/// Every range counts from the request's first byte and is good as long as the caller leaves the first ``length``
/// bytes of the buffer in place. Nothing is copied and nothing is allocated. The target is not decoded: percent
/// signs and dot segments are as the client sent them.
package struct Request: Equatable, Sendable {
    /// What is asked for.
    package internal(set) var method = Method.get
    /// The whole target of the request line (RFC 9112 section 3.2).
    package internal(set) var target = 0..<0
    /// The target's path: `/` where an absolute target has none, `*` for `OPTIONS *`; never empty.
    package internal(set) var path = 0..<0
    /// What follows the target's first `?`, or nil without one.
    package internal(set) var query: Range<Int>?
    /// The host and port asked for: an absolute target's authority, else the `Host` field (RFC 9112 section 3.3).
    ///
    /// Nil only in HTTP/1.0. It has the form of a host with an optional port and is not otherwise checked.
    package internal(set) var host: Range<Int>?
    /// The version of the request line.
    package internal(set) var version = Version.http11
    /// Whether the client wants the connection to stay open (RFC 9112 section 9.3).
    package internal(set) var keepAlive = true
    /// The body's decoded bytes, empty without a body.
    ///
    /// A chunked body was compacted in place.
    package internal(set) var body = 0..<0
    /// How many bytes of the buffer belong to this request; the next one begins there.
    package internal(set) var length = 0
    /// The field lines, from the first one's first byte to the blank line.
    var fields = 0..<0
    /// Which lengths the field names have: bit `length & 63` is set.
    ///
    /// Most lookups are for fields that are absent, and this answers nearly all of those without a scan.
    var nameLengths: UInt64 = 0

    /// No request: what a place for one holds before the first.
    package init() {}

    /// Whether the answer must be a head without its body.
    package var isHead: Bool { method == .head }

    /// Finds the first field of a name.
    ///
    /// It looks through the head again, for nothing but names of the right length.
    ///
    /// - Parameters:
    ///   - lowercaseName: The name in lower case.
    ///   - bytes: The buffer the request was read from.
    /// - Returns: The field's value without the blanks around it, or nil without such a field.
    package func value(of lowercaseName: String, in bytes: Span<UInt8>) -> Range<Int>? {
        let length = lowercaseName.utf8.count
        guard nameLengths & (1 &<< UInt64(length & 63)) != 0 else { return nil }
        var start = fields.lowerBound
        while start < fields.upperBound {
            let end = bytes.firstPosition(of: .carriageReturn, in: start..<fields.upperBound)
            let colon = start + length
            if colon < end,
                bytes[colon] == UInt8(ascii: ":"),
                bytes.equalsIgnoringCase(lowercaseName, at: start..<colon)
            {
                return bytes.trimmingBlanks(colon + 1..<end)
            }
            start = end + 2
        }
        return nil
    }

    /// Whether it is `OPTIONS *`, or of a URL without path and query, which is the same (RFC 9112 section 3.2.4): what
    /// the server takes at all, whatever the path.
    package func asksForServersMethods(in bytes: Span<UInt8>) -> Bool {
        guard method == .options else { return false }
        // A URL's missing path stands as the slash before its authority.
        let isWithoutPath = query == nil && host?.lowerBound == path.upperBound
        return isWithoutPath || bytes.equals("*", at: path)
    }

    /// Whether the path is exactly `text`; for a router that compares without making strings.
    package func pathIs(_ text: String, in bytes: Span<UInt8>) -> Bool {
        bytes.equals(text, at: path)
    }
}
