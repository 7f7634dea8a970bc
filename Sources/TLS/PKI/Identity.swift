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
