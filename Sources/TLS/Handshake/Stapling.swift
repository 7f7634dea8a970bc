import COpenSSL

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
