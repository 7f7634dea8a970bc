/// The lab's root for clients to trust, in the forms that they take. Never a key.
extension PKI {
    /// What a server trusts that asks devices for their certificates: their authority and the root, in PEM.
    package var deviceTrust: [UInt8] { authorities.device.chain + authorities.root.chain }

    /// A form of the root certificate.
    package enum ExportFormat: String, CaseIterable, Sendable {
        /// PEM.
        case pem
        /// DER.
        case der
        /// Commands to paste into a FortiOS command line.
        case fortios

        /// The media type to send it with.
        package var mediaType: String {
            switch self {
            case .pem: "application/x-pem-file"
            case .der: "application/pkix-cert"
            case .fortios: "text/plain; charset=utf-8"
            }
        }

        /// A name to save it under.
        package var fileName: String {
            switch self {
            case .pem: "fauxguard-lab.pem"
            case .der: "fauxguard-lab.crt"
            case .fortios: "fauxguard-lab.fortios.txt"
            }
        }
    }

    /// The name under which a FortiOS unit keeps the root.
    private static let fortiosName = "FauxGuard-LAB"

    /// Writes the root certificate in a form, with that of RSA where the form holds more than one.
    ///
    /// - Parameter format: the form.
    /// - Returns: the certificate; text ends with a line feed.
    /// - Throws: ``PKIError/openSSL(operation:detail:)``.
    package func export(_ format: ExportFormat) throws(PKIError) -> [UInt8] {
        switch format {
        case .pem: return authority
        case .der: return try Certificate.parse(authority.span).der()
        case .fortios:
            // The command line's public reference: `config vpn certificate ca`, the PEM between quotes.
            let entries = [(Self.fortiosName, authorities.root), ("\(Self.fortiosName)-RSA", authorities.rsaRoot)]
                .map { name, root in
                    let pem = String(decoding: root.chain, as: UTF8.self).split(separator: "\n").joined(separator: "\n")
                    return """
                            edit "\(name)"
                                set ca "\(pem)"
                            next
                        """
                }
            return Array("config vpn certificate ca\n\(entries.joined(separator: "\n"))\nend\n".utf8)
        }
    }
}
