internal import COpenSSL

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
