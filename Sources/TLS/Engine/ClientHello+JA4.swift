import Notation

/// The client's fingerprint.
extension ClientHello {
    /// The JA4 of a client that speaks TLS over TCP, such as `t13d1516h2_8daaf6152771_e5627efa2ab1`.
    ///
    /// As FoxIO publishes it (github.com/FoxIO-LLC/ja4, technical_details/JA4.md): what was offered in how many suites
    /// and extensions, and two digests that do not depend on their order. GREASE values count for nothing.
    package var ja4: String {
        let suites = cipherSuites.filter { !Self.isGrease($0) }
        let types = extensions.filter { !Self.isGrease($0) }
        // Whether a name is asked for, and which protocols, stands in the first part.
        let digested = types.filter { $0 != ExtensionType.serverName && $0 != ExtensionType.applicationProtocols }
        var listed = Self.list(digested.sorted())
        let schemes = signatureAlgorithms.filter { !Self.isGrease($0) }
        if !schemes.isEmpty {
            listed.append(UInt8(ascii: "_"))
            listed += Self.list(schemes)
        }
        let name = types.contains(ExtensionType.serverName) ? "d" : "i"
        let head = "t\(fingerprintVersion)\(name)\(Self.count(suites))\(Self.count(types))\(fingerprintProtocol)"
        let last = digested.isEmpty ? Self.nothing : Self.digest(listed)
        return "\(head)_\(suites.isEmpty ? Self.nothing : Self.digest(Self.list(suites.sorted())))_\(last)"
    }

    /// Whether both have the same fingerprint, since all that goes into it is the same.
    package func looksLike(_ other: ClientHello) -> Bool {
        cipherSuites == other.cipherSuites && extensions == other.extensions
            && signatureAlgorithms == other.signatureAlgorithms && supportedVersions == other.supportedVersions
            && legacyVersion == other.legacyVersion && applicationProtocols.first == other.applicationProtocols.first
    }

    /// In the place of a digest of nothing.
    private static let nothing = "000000000000"

    /// Values that mean nothing, of the form 0x?A?A with both bytes equal (RFC 8701).
    private static func isGrease(_ value: UInt16) -> Bool {
        value & 0x0F0F == 0x0A0A && value >> 8 == value & 0xFF
    }

    private var fingerprintVersion: String {
        switch supportedVersions.filter({ !Self.isGrease($0) }).max() ?? legacyVersion {
        case 0x0304: "13"
        case 0x0303: "12"
        case 0x0302: "11"
        case 0x0301: "10"
        case 0x0300: "s3"
        case 0x0002: "s2"
        default: "00"
        }
    }

    /// The first and the last character of the first protocol's name, or of its hexadecimal digits where one of them is
    /// neither letter nor digit.
    private var fingerprintProtocol: String {
        guard let name = applicationProtocols.first, let first = name.first, let last = name.last else { return "00" }
        let ends =
            first.isASCIIAlphanumeric && last.isASCIIAlphanumeric
            ? [first, last] : [Hexadecimal.lowerDigit(first >> 4), Hexadecimal.lowerDigit(last & 0xF)]
        return String(decoding: ends, as: UTF8.self)
    }

    private static func count(_ values: [UInt16]) -> String {
        values.count < 10 ? "0\(values.count)" : "\(min(values.count, 99))"
    }

    /// Four lower-case digits each, with commas between them.
    private static func list(_ values: [UInt16]) -> [UInt8] {
        var text = [UInt8](repeating: UInt8(ascii: ","), count: max(0, values.count * 5 - 1))
        for (place, value) in values.enumerated() {
            for digit in 0..<4 {
                let bits = UInt8(truncatingIfNeeded: value >> UInt16(12 - 4 * digit)) & 0xF
                text[place * 5 + digit] = Hexadecimal.lowerDigit(bits)
            }
        }
        return text
    }

    /// The digest's first six bytes.
    private static func digest(_ text: [UInt8]) -> String {
        Hexadecimal.text(SHA256.hash(of: text.span).prefix(6))
    }
}
