import COpenSSL

/// What the two ends of a connection agreed on.
package struct Negotiation: Sendable, Equatable {
    /// The version as OpenSSL writes it, for example `TLSv1.3`.
    package let version: String
    /// The cipher suite by its IANA name, for example `TLS_AES_256_GCM_SHA384`.
    package let cipherSuite: String
    /// The protocol chosen by ALPN, nil where the client offered none.
    package let applicationProtocol: String?
    /// Whether an earlier session was resumed, so that no certificate was shown.
    package let isResumed: Bool
}

extension Engine {
    /// What was agreed on; nil until the handshake is done.
    package var negotiation: Negotiation? {
        guard unsafe SSL_is_init_finished(ssl) == 1 else { return nil }
        return unsafe Negotiation(
            version: String(cString: SSL_get_version(ssl)),
            cipherSuite: SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl)).map { unsafe String(cString: $0) } ?? "",
            applicationProtocol: applicationProtocol,
            isResumed: isResumed
        )
    }

    /// Whether an earlier session was resumed; false until the handshake is done.
    package var isResumed: Bool { unsafe SSL_session_reused(ssl) == 1 }

    /// A client's session, once there is something to resume: in TLS 1.3 only after a read has met the ticket.
    package var resumableSession: ClientSession? {
        guard let session = unsafe SSL_get1_session(ssl) else { return nil }
        let owned = unsafe ClientSession(adopting: session)
        return unsafe SSL_SESSION_is_resumable(owned.pointer) == 1 ? owned : nil
    }

    private var applicationProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &name, &count)
        guard let name = unsafe name else { return nil }
        return unsafe String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
    }
}
