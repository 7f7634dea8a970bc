import COpenSSL

/// What a context's connections present, or single ones instead, parsed once.
///
/// Any loop may use it at the same time as others: nothing in it changes, and OpenSSL counts references. Whatever a
/// security level would forbid is loaded, so the connection that uses it has level 0 (``HandshakeOptions/identity``).
package final class PresentedIdentity: Sendable {
    /// An OCSP response in DER for clients that ask for one, nil for none.
    package let staple: [UInt8]?

    /// The leaf first.
    private let chain: [Certificate]
    private let key: PrivateKey

    /// Parses a chain, the leaf first, and its key; the response is not looked into.
    ///
    /// The key's public part has to be the leaf's; whether its private part belongs to it is not looked at. Throws a
    /// `TLSError` that names the certificate by its place, or the key.
    package init(_ identity: Identity, staple: [UInt8]? = nil) throws(TLSError) {
        chain = try PEMReader.certificates(identity.chain) { .unreadableCertificate($0) }
        guard let key = PEMReader.privateKey(identity.privateKey) else { throw .failed(.configure, .unreadableKey) }
        guard chain[0].belongs(to: key) else { throw .failed(.configure, .mismatchingKey) }
        self.key = key
        self.staple = staple
    }

    /// Presents it on all connections of a context.
    func present(on context: borrowing ContextHandle) throws(TLSError) {
        for (index, certificate) in chain.enumerated() {
            let isTaken =
                unsafe index == 0
                ? SSL_CTX_use_certificate(context.pointer, certificate.raw) == 1
                : c_SSL_CTX_add1_chain_cert(context.pointer, certificate.raw) == 1
            guard isTaken else { throw .failed(.configure, .unreadableCertificate(index)) }
        }
        guard unsafe SSL_CTX_use_PrivateKey(context.pointer, key.raw) == 1 else {
            throw .failed(.configure, .unreadableKey)
        }
    }

    /// Presents it on one connection, and nothing else.
    func present(on ssl: OpaquePointer) throws(TLSError) {
        // The context's certificate could be of another kind, and would be kept beside this one.
        unsafe SSL_certs_clear(ssl)
        for (index, certificate) in chain.enumerated() {
            let isTaken =
                unsafe index == 0
                ? SSL_use_certificate(ssl, certificate.raw) == 1 : c_SSL_add1_chain_cert(ssl, certificate.raw) == 1
            guard isTaken else { throw .failed(.open, .unreadableCertificate(index)) }
        }
        guard unsafe SSL_use_PrivateKey(ssl, key.raw) == 1 else { throw .failed(.open, .unreadableKey) }
    }
}
