import COpenSSL

extension ContextHandle {
    /// Presents a chain and proves it with its key.
    ///
    /// - Throws: `TLSError` that names the certificate by its place, or the key.
    func use(_ identity: Identity) throws(TLSError) {
        let chain = try PEMReader.certificates(identity.chain) { .unreadableCertificate($0) }
        guard let key = PEMReader.privateKey(identity.privateKey) else {
            throw TLSError(.configure, .unreadableKey, reasons: ErrorQueue.drain())
        }
        guard unsafe X509_check_private_key(chain[0].pointer, key.pointer) == 1 else {
            throw TLSError(.configure, .mismatchingKey, reasons: ErrorQueue.drain())
        }
        for (index, certificate) in chain.enumerated() {
            guard index == 0 ? present(leaf: certificate) : present(issuer: certificate) else {
                throw TLSError(.configure, .unreadableCertificate(index), reasons: ErrorQueue.drain())
            }
        }
        guard unsafe SSL_CTX_use_PrivateKey(pointer, key.pointer) == 1 else {
            throw TLSError(.configure, .unreadableKey, reasons: ErrorQueue.drain())
        }
    }

    private func present(leaf certificate: ReadCertificate) -> Bool {
        unsafe SSL_CTX_use_certificate(pointer, certificate.pointer) == 1
    }

    private func present(issuer certificate: ReadCertificate) -> Bool {
        // The context takes over a reference of its own where it agrees.
        _ = unsafe X509_up_ref(certificate.pointer)
        if unsafe c_SSL_CTX_add0_chain_cert(pointer, certificate.pointer) == 1 { return true }
        unsafe X509_free(certificate.pointer)
        return false
    }

    /// Trusts these certificates, and none that the system trusts.
    ///
    /// - Throws: `TLSError` of cause `unreadableTrustAnchors`.
    func trust(_ anchors: [UInt8]) throws(TLSError) {
        let certificates = try PEMReader.certificates(anchors) { _ in .unreadableTrustAnchors }
        let store = unsafe SSL_CTX_get_cert_store(pointer)
        for certificate in certificates {
            guard unsafe X509_STORE_add_cert(store, certificate.pointer) == 1 else {
                throw TLSError(.configure, .unreadableTrustAnchors, reasons: ErrorQueue.drain())
            }
        }
    }
}
