import COpenSSL

/// What a server's connections with options have in common: an ordinary context's setup, and callbacks.
///
/// It is made with the first such connection, so that the others are asked nothing. Sessions of one context are resumed
/// by the other, since they share keys.
final class VaryingContext {
    let handle: ContextHandle

    init(like context: ServerContext) throws(TLSError) {
        let handle = try ServerContext.makeHandle(context.ticketKeys)
        let model = unsafe context.handle.pointer
        let isSet = unsafe SSL_CTX_use_cert_and_key(
            handle.pointer,
            SSL_CTX_get0_certificate(model),
            SSL_CTX_get0_privatekey(model),
            c_SSL_CTX_get0_chain_certs(model),
            1
        )
        guard isSet == 1 else { throw TLSError(.open, .library, reasons: ErrorQueue.drain()) }
        _ = unsafe c_SSL_CTX_set_tlsext_status_cb(handle.pointer) { ssl, _ in
            unsafe Stapling.answer(HandshakeVariation.of(ssl)?.staple, to: ssl)
        }
        // Tickets are made without a word from here; the first function has only to be there.
        _ = unsafe SSL_CTX_set_session_ticket_cb(
            handle.pointer,
            { _, _ in 1 },
            { ssl, _, _, _, status, _ in unsafe VaryingContext.ruling(on: status, HandshakeVariation.of(ssl)) },
            nil
        )
        unsafe SSL_CTX_set_keylog_callback(handle.pointer) { ssl, line in
            guard let filter = unsafe HandshakeVariation.of(ssl)?.filter, let line = unsafe line else { return }
            let suite = unsafe SSL_CIPHER_get_protocol_id(SSL_get_pending_cipher(ssl))
            filter.noteSecret(unsafe String(cString: line), suite: suite)
        }
        self.handle = handle
    }

    /// What to do with a ticket; without a reason against it, what OpenSSL does by itself.
    private static func ruling(on status: CInt, _ variation: HandshakeVariation?) -> CInt {
        guard variation?.acceptsTickets != false else { return SSL_TICKET_RETURN_IGNORE_RENEW }
        return switch status {
        case SSL_TICKET_SUCCESS: SSL_TICKET_RETURN_USE
        case SSL_TICKET_SUCCESS_RENEW: SSL_TICKET_RETURN_USE_RENEW
        default: SSL_TICKET_RETURN_IGNORE_RENEW
        }
    }
}
