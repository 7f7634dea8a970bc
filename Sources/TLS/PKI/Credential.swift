/// What a TLS end presents: its certificate chain and the key that proves it.
///
/// Both are PEM text, so that the same value can be read from a file, minted in memory or handed to a test.
package struct Identity: Sendable {
    /// The certificates in PEM, the leaf first, then its issuers without the root.
    package let chain: [UInt8]
    /// The leaf's private key in PEM: PKCS#8, not encrypted, never logged.
    package let privateKey: [UInt8]

    /// Joins a chain and its key; nothing is parsed or checked before a context is made of it.
    package init(chain: [UInt8], privateKey: [UInt8]) {
        self.chain = chain
        self.privateKey = privateKey
    }
}

extension Identity: CustomStringConvertible {
    /// Sizes only: a key must not reach a log by way of interpolation.
    package var description: String {
        "identity of \(chain.count) bytes of certificates"
    }
}

/// A certificate together with the private key that it is about: an authority, or an end of TLS.
struct Credential: Sendable {
    let certificate: Certificate
    let key: PrivateKey

    /// A root: a certificate that its own key signs.
    static func selfSigned(_ template: CertificateTemplate, by key: PrivateKey) throws(PKIError) -> Credential {
        Credential(certificate: try .signed(template, for: key), key: key)
    }

    /// Signs a certificate, whether or not this authority may: about a key that is there already, whatever kind the
    /// template wants, or about a new one.
    func issue(_ template: CertificateTemplate, for key: PrivateKey? = nil) throws(PKIError) -> Credential {
        let subject: PrivateKey = if let key { key } else { try .generate(template.keyKind) }
        return Credential(certificate: try .signed(template, for: subject, by: self), key: subject)
    }

    /// The certificate alone in PEM.
    var certificatePEM: [UInt8] {
        get throws(PKIError) {
            try certificate.pem()
        }
    }

    /// What a TLS end presents, with the issuers' certificates in PEM behind it, nearest first, without the root.
    func identity(through intermediates: [UInt8] = []) throws(PKIError) -> Identity {
        Identity(chain: try certificate.pem() + intermediates, privateKey: try key.pem())
    }
}
