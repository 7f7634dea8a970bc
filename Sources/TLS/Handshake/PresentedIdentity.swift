import COpenSSL

/// What single connections present instead of their listener's identity, parsed once.
///
/// Any loop may use it at the same time as others: nothing in it changes, and OpenSSL counts references. Whatever a
/// security level would forbid is loaded, so the connection that uses it has level 0 (``HandshakeOptions/identity``).
@safe package final class PresentedIdentity: Sendable {
    /// An OCSP response in DER for clients that ask for one, nil for none.
    package let staple: [UInt8]?

    // References to objects that are only read from here on.
    private let leaf: ReadCertificate
    private let key: ReadPrivateKey
    private nonisolated(unsafe) let issuers: IssuerStack

    /// Parses a chain and its key.
    ///
    /// The key's public part has to be the leaf's; whether its private part belongs to it is not looked at.
    ///
    /// - Parameters:
    ///   - identity: The chain, the leaf first, and the key.
    ///   - staple: An OCSP response in DER, not looked into.
    /// - Throws: `TLSError` that names the certificate by its place, or the key.
    package init(_ identity: Identity, staple: [UInt8]? = nil) throws(TLSError) {
        let chain = try PEMReader.certificates(identity.chain) { .unreadableCertificate($0) }
        guard let key = PEMReader.privateKey(identity.privateKey) else {
            throw TLSError(.configure, .unreadableKey, reasons: ErrorQueue.drain())
        }
        guard unsafe X509_check_private_key(chain[0].pointer, key.pointer) == 1 else {
            throw TLSError(.configure, .mismatchingKey, reasons: ErrorQueue.drain())
        }
        guard let issuers = IssuerStack(chain.dropFirst()) else {
            throw TLSError(.configure, .library, reasons: ErrorQueue.drain())
        }
        unsafe (leaf, self.key, self.issuers) = (chain[0], key, issuers)
        self.staple = staple
    }

    /// Presents it on one connection, and nothing else.
    func present(on ssl: OpaquePointer) throws(TLSError) {
        // The context's certificate could be of another kind, and would be kept beside this one.
        unsafe SSL_certs_clear(ssl)
        guard unsafe SSL_use_cert_and_key(ssl, leaf.pointer, key.pointer, issuers.pointer, 1) == 1 else {
            throw TLSError(.open, .unreadableCertificate(0), reasons: ErrorQueue.drain())
        }
    }
}

/// The certificates of a chain above the leaf, as OpenSSL takes them.
@safe private final class IssuerStack {
    let pointer: OpaquePointer
    /// Owns what the stack only points to.
    private let certificates: [ReadCertificate]

    /// Nil for want of memory.
    init?(_ issuers: ArraySlice<ReadCertificate>) {
        guard let stack = unsafe c_sk_X509_new_null() else { return nil }
        unsafe pointer = stack
        certificates = Array(issuers)
        for certificate in certificates {
            guard unsafe c_sk_X509_push(pointer, certificate.pointer) > 0 else { return nil }
        }
    }

    deinit {
        unsafe c_sk_X509_free(pointer)
    }
}

/// How OCSP responses get into handshakes (RFC 6066 section 8, RFC 8446 section 4.4.2.1).
enum Stapling {
    /// Bytes that live as long as an `SSL_CTX`, which may outlive the object that made it.
    private final class Response {
        let bytes: [UInt8]

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
        }
    }

    /// Where an `SSL_CTX` keeps its response; made once.
    private static let index: CInt = unsafe c_SSL_CTX_get_ex_new_index { _, data, _, _, _, _ in
        if let data = unsafe data { unsafe Unmanaged<Response>.fromOpaque(data).release() }
    }

    /// Answers every client of a context that asks.
    static func install(_ bytes: [UInt8], on context: borrowing ContextHandle) throws(TLSError) {
        let response = unsafe Unmanaged.passRetained(Response(bytes))
        guard unsafe SSL_CTX_set_ex_data(context.pointer, index, response.toOpaque()) == 1 else {
            unsafe response.release()
            throw TLSError(.configure, .library, reasons: ErrorQueue.drain())
        }
        _ = unsafe c_SSL_CTX_set_tlsext_status_cb(context.pointer) { ssl, _ in
            unsafe Stapling.answer(Stapling.bytes(of: SSL_get_SSL_CTX(ssl)), to: ssl)
        }
    }

    private static func bytes(of context: OpaquePointer?) -> [UInt8]? {
        guard let data = unsafe SSL_CTX_get_ex_data(context, index) else { return nil }
        return unsafe Unmanaged<Response>.fromOpaque(data).takeUnretainedValue().bytes
    }

    /// Gives one client that has asked its response.
    ///
    /// - Returns: What OpenSSL's callback has to return.
    static func answer(_ bytes: [UInt8]?, to ssl: OpaquePointer?) -> CInt {
        guard let bytes, unsafe c_SSL_set_tlsext_status_ocsp_resp(ssl, bytes, bytes.count) == 1 else {
            return SSL_TLSEXT_ERR_NOACK
        }
        return SSL_TLSEXT_ERR_OK
    }
}
