import COpenSSL

/// One certificate that its authority takes back, for lists and for OCSP.
package struct Revocation: Sendable, Hashable {
    /// Who issued it.
    package let authority: LabAuthority
    /// Its number among that authority's.
    package let serial: CertificateSerial
    /// From when on it does not count, Unix seconds.
    package let moment: Int64
    /// Why.
    package let reason: Reason

    /// Why a certificate is taken back, by its number in RFC 5280 section 5.3.1.
    package enum Reason: Int32, CaseIterable, Sendable {
        /// No reason is given; lists then leave the reason out.
        case unspecified = 0
        /// Someone else may have the key.
        case keyCompromise = 1
        /// Someone else may have its authority's key.
        case authorityCompromise = 2
        /// What it says of its subject is no longer so.
        case affiliationChanged = 3
        /// Another has its place.
        case superseded = 4
        /// What it was for has ended.
        case cessationOfOperation = 5
        /// It is on hold, and may come back.
        case hold = 6
        /// Its subject may no longer do what it allows.
        case privilegeWithdrawn = 9
    }

    /// The revocation of one certificate.
    package init(
        of serial: CertificateSerial,
        by authority: LabAuthority,
        at moment: Int64,
        because reason: Reason = .unspecified
    ) {
        self.authority = authority
        self.serial = serial
        self.moment = moment
        self.reason = reason
    }
}

/// A list of the certificates that one authority took back, signed by it (RFC 5280 section 5).
///
/// [our choice: revocation] docs/protocol.md section 9 knows the stapled answers of public authorities: signed every 24
/// hours, kept for 7 days at most. Here a list counts for 7 days and an OCSP answer for 24 hours, and both begin an
/// hour early, for clients whose clock is slow.
package struct RevocationList: Sendable {
    /// The list in DER.
    package let der: [UInt8]
    /// The list in PEM.
    package let pem: [UInt8]
    /// From when on, and until when, clients may rely on it: its `thisUpdate` and `nextUpdate`.
    package let validity: Validity

    /// How many days clients may rely on a list.
    static let days: Int64 = 7
    /// How many days clients may rely on an OCSP answer.
    static let answerDays: Int64 = 1

    /// Makes an authority's list of what it took back, which counts by the earliest and by the latest of the clocks.
    init(
        by issuer: Credential,
        revoked: [Revocation],
        spanning moments: ClosedRange<Int64>,
        number: Int64
    ) throws(PKIError) {
        let list = unsafe try PKIError.object("X509_CRL_new") { unsafe X509_CRL_new() }
        defer { unsafe X509_CRL_free(list) }
        validity = Validity(days: Self.days, spanning: moments)
        let begin = try OpenSSLTime(validity.notBefore)
        let end = try OpenSSLTime(validity.notAfter)
        try PKIError.attempt("X509_CRL_set_issuer_name") {
            // Version 2, which is written as 1.
            unsafe X509_CRL_set_version(list, 1) == 1
                && X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer.certificate.raw)) == 1
                && X509_CRL_set1_lastUpdate(list, begin.raw) == 1
                && X509_CRL_set1_nextUpdate(list, end.raw) == 1
        }
        for revocation in revoked { unsafe try Self.add(revocation, to: list) }
        unsafe try Self.identify(list, by: issuer.certificate, number: number)
        try PKIError.attempt("X509_CRL_sign") {
            unsafe X509_CRL_sort(list) == 1 && X509_CRL_sign(list, issuer.key.raw, EVP_sha256()) > 0
        }
        pem = unsafe try PKIError.text("PEM_write_bio_X509_CRL") { unsafe PEM_write_bio_X509_CRL($0, list) == 1 }
        der = unsafe try PKIError.encoded("i2d_X509_CRL") { unsafe i2d_X509_CRL(list, $0) }
    }

    private static func identify(
        _ list: OpaquePointer,
        by issuer: Certificate,
        number: Int64
    ) throws(PKIError) {
        let value = unsafe try PKIError.object("ASN1_INTEGER_new") { unsafe ASN1_INTEGER_new() }
        defer { unsafe ASN1_INTEGER_free(value) }
        try PKIError.attempt("X509_CRL_add1_ext_i2d") {
            unsafe ASN1_INTEGER_set_int64(value, number) == 1
                && X509_CRL_add1_ext_i2d(list, NID_crl_number, value, 0, 0) == 1
        }
        var context = unsafe X509V3_CTX()
        unsafe X509V3_set_ctx(&context, issuer.raw, nil, nil, list, 0)
        let authorityKey = unsafe try PKIError.object("X509V3_EXT_conf_nid") {
            unsafe X509V3_EXT_conf_nid(nil, &context, NID_authority_key_identifier, "keyid:always")
        }
        defer { unsafe X509_EXTENSION_free(authorityKey) }
        try PKIError.attempt("X509_CRL_add_ext") { unsafe X509_CRL_add_ext(list, authorityKey, -1) == 1 }
    }

    private static func add(_ revocation: Revocation, to list: OpaquePointer) throws(PKIError) {
        let entry = unsafe try PKIError.object("X509_REVOKED_new") { unsafe X509_REVOKED_new() }
        try PKIError.attempt("X509_CRL_add0_revoked") {
            if unsafe X509_CRL_add0_revoked(list, entry) == 1 { return true }
            unsafe X509_REVOKED_free(entry)
            return false
        }
        let number = unsafe try PKIError.object("ASN1_INTEGER_new") { unsafe ASN1_INTEGER_new() }
        defer { unsafe ASN1_INTEGER_free(number) }
        unsafe try revocation.serial.write(to: number)
        let moment = try OpenSSLTime(revocation.moment)
        try PKIError.attempt("X509_REVOKED_set_serialNumber") {
            unsafe X509_REVOKED_set_serialNumber(entry, number) == 1
                && X509_REVOKED_set_revocationDate(entry, moment.raw) == 1
        }
        // RFC 5280 section 5.3.1: rather no reason than an unspecified one.
        if revocation.reason == .unspecified { return }
        let reason = unsafe try PKIError.object("ASN1_ENUMERATED_new") { unsafe ASN1_ENUMERATED_new() }
        defer { unsafe ASN1_ENUMERATED_free(reason) }
        try PKIError.attempt("X509_REVOKED_add1_ext_i2d") {
            unsafe ASN1_ENUMERATED_set(reason, CLong(revocation.reason.rawValue)) == 1
                && X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0) == 1
        }
    }
}
