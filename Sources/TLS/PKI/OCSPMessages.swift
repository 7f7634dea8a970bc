import COpenSSL

/// Owns one question about the state of certificates (RFC 6960 section 4.1), as OpenSSL read it.
@safe struct OCSPRequest: ~Copyable {
    /// Borrowed: valid only while the request is.
    let raw: OpaquePointer

    /// How many certificates one request may ask about; each costs a comparison with every authority.
    private static let limit: CInt = 16
    /// RFC 9654 section 2.1: a nonce has 1 to 128 bytes, here inside an OCTET STRING of its own.
    private static let nonceBytes = 3...131

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
        guard let request = unsafe request else { return nil }
        let whole = unsafe OCSPRequest(raw: request)
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

/// What an authority says of one certificate (RFC 6960 section 2.2).
enum OCSPState {
    /// It issued the certificate and did not take it back.
    case good
    /// It took the certificate back.
    case revoked(Revocation)
    /// It knows nothing of the certificate.
    case unknown
}

/// Owns one answer about the state of certificates while it is made (RFC 6960 section 4.2).
@safe struct OCSPAnswer: ~Copyable {
    private let raw: OpaquePointer

    /// An answer that says nothing yet.
    init() throws(PKIError) {
        unsafe raw = try PKIError.object("OCSP_BASICRESP_new") { unsafe OCSP_BASICRESP_new() }
    }

    deinit {
        unsafe OCSP_BASICRESP_free(raw)
    }

    /// Says what state a certificate is in, by its name in a request, and from when until when clients may rely on it.
    borrowing func add(
        _ state: OCSPState,
        of identifier: OpaquePointer,
        for validity: Validity
    ) throws(PKIError) {
        // -1 leaves the reason out.
        var (code, reason, moment) = (V_OCSP_CERTSTATUS_GOOD, Int32(-1), validity.notBefore)
        switch state {
        case .good: break
        case .unknown: code = V_OCSP_CERTSTATUS_UNKNOWN
        case .revoked(let revocation):
            (code, moment) = (V_OCSP_CERTSTATUS_REVOKED, revocation.moment)
            if revocation.reason != .unspecified { reason = revocation.reason.rawValue }
        }
        let since = try OpenSSLTime(generalized: moment)
        let begin = try OpenSSLTime(generalized: validity.notBefore)
        let end = try OpenSSLTime(generalized: validity.notAfter)
        try PKIError.attempt("OCSP_basic_add1_status") {
            // It looks at the moment of a revocation alone.
            unsafe OCSP_basic_add1_status(raw, identifier, code, reason, since.raw, begin.raw, end.raw) != nil
        }
    }

    /// Repeats the nonce of a request, where it has one.
    borrowing func repeatNonce(of request: borrowing OCSPRequest) throws(PKIError) {
        let asked = unsafe request.raw
        // It answers 2 where there is none.
        try PKIError.attempt("OCSP_copy_nonce") { unsafe OCSP_copy_nonce(raw, asked) > 0 }
    }

    /// Signs what was said, and wraps it into a response in DER, said to be made at `moment` (Unix seconds).
    ///
    /// The signer is named, and not sent, since whoever asks has its certificate already.
    borrowing func signed(
        as certificate: Certificate,
        with key: PrivateKey,
        at moment: Int64
    ) throws(PKIError) -> [UInt8] {
        try PKIError.attempt("OCSP_basic_sign") {
            let flags = UInt(OCSP_NOCERTS | OCSP_NOTIME)
            return unsafe c_OCSP_resp_set_produced_at(raw, time_t(moment)) == 1
                && OCSP_basic_sign(raw, certificate.raw, key.raw, EVP_sha256(), nil, flags) == 1
        }
        let response = unsafe try PKIError.object("OCSP_response_create") {
            unsafe OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, raw)
        }
        defer { unsafe OCSP_RESPONSE_free(response) }
        return unsafe try PKIError.encoded("i2d_OCSP_RESPONSE") { unsafe i2d_OCSP_RESPONSE(response, $0) }
    }
}
