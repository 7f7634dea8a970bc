import IO
import Notation
import SoftToken

/// The forms of what a rule matches on: why a text could never be equal to what a connection brings.
///
/// A rule that can never act looks like one that was never needed, so each slip is told by its own reason.
package enum RuleForms {
    /// How many bytes a host name may have (RFC 1035 section 2.3.4).
    private static let longestName = 253
    private static let longestLabel = 63

    /// Why nothing that is matched on by this key could have the text; nil where something could.
    static func reason(against text: String, as key: RuleKey) -> String? {
        let shown = VisibleText.quoted(text, upTo: 80)
        switch key {
        case .client where AddressBlock(text) == nil:
            return "\(shown) is no address and no block of addresses, as 127.0.0.1, 10.1.0.0/16 or 2001:db8::/32"
        case .sni: return reason(againstServerName: text)
        case .serial where text != "*" && Serial(text.hasSuffix("*") ? String(text.dropLast()) : text) == nil:
            return
                "\(shown) is no serial: up to 16 of A-Z, 0-9 and -, such as FGT60FTK20000001, and a * at its end for a prefix, as FGT60F*"
        case .license where LicenseNumber(text) == nil:
            return
                "\(shown) is no license number: EFTM and 12 digits, or FTMTRIAL and 8 hexadecimal digits, such as EFTM000000000001"
        case .token where TokenSerial(text) == nil:
            return
                "\(shown) is no token's serial: FTKMOB and 10 hexadecimal digits, upper case, such as FTKMOB947FDC1754"
        case .message:
            let names = RequestType.allCases.map(\.shortName)
            return names.contains(text)
                ? nil : "\(VisibleText.quoted(text)) is none of \(names.joined(separator: ", "))"
        case .path: return reason(againstPath: text)
        case .ja4: return reason(againstFingerprint: text)
        case .listener, .client, .serial, .license, .token: return nil
        }
    }

    /// A server name as it is compared: in lower case, without the dot that may stand for the root.
    package static func serverName(_ text: String) -> String {
        let lower = text.lowercased()
        return lower.hasSuffix(".") ? String(lower.dropLast()) : lower
    }

    /// Whether a fingerprint is of a ClientHello that asks for no name, as its fourth letter says.
    package static func asksForNoName(fingerprint: String) -> Bool {
        fingerprint.utf8.dropFirst(3).first == UInt8(ascii: "i")
    }

    /// Why no ClientHello asks for this name, which may begin with `*.`; it is one of ``serverName(_:)``.
    package static func reason(againstServerName text: String) -> String? {
        // Without its dot nothing is left of the root.
        guard !text.isEmpty else { return "\".\" is the root of all names, and no name" }
        let shown = VisibleText.quoted(text, upTo: 80)
        if text.contains("://") { return "\(shown) is a URL: give its host alone, as globalftm.fortinet.net" }
        if text.contains(where: \.isWhitespace) { return "\(shown) has a blank, which no name has" }
        if text.contains("/") { return "\(shown) has a path behind it: give the host alone" }
        let ends = text.split(separator: ":", omittingEmptySubsequences: false)
        if ends.count == 2, ends[1].allSatisfy(\.isNumber) {
            return "\(shown) has a port, which a ClientHello does not name: give the host alone"
        }
        if ends.count > 1 { return "\(shown) is an address, and a ClientHello asks for a name" }
        let name = text.hasPrefix("*.") ? text.dropFirst(2) : text[...]
        guard !name.isEmpty, !name.contains("*") else {
            return "\(shown) is no name: a * stands for labels at its beginning, as *.test"
        }
        guard name.utf8.allSatisfy({ $0 < 0x80 }) else {
            return "\(shown) is not in ASCII: a ClientHello asks for such a name in its xn-- form"
        }
        guard name.utf8.count <= longestName else {
            return "\(shown) is longer than the \(longestName) bytes that a name may have"
        }
        for label in name.split(separator: ".", omittingEmptySubsequences: false) {
            if label.isEmpty { return "\(shown) has an empty label" }
            if label.utf8.count > longestLabel {
                return "\(shown) has a label of more than \(longestLabel) bytes"
            }
        }
        if let odd = name.first(where: { !$0.isLetter && !$0.isNumber && !"-_.".contains($0) }) {
            return "\(shown) has a \(VisibleText.shown(String(odd))), which no host name has"
        }
        return nil
    }

    /// Why no request has this path, which may end in a star.
    static func reason(againstPath text: String) -> String? {
        let shown = VisibleText.quoted(text, upTo: 80)
        guard text.hasPrefix("/") else {
            return text.contains("://")
                ? "\(shown) is a URL: give its path alone, which begins with /"
                : "\(shown) is no path: it begins with /"
        }
        let limit = ExchangeFacts.pathLimit
        guard !text.contains(where: { $0 == "?" || $0 == "#" }), text.utf8.count <= limit else {
            return "a path is matched without its query, as far as \(limit) bytes"
        }
        guard !text.dropLast().contains("*") else {
            return "\(shown) has a * inside: only one at the end stands for anything, as /SoftToken/*"
        }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return "\(shown) holds what no request line does: a path is matched as it is sent, a blank as %20"
        }
        return nil
    }

    /// Why no connection to this server has this fingerprint, whose letters are in lower case.
    ///
    /// JA4: `t` for TLS over TCP, the version, whether a name was asked for, how many suites and extensions, the first
    /// ALPN name's ends; then two hashes of twelve hexadecimal digits.
    package static func reason(againstFingerprint text: String) -> String? {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false).map { Array($0.utf8) }
        let isFormed =
            parts.map(\.count) == [10, 12, 12] && parts[1...].allSatisfy { $0.allSatisfy(isHexadecimal) }
            && ["10", "11", "12", "13", "00", "s2", "s3"].contains(String(decoding: parts[0][1...2], as: UTF8.self))
            && [UInt8(ascii: "d"), UInt8(ascii: "i")].contains(parts[0][3])
            && parts[0][4...7].allSatisfy(\.isASCIIDigit)
            && parts[0][8...].allSatisfy { $0.isASCIIDigit || $0.isASCIILowercase }
        guard isFormed else {
            return
                "\(VisibleText.quoted(text, upTo: 80)) is no JA4 fingerprint, as t13d1516h2_8daaf6152771_b186095e22b6"
        }
        guard parts[0][0] == UInt8(ascii: "t") else {
            return "\(VisibleText.quoted(text)) is no fingerprint of TLS over TCP, which begins with t"
        }
        return nil
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool { byte.isASCIIDigit || (0x61...0x66).contains(byte) }
}
