/// The pairs of files that make up an installation's PKI, in the order in which they are minted.
package enum PKIFile: String, CaseIterable, Sendable {
    /// The root of chains that are RSA throughout; `ca.pem` holds it too.
    case rsa
    /// The root that clients trust, and behind it in the file that of RSA.
    case ca
    /// The authority for server certificates.
    case service
    /// The authority for devices' client certificates.
    case device
    /// The server's own certificate, followed by its issuer's.
    case server
    /// The same without its addresses, for clients that ask for a host by name.
    case named
    /// The authority that an inspecting middlebox re-signs with, a root by itself.
    case inspection

    /// The certificate's file name.
    package var certificate: String { "\(rawValue).pem" }

    /// The private key's file name.
    package var key: String { "\(rawValue).key" }
}
