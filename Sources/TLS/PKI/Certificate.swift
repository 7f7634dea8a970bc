import COpenSSL
import Glibc
import Notation

/// One X.509 certificate; any thread may use it, since nothing in it changes once it is made.
@safe final class Certificate: Sendable {
    /// Borrowed: valid only while the certificate is.
    nonisolated(unsafe) let raw: OpaquePointer

    /// Takes over a reference that the caller owns.
    init(adopting raw: OpaquePointer) {
        unsafe self.raw = raw
    }

    deinit {
        unsafe X509_free(raw)
    }

    /// Reads the first certificate of a PEM text.
    static func parse(_ pem: [UInt8]) throws(PKIError) -> Certificate {
        try PKIError.object("PEM_read_bio_X509") { PEMReader.certificate(pem) }
    }

    /// Writes the certificate in PEM.
    func pem() throws(PKIError) -> [UInt8] {
        unsafe try PKIError.text("PEM_write_bio_X509") { unsafe PEM_write_bio_X509($0, raw) == 1 }
    }

    /// Writes the certificate in DER.
    func der() throws(PKIError) -> [UInt8] {
        unsafe try PKIError.encoded("i2d_X509") { unsafe i2d_X509(raw, $0) }
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
            let der = try der()
            return Hexadecimal.text(SHA256.hash(of: der.span))
        }
    }

    /// The name of its public key, as ``PrivateKey/identifier`` has it.
    var keyIdentifier: String {
        get throws(PKIError) {
            unsafe try PrivateKey.identifier(ofPublicKey: X509_get0_pubkey(raw))
        }
    }

    /// Whether the key is the one that this certificate is about.
    func belongs(to key: PrivateKey) -> Bool {
        // A mismatch leaves its reason in the queue; the next call clears it.
        unsafe X509_check_private_key(raw, key.raw) == 1
    }

    /// Whether the issuer's name, rights and signature are those of `issuer`; times are not looked at.
    func isIssued(by issuer: Certificate) -> Bool {
        unsafe X509_check_issued(issuer.raw, raw) == X509_V_OK && X509_verify(raw, X509_get0_pubkey(issuer.raw)) == 1
    }

    /// Whether its own key signed it.
    var isSelfSigned: Bool { unsafe X509_self_signed(raw, 1) == 1 }

    /// Whether its extension of one kind says what a template's does, or whether neither has any.
    func agrees(with template: CertificateTemplate, in identifier: CInt) throws(PKIError) -> Bool {
        let location = unsafe X509_get_ext_by_NID(raw, identifier, -1)
        let wanted = template.extensions.first { $0.identifier == identifier }
        guard let wanted, location >= 0 else { return wanted == nil && location < 0 }
        let made = unsafe try PKIError.object("X509V3_EXT_conf_nid") {
            unsafe X509V3_EXT_conf_nid(nil, nil, identifier, wanted.value)
        }
        defer { unsafe X509_EXTENSION_free(made) }
        let present = unsafe X509_EXTENSION_get_data(X509_get_ext(raw, location))
        return unsafe ASN1_OCTET_STRING_cmp(present, X509_EXTENSION_get_data(made)) == 0
    }

    /// Whether critical name constraints bind what it signs.
    var isConstrained: Bool {
        var critical: CInt = 0
        let value = unsafe X509_get_ext_d2i(raw, NID_name_constraints, &critical, nil)
        unsafe NAME_CONSTRAINTS_free(value?.assumingMemoryBound(to: NAME_CONSTRAINTS.self))
        return unsafe value != nil && critical == 1
    }

    /// Whether its name constraints let `certificate` carry its names; false where there are none.
    func permits(_ certificate: Certificate) -> Bool {
        // The check sees a certificate's alternative names only once its extensions are cached, which this call does.
        guard unsafe X509_check_purpose(certificate.raw, -1, 0) == 1,
            let value = unsafe X509_get_ext_d2i(raw, NID_name_constraints, nil, nil)
        else { return false }
        let constraints = unsafe value.assumingMemoryBound(to: NAME_CONSTRAINTS.self)
        defer { unsafe NAME_CONSTRAINTS_free(constraints) }
        return unsafe NAME_CONSTRAINTS_check(certificate.raw, constraints) == X509_V_OK
    }

    private static func text(of name: OpaquePointer?) throws(PKIError) -> String {
        let text = unsafe try PKIError.text("X509_NAME_print_ex") {
            unsafe X509_NAME_print_ex($0, name, 0, c_XN_FLAG_RFC2253()) >= 0
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func unixSeconds(_ time: UnsafePointer<ASN1_TIME>?) throws(PKIError) -> Int64 {
        var broken = unsafe tm()
        try PKIError.attempt("ASN1_TIME_to_tm") { unsafe ASN1_TIME_to_tm(time, &broken) == 1 }
        return unsafe Int64(timegm(&broken))
    }
}

extension Certificate {
    /// Makes a certificate about `key` that an authority signs; without one the key itself signs, which makes a root.
    static func signed(
        _ template: CertificateTemplate,
        for key: PrivateKey,
        by authority: Credential? = nil
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
        let serial: CertificateSerial = if let authority { try .random(markedBy: authority.key) } else { .random() }
        unsafe try serial.write(to: X509_get_serialNumber(raw))
        let issuer = authority?.certificate ?? certificate
        try PKIError.attempt("X509_set_issuer_name") {
            unsafe X509_set_issuer_name(raw, X509_get_subject_name(issuer.raw)) == 1
        }
        var extensions = [ExtensionText(identifier: NID_subject_key_identifier, value: "hash")] + template.extensions
        if authority != nil {
            extensions.append(ExtensionText(identifier: NID_authority_key_identifier, value: "keyid:always"))
        }
        for item in extensions { try certificate.add(item, issuer: issuer) }
        let signer = authority?.key ?? key
        let digest = unsafe template.digest == .sha1 ? EVP_sha1() : EVP_sha256()
        try PKIError.attempt("X509_sign") { unsafe X509_sign(raw, signer.raw, digest) > 0 }
        return certificate
    }

    private func add(_ item: ExtensionText, issuer: Certificate) throws(PKIError) {
        var context = unsafe X509V3_CTX()
        unsafe X509V3_set_ctx(&context, issuer.raw, raw, nil, nil, 0)
        let value = unsafe try PKIError.object("X509V3_EXT_conf_nid") {
            unsafe X509V3_EXT_conf_nid(nil, &context, item.identifier, item.value)
        }
        defer { unsafe X509_EXTENSION_free(value) }
        try PKIError.attempt("X509_add_ext") { unsafe X509_add_ext(raw, value, -1) == 1 }
    }

    /// The same certificate about another key; its signature no longer fits, so nobody can be shown it.
    ///
    /// Whoever signs an answer with that key, and names this as the signer, claims to be who it is about.
    func forged(about key: PrivateKey) throws(PKIError) -> Certificate {
        let raw = unsafe try PKIError.object("X509_dup") { unsafe X509_dup(self.raw) }
        let copy = unsafe Certificate(adopting: raw)
        try PKIError.attempt("X509_set_pubkey") { unsafe X509_set_pubkey(copy.raw, key.raw) == 1 }
        return copy
    }
}
