/// What an installation tells everybody who asks: the root to trust, what was taken back, and answers about the rest.
///
/// A value that goes stale: lists are good for 7 days, so whoever publishes it makes a new one in time.
package struct PKIPublication: Sendable {
    /// The root certificate in PEM.
    package let authorityPEM: [UInt8]
    /// The root certificate in DER.
    package let authorityDER: [UInt8]
    /// Answers OCSP requests.
    package let responder: OCSPResponder
    private let root: RevocationList
    private let service: RevocationList
    private let device: RevocationList

    init(_ authorities: LabAuthorities, revoking revoked: [Revocation], now: Int64) throws(PKIError) {
        func list(of authority: LabAuthority) throws(PKIError) -> RevocationList {
            try RevocationList(
                by: authorities.credential(of: authority),
                revoked: revoked.filter { $0.authority == authority },
                now: now
            )
        }
        authorityPEM = authorities.root.chain
        authorityDER = try Certificate.parse(authorities.root.chain.span).der()
        responder = try OCSPResponder(authorities, revoked: revoked)
        root = try list(of: .root)
        service = try list(of: .service)
        device = try list(of: .device)
    }

    /// What an authority took back.
    package func list(of authority: LabAuthority) -> RevocationList {
        switch authority {
        case .root: root
        case .service: service
        case .device: device
        }
    }
}

extension PKI {
    /// Signs the authorities' lists, and gathers what is there for everybody.
    ///
    /// Three signatures, so it belongs on a thread of the caller's, and not on a loop.
    ///
    /// - Parameters:
    ///   - revoked: every certificate that was taken back so far; each at most once.
    ///   - now: the present, Unix seconds; a lab's, where its certificates follow its clock.
    /// - Returns: the publication, to be replaced within 7 days.
    /// - Throws: ``PKIError/openSSL(operation:detail:)``.
    package func publication(revoking revoked: [Revocation] = [], now: Int64) throws(PKIError) -> PKIPublication {
        try PKIPublication(authorities, revoking: revoked, now: now)
    }
}
