/// How the text of a body is encoded, where that is not UTF-8.
///
/// Everything that is read here is UTF-8 (RFC 8259 section 8.1). What is not would be refused for its first odd byte,
/// which tells nobody what is wrong.
extension Request {
    /// The encoding of the body, for a message, by the charset of its media type, a byte order mark or the zero bytes
    /// of its first two characters; nil for UTF-8, and for what its letters cannot be told from.
    ///
    /// A charset that has ASCII's letters counts only where the body has others: clients name `ISO-8859-1` out of
    /// habit.
    ///
    /// - Parameters:
    ///   - bytes: The buffer the request was read from.
    ///   - mindsCharset: Whether the charset counts; otherwise the bytes alone tell.
    ///
    /// - Returns: `UTF-16`, or what the request calls it.
    package func foreignEncoding(in bytes: Span<UInt8>, mindsCharset: Bool = true) -> String? {
        guard !body.isEmpty else { return nil }
        if let width = Self.width(of: bytes.extracting(body)) { return "UTF-\(width)" }
        guard mindsCharset, let type = value(of: "content-type", in: bytes),
            let charset = Self.charset(in: type, of: bytes)
        else {
            return nil
        }
        let lower = bytes.text(at: charset.prefix(40)).lowercased()
        guard !["utf-8", "utf8", "us-ascii", "ascii"].contains(lower) else { return nil }
        let isWide = ["utf", "ucs", "iso-10646", "ebcdic", "ibm", "cp037", "csunicode"].contains { lower.hasPrefix($0) }
        guard isWide || body.contains(where: { bytes[$0] >= 0x80 }) else { return nil }
        return String(lower.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "?" })
    }

    /// 16 or 32 bits a unit by the first bytes, as RFC 4627 section 3 tells them apart; nil for 8.
    private static func width(of body: Span<UInt8>) -> Int? {
        guard body.count >= 2 else { return nil }
        let (first, second) = (body[0], body[1])
        let rest = body.count >= 4 ? (body[2], body[3]) : (1, 1)
        switch (first, second) {
        case (0xFF, 0xFE): return rest == (0, 0) ? 32 : 16
        case (0xFE, 0xFF): return 16
        case (0, 0): return rest == (0xFE, 0xFF) || (rest.0 == 0 && rest.1 != 0) ? 32 : nil
        case (0, _): return 16
        case (_, 0): return rest == (0, 0) ? 32 : 16
        default: return nil
        }
    }

    /// The value of the parameter `charset`, without quotation marks; nil without one.
    private static func charset(in type: Range<Int>, of bytes: Span<UInt8>) -> Range<Int>? {
        var rest = bytes.firstPosition(of: UInt8(ascii: ";"), in: type)..<type.upperBound
        while !rest.isEmpty {
            let next = bytes.firstPosition(of: UInt8(ascii: ";"), in: rest.lowerBound + 1..<rest.upperBound)
            let parameter = bytes.trimmingBlanks(rest.lowerBound + 1..<next)
            let equals = bytes.firstPosition(of: UInt8(ascii: "="), in: parameter)
            if equals < parameter.upperBound, bytes.equalsIgnoringCase("charset", at: parameter.lowerBound..<equals) {
                var value = equals + 1..<parameter.upperBound
                if value.count >= 2, bytes[value.lowerBound] == UInt8(ascii: "\"") {
                    value = value.lowerBound + 1..<value.upperBound - 1
                }
                return value.isEmpty ? nil : value
            }
            rest = next..<type.upperBound
        }
        return nil
    }
}
