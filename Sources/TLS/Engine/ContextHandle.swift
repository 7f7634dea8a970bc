import CBlocks
internal import COpenSSL
import TLSNames

/// One `SSL_CTX` with what servers and clients set alike.
@safe struct ContextHandle: ~Copyable {
    let pointer: OpaquePointer

    /// The security level of an ordinary service, 112 bits (SSL_CTX_set_security_level(3)).
    ///
    /// Set here so that a system-wide `openssl.cnf` can't lower it.
    private static let serviceLevel: CInt = 2

    init(method: OpaquePointer?, versions: ClosedRange<ProtocolVersion>) throws(TLSError) {
        ErrorQueue.clear()
        guard let pointer = unsafe SSL_CTX_new(method) else { throw .failed(.configure, .library) }
        unsafe self.pointer = pointer
        configure(versions)
    }

    deinit {
        unsafe SSL_CTX_free(pointer)
    }

    private func configure(_ versions: ClosedRange<ProtocolVersion>) {
        _ = unsafe c_SSL_CTX_set_min_proto_version(pointer, CInt(versions.lowerBound.rawValue))
        _ = unsafe c_SSL_CTX_set_max_proto_version(pointer, CInt(versions.upperBound.rawValue))
        // TLS 1.0 and 1.1 sign with SHA-1, which every level but 0 refuses.
        unsafe SSL_CTX_set_security_level(pointer, versions.lowerBound < .tls12 ? 0 : Self.serviceLevel)
        // What a peer is shown is the configured chain and no other. A write may end after any record and go on from
        // another address, since the caller's bytes are passed on without a copy. Idle connections hold no buffers.
        let mode =
            SSL_MODE_NO_AUTO_CHAIN | SSL_MODE_ENABLE_PARTIAL_WRITE
            | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS
        _ = unsafe c_SSL_CTX_set_mode(pointer, CLong(mode))
        // One read takes a whole record, header included.
        _ = unsafe c_SSL_CTX_set_read_ahead(pointer, 1)
        // A peer that vanishes would be sent a decode_error otherwise, and a failed handshake would be reported with
        // an alert that nobody got. The end is still told from close_notify: the wire has seen whether one came.
        let options =
            c_SSL_OP_NO_RENEGOTIATION() | c_SSL_OP_NO_COMPRESSION() | c_SSL_OP_IGNORE_UNEXPECTED_EOF()
        _ = unsafe SSL_CTX_set_options(pointer, options)
        _ = unsafe c_SSL_CTX_set_session_cache_mode(pointer, CLong(SSL_SESS_CACHE_OFF))
        // Called for every record and message; each connection gives its own wire as the argument.
        unsafe SSL_CTX_set_msg_callback(pointer) { isWrite, _, type, bytes, count, _, argument in
            guard type == SSL3_RT_ALERT, count == 2, let bytes = unsafe bytes, let argument = unsafe argument else {
                return
            }
            let wire = unsafe Unmanaged<Wire>.fromOpaque(argument).takeUnretainedValue()
            let alert = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
            unsafe wire.note(alertLevel: alert[0], code: alert[1], direction: isWrite == 1 ? .sent : .received)
        }
    }
}

extension ContextHandle {
    /// Trusts these certificates, and none that the system trusts.
    func trust(_ anchors: [UInt8]) throws(TLSError) {
        let certificates = try PEMReader.certificates(anchors) { _ in .unreadableTrustAnchors }
        let store = unsafe SSL_CTX_get_cert_store(pointer)
        for certificate in certificates {
            guard unsafe X509_STORE_add_cert(store, certificate.raw) == 1 else {
                throw .failed(.configure, .unreadableTrustAnchors)
            }
        }
    }
}

/// OpenSSL's own state and memory.
package enum Library {
    /// Sets the library up; to be called before anything else of this module.
    ///
    /// Its memory comes from `CBlocks`. Its state stays until the process is gone: OpenSSL would take itself apart as
    /// soon as `main` returns, and a loop's thread that lets go of its last context only then would find nobody any
    /// more who knows how to free what the context holds.
    package static func setUp() {
        let isOurs = unsafe CRYPTO_set_mem_functions(
            blocks_crypto_malloc,
            blocks_crypto_realloc,
            blocks_crypto_free
        )
        assert(isOurs == 1, "OpenSSL had memory before it was set up")
        _ = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
    }
}
