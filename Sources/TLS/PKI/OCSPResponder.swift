import COpenSSL

/// Answers whether certificates of this installation's authorities still count (RFC 6960).
///
/// Each answer is one signature on the calling thread: a fraction of a millisecond, which a loop may spend. Any number
/// of threads may ask at once.
///
/// The authority in question signs itself: a delegated responder's certificate would need a purpose that the
/// authorities below the root, bound to one purpose each, cannot give.
package struct OCSPResponder: Sendable {
    private let authorities: LabAuthorities
    /// The authorities' keys in DER, by which their marks are known.
    private let secrets: ByAuthority<[UInt8]>
    private let revoked: [LabAuthority: [CertificateSerial: Revocation]]

    /// The largest request that is looked at, in bytes; a question about one certificate has about a hundred.
    package static let requestLimit = 8192

    /// What a request may name its certificates by.
    private static let digests = [NID_sha1, NID_sha256, NID_sha384, NID_sha512]

    /// A responder for what these authorities issued.
    init(_ authorities: LabAuthorities, revoked: [Revocation]) throws(PKIError) {
        self.authorities = authorities
        secrets = try ByAuthority { (authority) throws(PKIError) in try authorities.own[authority].key.der() }
        self.revoked = Dictionary(grouping: revoked, by: \.authority)
            .mapValues { Dictionary($0.map { ($0.serial, $0) }) { first, _ in first } }
    }

    /// Answers a request.
    ///
    /// *good* is what an authority issued and did not take back, *revoked* what it took back. *unknown* is a number
    /// that it never gave out, and everything of an authority that is not of this installation. Where a request asks
    /// about several authorities, the first that is ours signs, and what others issued is unknown to it.
    ///
    /// - Parameters:
    ///   - request: the request in DER, from anybody.
    ///   - moments: the clocks that the answer counts by, the earliest and the latest, in Unix seconds.
    /// - Returns: the response in DER. One without a signature says that the request is malformed, or that signing
    ///   failed.
    package func answer(_ request: Span<UInt8>, spanning moments: ClosedRange<Int64>) -> [UInt8] {
        guard request.count <= Self.requestLimit, let request = OCSPRequest.parse(request) else {
            return Self.refusal(OCSP_RESPONSE_STATUS_MALFORMEDREQUEST)
        }
        do throws(PKIError) {
            return try signedAnswer(request, spanning: moments)
        } catch {
            return Self.refusal(OCSP_RESPONSE_STATUS_INTERNALERROR)
        }
    }

    private func signedAnswer(
        _ request: borrowing OCSPRequest,
        spanning moments: ClosedRange<Int64>
    ) throws(PKIError) -> [UInt8] {
        // A stranger's question is answered too, by the authority that most questions are for.
        let authority = signer(of: request) ?? .service
        let answer = try OCSPAnswer()
        let validity = Validity(days: RevocationList.answerDays, spanning: moments)
        for index in 0..<request.count {
            guard let identifier = unsafe request.identifier(index) else { continue }
            unsafe try answer.add(state(of: identifier, from: authority), of: identifier, for: validity)
        }
        try answer.repeatNonce(of: request)
        let signer = authorities.own[authority]
        // Made at no clock's future.
        return try answer.signed(as: signer.certificate, with: signer.key, at: moments.lowerBound)
    }

    /// The first authority of ours that the request asks about.
    private func signer(of request: borrowing OCSPRequest) -> LabAuthority? {
        for authority in [LabAuthority.service, .device, .root] {
            for index in 0..<request.count {
                if let identifier = unsafe request.identifier(index), unsafe isNamed(authority, in: identifier) {
                    return authority
                }
            }
        }
        return nil
    }

    /// What an authority says of a certificate.
    private func state(of identifier: OpaquePointer, from authority: LabAuthority) -> OCSPState {
        var number: UnsafeMutablePointer<ASN1_INTEGER>?
        unsafe OCSP_id_get0_info(nil, nil, nil, &number, identifier)
        guard unsafe isNamed(authority, in: identifier), let serial = unsafe CertificateSerial(number) else {
            return .unknown
        }
        if let revocation = revoked[authority]?[serial] { return .revoked(revocation) }
        let isOurs = serial.isMarked(by: secrets[authority]) || authorities.recorded[serial] == authority
        return isOurs ? .good : .unknown
    }

    /// Whether a certificate's name in a request means one issued under the subject and key of an authority.
    private func isNamed(_ authority: LabAuthority, in identifier: OpaquePointer) -> Bool {
        ErrorQueue.clear()
        defer { ErrorQueue.clear() }
        var algorithm: OpaquePointer?
        var number: UnsafeMutablePointer<ASN1_INTEGER>?
        unsafe OCSP_id_get0_info(nil, &algorithm, nil, &number, identifier)
        let kind = unsafe OBJ_obj2nid(algorithm)
        guard Self.digests.contains(kind), let digest = unsafe EVP_get_digestbyname(OBJ_nid2sn(kind)) else {
            return false
        }
        let issuer = authorities.own[authority].certificate
        let (name, key) = unsafe (X509_get_subject_name(issuer.raw), X509_get0_pubkey_bitstr(issuer.raw))
        guard let own = unsafe OCSP_cert_id_new(digest, name, key, number) else { return false }
        defer { unsafe OCSP_CERTID_free(own) }
        return unsafe OCSP_id_issuer_cmp(own, identifier) == 0
    }

    /// A response without a signature.
    private static func refusal(_ status: CInt) -> [UInt8] {
        // OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED } (RFC 6960 section 4.2.1).
        [0x30, 0x03, 0x0A, 0x01, UInt8(status)]
    }
}
