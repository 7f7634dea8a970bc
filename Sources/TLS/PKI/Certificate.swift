import COpenSSL
import Glibc
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
        let raw = unsafe try PKIError.object("PEM_read_bio_X509") { () -> OpaquePointer? in
            guard let read = PEMReader.certificate(Array(copying: pem)), unsafe X509_up_ref(read.pointer) == 1 else {
                return nil
            }
            return unsafe read.pointer
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

extension Certificate {
    /// Makes a certificate that its own key signs: a root.
    static func selfSigned(_ template: CertificateTemplate, by key: borrowing PrivateKey) throws(PKIError)
        -> Certificate
    {
        let certificate = try unsigned(template, for: key)
        try certificate.number(CertificateSerial.random())
        try certificate.name(issuer: certificate)
        try certificate.add(template.extensions, issuer: certificate)
        try certificate.sign(with: key, template.digest)
        return certificate
    }

    /// Makes a certificate about `key` that an authority signs.
    ///
    /// - Parameters:
    ///   - template: what it says.
    ///   - key: the key that it is about.
    ///   - issuer: the authority's certificate.
    ///   - issuerKey: the authority's key.
    /// - Returns: the signed certificate.
    /// - Throws: ``PKIError/openSSL(operation:detail:)``.
    static func issued(
        _ template: CertificateTemplate,
        for key: borrowing PrivateKey,
        by issuer: borrowing Certificate,
        with issuerKey: borrowing PrivateKey
    ) throws(PKIError) -> Certificate {
        let certificate = try unsigned(template, for: key)
        try certificate.number(CertificateSerial.random(markedBy: issuerKey))
        try certificate.name(issuer: issuer)
        let authorityKey = ExtensionText(identifier: NID_authority_key_identifier, value: "keyid:always")
        try certificate.add(template.extensions + [authorityKey], issuer: issuer)
        try certificate.sign(with: issuerKey, template.digest)
        return certificate
    }

    /// The same certificate about another key; its signature no longer fits, so nobody can be shown it.
    ///
    /// Whoever signs an answer with that key, and names this as the signer, claims to be who it is about.
    borrowing func forged(about key: borrowing PrivateKey) throws(PKIError) -> Certificate {
        let copy = unsafe try PKIError.object("X509_dup") { unsafe X509_dup(raw) }
        let certificate = unsafe Certificate(adopting: copy)
        let claimed = unsafe key.raw
        try PKIError.attempt("X509_set_pubkey") { unsafe X509_set_pubkey(copy, claimed) == 1 }
        return certificate
    }

    private static func unsigned(
        _ template: CertificateTemplate,
        for key: borrowing PrivateKey
    ) throws(PKIError) -> Certificate {
        let raw = unsafe try PKIError.object("X509_new") { unsafe X509_new() }
        let certificate = unsafe Certificate(adopting: raw)
        try PKIError.attempt("X509_set_pubkey") {
            unsafe X509_set_version(raw, CLong(X509_VERSION_3)) == 1
                && ASN1_TIME_set(X509_getm_notBefore(raw), time_t(template.validity.notBefore)) != nil
                && ASN1_TIME_set(X509_getm_notAfter(raw), time_t(template.validity.notAfter)) != nil
                && X509_set_pubkey(raw, key.raw) == 1
        }
        let subject = unsafe X509_get_subject_name(raw)
        for (attribute, value) in [("O", template.organization), ("CN", template.commonName)] {
            try PKIError.attempt("X509_NAME_add_entry_by_txt") {
                unsafe X509_NAME_add_entry_by_txt(subject, attribute, MBSTRING_UTF8, value, -1, -1, 0) == 1
            }
        }
        return certificate
    }

    private borrowing func number(_ serial: CertificateSerial) throws(PKIError) {
        unsafe try serial.write(to: X509_get_serialNumber(raw))
    }

    private borrowing func name(issuer: borrowing Certificate) throws(PKIError) {
        let name = unsafe X509_get_subject_name(issuer.raw)
        try PKIError.attempt("X509_set_issuer_name") {
            unsafe X509_set_issuer_name(raw, name) == 1
        }
    }

    private borrowing func add(_ extensions: [ExtensionText], issuer: borrowing Certificate) throws(PKIError) {
        var context = unsafe X509V3_CTX()
        unsafe X509V3_set_ctx(&context, issuer.raw, raw, nil, nil, 0)
        let subjectKey = ExtensionText(identifier: NID_subject_key_identifier, value: "hash")
        for item in [subjectKey] + extensions {
            let value = unsafe try PKIError.object("X509V3_EXT_conf_nid") {
                unsafe X509V3_EXT_conf_nid(nil, &context, item.identifier, item.value)
            }
            defer { unsafe X509_EXTENSION_free(value) }
            try PKIError.attempt("X509_add_ext") {
                unsafe X509_add_ext(raw, value, -1) == 1
            }
        }
    }

    private borrowing func sign(with key: borrowing PrivateKey, _ digest: SignatureDigest) throws(PKIError) {
        let signer = unsafe key.raw
        let algorithm = unsafe digest == .sha1 ? EVP_sha1() : EVP_sha256()
        try PKIError.attempt("X509_sign") {
            unsafe X509_sign(raw, signer, algorithm) > 0
        }
    }
}
