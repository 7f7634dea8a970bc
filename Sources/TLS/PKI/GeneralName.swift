import COpenSSL
import Notation

/// A name that a server goes by: a subject alternative name (RFC 5280 section 4.2.1.6).
package enum GeneralName: Hashable, Sendable {
    /// A host name in lower-case ASCII.
    case host(String)
    /// An IP address, 4 or 16 bytes in network order.
    case address([UInt8])

    /// Reads a host name or an IP address: `host.example`, `192.0.2.1` or `2001:db8::1`.
    ///
    /// No port, no brackets, no wildcard; a dot behind a host's name, which is the root's, is left out. The character
    /// set is strict, since the text goes into OpenSSL's extension syntax, where a comma begins the next
    /// name.
    package init(_ text: String) throws(PKIError) {
        if let address = Self.address(in: text) {
            self = .address(address)
            return
        }
        let host = CertificateTemplate.relative(text).lowercased()
        let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        // RFC 1123 section 2.1, and RFC 1035 section 2.3.4 for the lengths. A last label of digits is a broken address.
        guard host.utf8.count <= 253, labels.allSatisfy(Self.isLabel),
            let last = labels.last, !last.allSatisfy(\.isASCIIDigit)
        else { throw .invalidName(text) }
        self = .host(host)
    }

    /// The name as OpenSSL's extension syntax has it.
    var extensionText: String {
        switch self {
        case .host(let host): "DNS:\(host)"
        case .address(let address): "IP:\(Self.text(ofAddress: address))"
        }
    }

    /// What an authority may sign for that may sign for it, a host's name meaning every host below it too: an entry of
    /// name constraints (RFC 5280 section 4.2.1.10) in that syntax.
    var constraint: String {
        switch self {
        case .host: extensionText
        case .address(let address): "\(extensionText)/\(Self.text(ofAddress: address.map { _ in 0xFF }))"
        }
    }

    private static func text(ofAddress address: [UInt8]) -> String {
        guard address.count == 16 else {
            return address.map { String($0) }.joined(separator: ".")
        }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(address[$0]) << 8 | UInt16(address[$0 + 1]) }
        return groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    private static func address(in text: String) -> [UInt8]? {
        ErrorQueue.clear()
        defer { ErrorQueue.clear() }
        guard let octets = unsafe a2i_IPADDRESS(text) else { return nil }
        defer { unsafe ASN1_OCTET_STRING_free(octets) }
        let count = unsafe Int(ASN1_STRING_length(octets))
        return unsafe Array(UnsafeBufferPointer(start: ASN1_STRING_get0_data(octets), count: count))
    }

    private static func isLabel(_ label: Substring.UTF8View.SubSequence) -> Bool {
        let hyphen = UInt8(ascii: "-")
        guard (1...63).contains(label.count), label.first != hyphen, label.last != hyphen else { return false }
        return label.allSatisfy { $0.isASCIIDigit || $0.isASCIILowercase || $0 == hyphen }
    }
}
