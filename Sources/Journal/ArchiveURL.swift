/// An absolute URL as an HTTP archive wants one, of whatever a request's first line and fields say.
enum ArchiveURL {
    /// What a request line's target comes to behind the host: a path, with its query where it has one.
    ///
    /// An absolute target is returned whole; `*` and what names no path stand for the root.
    static func target(of text: String) -> String {
        let lower = text.prefix(8).lowercased()
        if lower.hasPrefix("http://") || lower.hasPrefix("https://") { return encoded(text) }
        return text.hasPrefix("/") ? encoded(text) : "/"
    }

    /// Joins the parts; the first of `hosts` that is one is taken.
    static func text(_ scheme: String, hosts: [String?], target: String) -> String {
        guard target.hasPrefix("/") else { return target }
        let host = hosts.lazy.compactMap(\.self).first(where: isHost) ?? "unknown"
        return "\(scheme)://\(host)\(target)"
    }

    private static func isHost(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isUnreserved($0) || "[]:".utf8.contains($0) }
    }

    /// Everything that a URI does not have (RFC 3986 section 2) in percent signs and hexadecimal digits.
    private static func encoded(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result = ""
        for (index, byte) in bytes.enumerated() {
            let isTriplet =
                byte == UInt8(ascii: "%") && index + 2 < bytes.count && isHexDigit(bytes[index + 1])
                && isHexDigit(bytes[index + 2])
            if isUnreserved(byte) || isTriplet || ":/?@!$&'()*+,;=".utf8.contains(byte) {
                result.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.utf8.count == 1 ? "%0" + digits : "%" + digits
            }
        }
        return result
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "-._~".utf8.contains(byte)
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"),
            UInt8(ascii: "a")...UInt8(ascii: "f"):
            true
        default: false
        }
    }
}
