import IO
import Notation

/// An absolute URL as an HTTP archive wants one, of whatever a request's first line and fields say.
enum ArchiveURL {
    /// What a request line's target comes to behind the host: a path, with its query where it has one.
    ///
    /// An absolute target is returned whole, but for a host that is none; `*` and what names no path stand for the
    /// root.
    static func target(of text: String) -> String {
        guard let scheme = ["http://", "https://"].first(where: text.lowercased().hasPrefix) else {
            return text.hasPrefix("/") ? encoded(text) : "/"
        }
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let path = encoded(String(rest[end...]))
        if isHost(String(rest[..<end])) { return text[..<end] + path }
        return path.hasPrefix("/") ? path : "/" + path
    }

    /// Joins the parts; the first of `hosts` that is one is taken.
    static func text(_ scheme: String, hosts: [String?], target: String) -> String {
        guard target.hasPrefix("/") else { return target }
        let host = hosts.lazy.compactMap(\.self).first(where: isHost) ?? "unknown"
        return "\(scheme)://\(host)\(target)"
    }

    /// Whether it is an address or a name, with or without a port that there is, as those who parse URLs want one.
    private static func isHost(_ text: String) -> Bool {
        let port: Substring
        if text.hasPrefix("[") {
            guard let close = text.lastIndex(of: "]"),
                case .v6? = SocketAddress.Host(digits: String(text[..<close].dropFirst()))
            else { return false }
            port = text[close...].dropFirst()
        } else {
            let end = text.firstIndex(of: ":") ?? text.endIndex
            guard isName(text[..<end]) else { return false }
            port = text[end...]
        }
        guard port.first == ":" else { return port.isEmpty }
        let digits = port.dropFirst()
        return digits.isEmpty || (digits.utf8.allSatisfy(\.isASCIIDigit) && UInt16(digits) != nil)
    }

    /// What ends in a number is an IPv4 address to those who parse URLs, or nothing.
    private static func isName(_ text: Substring) -> Bool {
        guard !text.isEmpty, text.utf8.allSatisfy(isUnreserved) else { return false }
        let last = text.split(separator: ".").last ?? ""
        guard !last.isEmpty, last.utf8.allSatisfy(\.isASCIIDigit) else { return !last.isEmpty }
        return SocketAddress.Host(digits: String(text)) != nil
    }

    /// Everything that a URI does not have (RFC 3986 section 2) in percent signs and hexadecimal digits.
    private static func encoded(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isTriplet =
                byte == UInt8(ascii: "%") && Hexadecimal.number(in: bytes.span, at: index + 1, byteCount: 1) != nil
            if isUnreserved(byte) || isTriplet || ":/?@!$&'()*+,;=".utf8.contains(byte) {
                result.append(byte)
            } else {
                result.append(UInt8(ascii: "%"))
                Hexadecimal.append(UInt64(byte), byteCount: 1, to: &result)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool { byte.isASCIIAlphanumeric || "-._~".utf8.contains(byte) }
}
