internal import COpenSSL
package import TLSNames

/// The answers themselves.
extension StapleStatus {
    /// Makes the answer.
    ///
    /// - Parameters:
    ///   - identity: the certificate that it is about, with or without its chain.
    ///   - issuer: who issued that.
    ///   - revocation: how it was taken back, where it was; otherwise an answer that it is revoked gives no reason.
    ///   - moments: the clocks that it counts by, the earlier first.
    /// - Returns: the response in DER; nil for a missing one.
    /// - Throws: ``PKIError/openSSL(operation:detail:)``.
    func staple(
        to identity: Identity,
        by issuer: borrowing Credential,
        _ revocation: Revocation? = nil,
        spanning moments: ClosedRange<Int64>
    ) throws(PKIError) -> [UInt8]? {
        if self == .missing { return nil }
        let day: Int64 = 86_400
        var validity = Validity(days: RevocationList.answerDays, spanning: moments)
        if self == .stale {
            let end = validity.notBefore - day
            validity = Validity(notBefore: end - RevocationList.answerDays * day, notAfter: end)
        }
        let leaf = try Certificate.parse(identity.chain.span)
        let (about, above, key) = unsafe (leaf.raw, issuer.certificate.raw, issuer.key.raw)
        // SHA-1 names the certificate, and clients look for it by that (RFC 5019 section 2.1.1).
        let identifier = unsafe try PKIError.object("OCSP_cert_to_id") {
            unsafe OCSP_cert_to_id(EVP_sha1(), about, above)
        }
        defer { unsafe OCSP_CERTID_free(identifier) }
        let answer = try OCSPAnswer()
        let serial = try leaf.serial
        unsafe try answer.add(state(of: serial, revocation, validity), of: identifier, for: validity)
        // Made when it begins to count: after neither of the clocks.
        guard self == .forged else {
            return unsafe try answer.signed(as: above, with: key, at: validity.notBefore)
        }
        let thief = try PrivateKey.generate(.p256)
        let mask = try issuer.certificate.forged(about: thief)
        return unsafe try answer.signed(as: mask.raw, with: thief.raw, at: validity.notBefore)
    }

    private func state(of serial: CertificateSerial, _ revocation: Revocation?, _ validity: Validity) -> OCSPState {
        switch self {
        case .good, .stale, .forged, .missing: .good
        case .unknown: .unknown
        case .revoked: .revoked(revocation ?? Revocation(of: serial, by: .service, at: validity.notBefore))
        }
    }
}

extension PKI {
    /// Makes an answer to staple to the server's own certificate, or to one of ``identity(at:)``.
    ///
    /// It reads a key and signs, so it belongs on a thread of the caller's.
    ///
    /// - Parameters:
    ///   - status: what the answer says, or what is wrong with it.
    ///   - identity: what the server presents; the service authority issued it.
    ///   - moments: what the host's clock and the lab's say, the earlier first, in Unix seconds: the answer counts at
    ///     both, until a day after the later one.
    /// - Returns: the response in DER; nil for a missing one.
    /// - Throws: ``PKIError/openSSL(operation:detail:)``.
    package func staple(
        _ status: StapleStatus,
        for identity: Identity,
        spanning moments: ClosedRange<Int64>
    ) throws(PKIError) -> [UInt8]? {
        try status.staple(to: identity, by: authorities.credential(of: .service), spanning: moments)
    }
}
