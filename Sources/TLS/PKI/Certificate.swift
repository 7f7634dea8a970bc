internal import COpenSSL
internal import Glibc
import Notation

/// Owns one X.509 certificate.
@safe
struct Certificate: ~Copyable {
    /// Borrowed: valid only while the certificate is.
    let raw: OpaquePointer

    /// Takes over a reference that the caller owns.
    init(adopting raw: OpaquePointer) {
        unsafe self.raw = raw
    }

    deinit {
        unsafe X509_free(raw)
    }

    /// Reads the first certificate of a PEM text.
    static func parse(_ pem: Span<UInt8>) throws(PKIError) -> Certificate {
        let buffer = try TextBuffer.holding(pem)
        let raw = unsafe try PKIError.object("PEM_read_bio_X509") {
            unsafe PEM_read_bio_X509(buffer.raw, nil, nil, nil)
        }
        return unsafe Certificate(adopting: raw)
    }

    /// Writes the certificate in PEM.
    borrowing func pem() throws(PKIError) -> [UInt8] {
        let buffer = try TextBuffer()
        try PKIError.attempt("PEM_write_bio_X509") {
            unsafe PEM_write_bio_X509(buffer.raw, raw) == 1
        }
        return buffer.takeBytes()
    }

    /// Writes the certificate in DER.
    borrowing func der() throws(PKIError) -> [UInt8] {
        let certificate = unsafe raw
        return unsafe try PKIError.encoded("i2d_X509") { unsafe i2d_X509(certificate, $0) }
    }

    /// Its number among its issuer's.
    var serial: CertificateSerial {
        get throws(PKIError) {
            guard let serial = unsafe CertificateSerial(X509_get0_serialNumber(raw)) else {
                throw .openSSL(operation: "X509_get0_serialNumber", detail: "a negative number")
            }
            return serial
        }
    }

    /// The subject in RFC 2253 form, control characters escaped.
    var subject: String {
        get throws(PKIError) {
            unsafe try Self.text(of: X509_get_subject_name(raw))
        }
    }

    /// The issuer in RFC 2253 form, control characters escaped.
    var issuer: String {
        get throws(PKIError) {
            unsafe try Self.text(of: X509_get_issuer_name(raw))
        }
    }

    /// From when until when it counts.
    var validity: Validity {
        get throws(PKIError) {
            Validity(
                notBefore: unsafe try Self.unixSeconds(X509_get0_notBefore(raw)),
                notAfter: unsafe try Self.unixSeconds(X509_get0_notAfter(raw))
            )
        }
    }

    /// The SHA-256 of the whole certificate in DER, in lower-case hex.
    var fingerprint: String {
        get throws(PKIError) {
            var digest = [UInt8](repeating: 0, count: SHA256.length)
            try PKIError.attempt("X509_digest") {
                unsafe X509_digest(raw, EVP_sha256(), &digest, nil) == 1
            }
            return Hexadecimal.text(digest)
        }
    }

    /// The name of its public key, as ``PrivateKey/identifier`` has it.
    var keyIdentifier: String {
        get throws(PKIError) {
            unsafe try PrivateKey.identifier(ofPublicKey: X509_get0_pubkey(raw))
        }
    }

    /// Whether the key is the one that this certificate is about.
    borrowing func belongs(to key: borrowing PrivateKey) -> Bool {
        // A mismatch leaves its reason in the queue; the next call clears it.
        unsafe X509_check_private_key(raw, key.raw) == 1
    }

    /// Whether the issuer's name, rights and signature are those of `issuer`; times are not looked at.
    borrowing func isIssued(by issuer: borrowing Certificate) -> Bool {
        unsafe X509_check_issued(issuer.raw, raw) == X509_V_OK && X509_verify(raw, X509_get0_pubkey(issuer.raw)) == 1
    }

    /// Whether its own key signed it.
    var isSelfSigned: Bool {
        unsafe X509_self_signed(raw, 1) == 1
    }

    /// Whether its extension of one kind says exactly this; nil for none of the kind.
    borrowing func carries(_ text: ExtensionText?, as identifier: CInt) throws(PKIError) -> Bool {
        let location = unsafe X509_get_ext_by_NID(raw, identifier, -1)
        guard location >= 0, let text else { return location < 0 && text == nil }
        let wanted = unsafe try PKIError.object("X509V3_EXT_conf_nid") {
            unsafe X509V3_EXT_conf_nid(nil, nil, identifier, text.value)
        }
        defer { unsafe X509_EXTENSION_free(wanted) }
        let present = unsafe X509_EXTENSION_get_data(X509_get_ext(raw, location))
        return unsafe ASN1_OCTET_STRING_cmp(present, X509_EXTENSION_get_data(wanted)) == 0
    }

    /// Whether critical name constraints bind what it signs.
    var isConstrained: Bool {
        unsafe withNameConstraints { constraints, critical in
            unsafe constraints != nil && critical
        }
    }

    /// Whether its name constraints let `certificate` carry its names; false where there are none.
    borrowing func permits(_ certificate: borrowing Certificate) -> Bool {
        let subject = unsafe certificate.raw
        // The check sees a certificate's alternative names only once its extensions are cached, which this call does.
        guard unsafe X509_check_purpose(subject, -1, 0) == 1 else { return false }
        return unsafe withNameConstraints { constraints, _ in
            unsafe constraints != nil && NAME_CONSTRAINTS_check(subject, constraints) == X509_V_OK
        }
    }

    private borrowing func withNameConstraints(
        _ body: (UnsafeMutablePointer<NAME_CONSTRAINTS>?, _ critical: Bool) -> Bool
    ) -> Bool {
        var critical: CInt = 0
        let value = unsafe X509_get_ext_d2i(raw, NID_name_constraints, &critical, nil)
        let constraints = unsafe value?.assumingMemoryBound(to: NAME_CONSTRAINTS.self)
        defer { unsafe NAME_CONSTRAINTS_free(constraints) }
        return unsafe body(constraints, critical == 1)
    }

    private static func text(of name: OpaquePointer?) throws(PKIError) -> String {
        let buffer = try TextBuffer()
        try PKIError.attempt("X509_NAME_print_ex") {
            unsafe X509_NAME_print_ex(buffer.raw, name, 0, c_XN_FLAG_RFC2253()) >= 0
        }
        return String(decoding: buffer.takeBytes(), as: UTF8.self)
    }

    private static func unixSeconds(_ time: UnsafePointer<ASN1_TIME>?) throws(PKIError) -> Int64 {
        var broken = unsafe tm()
        try PKIError.attempt("ASN1_TIME_to_tm") {
            unsafe ASN1_TIME_to_tm(time, &broken) == 1
        }
        return unsafe Int64(timegm(&broken))
    }
}
