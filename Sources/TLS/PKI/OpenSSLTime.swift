internal import COpenSSL

/// Owns one moment in OpenSSL's form.
@safe
struct OpenSSLTime: ~Copyable {
    /// Borrowed: valid only while the moment is.
    let raw: UnsafeMutablePointer<ASN1_TIME>

    /// A moment in the form that certificates and lists use: with two digits for the year until 2049 (RFC 5280 section
    /// 4.1.2.5).
    init(_ unixSeconds: Int64) throws(PKIError) {
        unsafe raw = try PKIError.object("ASN1_TIME_set") { unsafe ASN1_TIME_set(nil, time_t(unixSeconds)) }
    }

    /// A moment in the form that OCSP uses: always with four.
    init(generalized unixSeconds: Int64) throws(PKIError) {
        unsafe raw = try PKIError.object("ASN1_GENERALIZEDTIME_set") {
            unsafe ASN1_GENERALIZEDTIME_set(nil, time_t(unixSeconds))
        }
    }

    deinit {
        unsafe ASN1_TIME_free(raw)
    }
}
