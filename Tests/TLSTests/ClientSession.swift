import COpenSSL

@testable import TLS

/// What a client keeps of a session to resume it later.
@safe final class ClientSession {
    private let pointer: OpaquePointer

    /// An engine's session, once there is something to resume: in TLS 1.3 only after a read has met the ticket.
    init?(of engine: borrowing Engine) {
        guard let session = unsafe SSL_get1_session(engine.ssl) else { return nil }
        unsafe pointer = session
        guard unsafe SSL_SESSION_is_resumable(session) == 1 else { return nil }
    }

    deinit {
        unsafe SSL_SESSION_free(pointer)
    }

    /// Has a client's engine, whose handshake has not begun, resume it if the server agrees.
    func resume(on engine: borrowing Engine) {
        // One that can't be set is one that isn't resumed.
        _ = unsafe SSL_set_session(engine.ssl, pointer)
    }
}
