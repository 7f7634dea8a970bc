import COpenSSL

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

/// What an authority says of one certificate (RFC 6960 section 2.2).
enum OCSPState {
    /// It issued the certificate and did not take it back.
    case good
    /// It took the certificate back.
    case revoked(Revocation)
    /// It knows nothing of the certificate.
    case unknown

    /// OpenSSL's number of it.
    var code: CInt {
        switch self {
        case .good: V_OCSP_CERTSTATUS_GOOD
        case .revoked: V_OCSP_CERTSTATUS_REVOKED
        case .unknown: V_OCSP_CERTSTATUS_UNKNOWN
        }
    }
}

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
