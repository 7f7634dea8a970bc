internal import COpenSSL
package import TLSNames

/// The answers themselves.
extension StapleStatus {
    /// Makes the answer about a certificate, with or without its chain, by who issued it; nil for a missing one.
    ///
    /// Without a `revocation` an answer that it is revoked gives no reason.
    func staple(
        to identity: Identity,
        by issuer: Credential,
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
        let leaf = try Certificate.parse(identity.chain)
        // SHA-1 names the certificate, and clients look for it by that (RFC 5019 section 2.1.1).
        let identifier = unsafe try PKIError.object("OCSP_cert_to_id") {
            unsafe OCSP_cert_to_id(EVP_sha1(), leaf.raw, issuer.certificate.raw)
        }
        defer { unsafe OCSP_CERTID_free(identifier) }
        let unexplained = Revocation(of: try leaf.serial, by: .service, at: validity.notBefore)
        let state: OCSPState =
            switch self {
            case .good, .stale, .forged, .missing: .good
            case .unknown: .unknown
            case .revoked: .revoked(revocation ?? unexplained)
            }
        let answer = try OCSPAnswer()
        unsafe try answer.add(state, of: identifier, for: validity)
        let key = try self == .forged ? .generate(.p256) : issuer.key
        let signer = try self == .forged ? issuer.certificate.forged(about: key) : issuer.certificate
        // Made when it begins to count: after neither of the clocks.
        return try answer.signed(as: signer, with: key, at: validity.notBefore)
    }
}

extension PKI {
    /// Makes an answer in DER to staple to the server's own certificate, or to one of ``identity(at:calling:)``; nil
    /// for a missing one.
    ///
    /// It counts by the host's clock and by the lab's, the earlier first, in Unix seconds, until a day after the later
    /// one. It signs, so it belongs on a thread of the caller's.
    package func staple(
        _ status: StapleStatus,
        for identity: Identity,
        spanning moments: ClosedRange<Int64>
    ) throws(PKIError) -> [UInt8]? {
        try status.staple(to: identity, by: authorities.own.service, spanning: moments)
    }
}
