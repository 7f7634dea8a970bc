/// A version of HTTP that the reader takes.
package enum Version: Equatable, Sendable {
    /// HTTP/1.0: no chunked bodies, no `100 Continue`, closed after the answer unless asked otherwise.
    case http10
    /// HTTP/1.1, and any later 1.x, which is read as the latest one known (RFC 9110 section 2.5).
    case http11

    /// Reads `HTTP/` digit `.` digit, the letters in upper case (RFC 9112 section 2.3).
    init(at range: Range<Int>, in bytes: Span<UInt8>) throws(Refusal) {
        let start = range.lowerBound
        if range.count == 8, EightOctets(bytes, at: start) == .http11 {
            self = .http11
            return
        }
        guard
            range.count == 8,
            bytes.equals("HTTP/", at: start..<start + 5),
            bytes[start + 5].isDigit,
            bytes[start + 6] == UInt8(ascii: "."),
            bytes[start + 7].isDigit
        else {
            throw Refusal(.badVersion, at: start)
        }
        guard bytes[start + 5] == UInt8(ascii: "1") else {
            throw Refusal(.unsupportedVersion, at: start)
        }
        self = bytes[start + 7] == UInt8(ascii: "0") ? .http10 : .http11
    }
}
