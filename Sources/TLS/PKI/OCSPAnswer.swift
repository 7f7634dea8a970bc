internal import COpenSSL

/// Owns one answer about the state of certificates while it is made (RFC 6960 section 4.2).
@safe
struct OCSPAnswer: ~Copyable {
    private let raw: OpaquePointer

    /// An answer that says nothing yet.
    init() throws(PKIError) {
        unsafe raw = try PKIError.object("OCSP_BASICRESP_new") { unsafe OCSP_BASICRESP_new() }
    }

    deinit {
        unsafe OCSP_BASICRESP_free(raw)
    }

    /// Says what state a certificate is in.
    ///
    /// - Parameters:
    ///   - state: what is said of it.
    ///   - identifier: the certificate's name in a request; copied.
    ///   - validity: from when until when clients may rely on it: `thisUpdate` and `nextUpdate`.
    /// - Throws: ``PKIError/openSSL(operation:detail:)``.
    borrowing func add(
        _ state: OCSPState,
        of identifier: OpaquePointer,
        for validity: Validity
    ) throws(PKIError) {
        let begin = try OpenSSLTime(generalized: validity.notBefore)
        let end = try OpenSSLTime(generalized: validity.notAfter)
        if case .revoked(let revocation) = state {
            let moment = try OpenSSLTime(generalized: revocation.moment)
            // -1 leaves the reason out.
            let reason = revocation.reason == .unspecified ? -1 : revocation.reason.rawValue
            try PKIError.attempt("OCSP_basic_add1_status") {
                unsafe OCSP_basic_add1_status(raw, identifier, state.code, reason, moment.raw, begin.raw, end.raw)
                    != nil
            }
        } else {
            try PKIError.attempt("OCSP_basic_add1_status") {
                unsafe OCSP_basic_add1_status(raw, identifier, state.code, -1, nil, begin.raw, end.raw) != nil
            }
        }
    }

    /// Repeats the nonce of a request, where it has one.
    borrowing func repeatNonce(of request: borrowing OCSPRequest) throws(PKIError) {
        let asked = unsafe request.raw
        try PKIError.attempt("OCSP_copy_nonce") {
            // It answers 2 where there is none.
            unsafe OCSP_copy_nonce(raw, asked) > 0
        }
    }

    /// Signs what was said, and wraps it into a response.
    ///
    /// - Parameters:
    ///   - certificate: who signs; it is named, and not sent, since whoever asks has it already.
    ///   - key: the signer's key.
    ///   - moment: when the answer is said to be made, Unix seconds.
    /// - Returns: the response in DER.
    /// - Throws: ``PKIError/openSSL(operation:detail:)``.
    borrowing func signed(
        as certificate: OpaquePointer,
        with key: OpaquePointer,
        at moment: Int64
    ) throws(PKIError) -> [UInt8] {
        try PKIError.attempt("OCSP_basic_sign") {
            unsafe c_OCSP_resp_set_produced_at(raw, time_t(moment)) == 1
                && OCSP_basic_sign(raw, certificate, key, EVP_sha256(), nil, UInt(OCSP_NOCERTS | OCSP_NOTIME)) == 1
        }
        let response = unsafe try PKIError.object("OCSP_response_create") {
            unsafe OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, raw)
        }
        defer { unsafe OCSP_RESPONSE_free(response) }
        return unsafe try PKIError.encoded("i2d_OCSP_RESPONSE") { unsafe i2d_OCSP_RESPONSE(response, $0) }
    }
}
