/// One entry of an authority's name constraints: names that certificates below it may carry (RFC 5280 section
/// 4.2.1.10).
package enum PermittedSubtree: Sendable {
    /// A host and every host below it, or one single address.
    case name(GeneralName)
    /// The addresses that agree with `address` wherever `mask` has a one; both 4 or both 16 bytes.
    case network(address: [UInt8], mask: [UInt8])
    /// Mail addresses at hosts below a domain, written with its leading dot.
    case mail(domain: String)
    /// URIs whose host lies below a domain, written with its leading dot.
    case uri(domain: String)

    /// The entry as OpenSSL's extension syntax has it.
    var extensionText: String {
        switch self {
        case .name(.address(let address)):
            PermittedSubtree.network(address: address, mask: address.map { _ in 0xFF }).extensionText
        case .name(let host):
            "permitted;\(host.extensionText)"
        case .network(let address, let mask):
            "permitted;IP:\(GeneralName.text(ofAddress: address))/\(GeneralName.text(ofAddress: mask))"
        case .mail(let domain):
            "permitted;email:\(domain)"
        case .uri(let domain):
            "permitted;URI:\(domain)"
        }
    }
}
