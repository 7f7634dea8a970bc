internal import COpenSSL

/// Owns one question about the state of certificates (RFC 6960 section 4.1), as OpenSSL read it.
@safe
struct OCSPRequest: ~Copyable {
    /// Borrowed: valid only while the request is.
    let raw: OpaquePointer

    /// How many certificates one request may ask about; each costs a comparison with every authority.
    private static let limit: CInt = 16
    /// RFC 9654 section 2.1: a nonce has 1 to 128 bytes, here inside an OCTET STRING of its own.
    private static let nonceBytes = 3...131

    private init(adopting raw: OpaquePointer) {
        unsafe self.raw = raw
    }

    /// Reads a request in DER, and nothing behind it; nil for what is none, asks nothing, or asks too much.
    static func parse(_ der: Span<UInt8>) -> OCSPRequest? {
        if der.isEmpty { return nil }
        ErrorQueue.clear()
        defer { ErrorQueue.clear() }
        let (request, length) = unsafe der.withUnsafeBufferPointer { bytes in
            var end = bytes.baseAddress
            let request = unsafe d2i_OCSP_REQUEST(nil, &end, CLong(bytes.count))
            return unsafe (request, end.map { unsafe $0 - (bytes.baseAddress ?? $0) } ?? 0)
        }
        guard let raw = unsafe request else { return nil }
        let whole = unsafe OCSPRequest(adopting: raw)
        guard length == der.count, (1...limit).contains(whole.count), whole.hasFittingNonce else { return nil }
        return whole
    }

    deinit {
        unsafe OCSP_REQUEST_free(raw)
    }

    /// How many certificates it asks about.
    var count: CInt { unsafe OCSP_request_onereq_count(raw) }

    /// The name of one certificate, borrowed from the request.
    borrowing func identifier(_ index: CInt) -> OpaquePointer? {
        unsafe OCSP_onereq_get0_id(OCSP_request_onereq_get0(raw, index))
    }

    private var hasFittingNonce: Bool {
        let location = unsafe OCSP_REQUEST_get_ext_by_NID(raw, NID_id_pkix_OCSP_Nonce, -1)
        guard location >= 0 else { return true }
        let value = unsafe X509_EXTENSION_get_data(OCSP_REQUEST_get_ext(raw, location))
        return unsafe Self.nonceBytes.contains(Int(ASN1_STRING_length(value)))
    }
}
