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
///
/// It owns OpenSSL's objects and stays on the thread that made it; ``identity(through:)`` gives a value to carry on.
package struct Credential: ~Copyable {
    let certificate: Certificate
    let key: PrivateKey

    init(certificate: consuming Certificate, key: consuming PrivateKey) {
        self.certificate = certificate
        self.key = key
    }

    /// Reads the first certificate of a chain and the key that it is about.
    ///
    /// - Parameter identity: what was minted or read before.
    /// - Throws: ``PKIError/openSSL(operation:detail:)``.
    package init(_ identity: Identity) throws(PKIError) {
        self.init(
            certificate: try Certificate.parse(identity.chain.span),
            key: try PrivateKey.parse(identity.privateKey.span)
        )
    }

    /// A certificate about a key that the key itself signs.
    static func selfSigned(
        _ template: CertificateTemplate,
        by key: consuming PrivateKey
    ) throws(PKIError) -> Credential {
        let certificate = try Certificate.selfSigned(template, by: key)
        return Credential(certificate: certificate, key: key)
    }

    /// Makes a new key and signs a certificate about it, whether or not this authority may.
    ///
    /// - Parameter template: what the certificate says.
    /// - Returns: both together.
    /// - Throws: ``PKIError/openSSL(operation:detail:)``.
    package borrowing func issue(_ template: CertificateTemplate) throws(PKIError) -> Credential {
        try issue(template, for: PrivateKey.generate(template.keyKind))
    }

    /// Signs a certificate about a key that is there already.
    ///
    /// - Parameters:
    ///   - template: what the certificate says; its kind of key is not looked at.
    ///   - key: the subject's key.
    /// - Returns: both together.
    /// - Throws: ``PKIError/openSSL(operation:detail:)``.
    borrowing func issue(
        _ template: CertificateTemplate,
        for key: consuming PrivateKey
    ) throws(PKIError) -> Credential {
        let issued = try Certificate.issued(template, for: key, by: certificate, with: self.key)
        return Credential(certificate: issued, key: key)
    }

    /// The certificate alone in PEM.
    package var certificatePEM: [UInt8] {
        get throws(PKIError) {
            try certificate.pem()
        }
    }

    /// What a TLS end presents.
    ///
    /// - Parameter intermediates: the issuers' certificates in PEM, nearest first, without the root.
    /// - Returns: the chain and the key, as a value.
    /// - Throws: ``PKIError/openSSL(operation:detail:)``.
    package borrowing func identity(through intermediates: [UInt8] = []) throws(PKIError) -> Identity {
        Identity(chain: try certificate.pem() + intermediates, privateKey: try key.pem())
    }
}
