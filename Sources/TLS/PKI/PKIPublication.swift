/// What an installation tells everybody who asks: the root to trust, what was taken back, and answers about the rest.
///
/// A value that goes stale: lists are good for 7 days past the latest clock, so whoever publishes it makes a new one in
/// time, and where a clock is moved.
package struct PKIPublication: Sendable {
    /// The root certificate in PEM, and behind it that of RSA.
    package let authorityPEM: [UInt8]
    /// The root certificate in DER.
    package let authorityDER: [UInt8]
    /// Answers OCSP requests.
    package let responder: OCSPResponder
    /// The number of its lists, by which a later publication is told from an earlier.
    package let number: Int64
    fileprivate let lists: ByAuthority<RevocationList>

    /// What an authority took back.
    package func list(of authority: LabAuthority) -> RevocationList { lists[authority] }
}

extension PKI {
    /// Signs the authorities' lists, and gathers what is there for everybody.
    ///
    /// Three signatures, so it belongs on a thread of the caller's, and not on a loop. It is to be replaced within 7
    /// days, with everything that was taken back so far, each at most once, and a greater number (RFC 5280 section
    /// 5.2.3).
    ///
    /// Lists count at both ends of `moments`, in Unix seconds: the earliest and the latest of the clocks that they are
    /// asked by, the host's and those of labs whose certificates follow them.
    package func publication(
        revoking revoked: [Revocation] = [],
        spanning moments: ClosedRange<Int64>,
        number: Int64
    ) throws(PKIError) -> PKIPublication {
        try PKIPublication(
            authorityPEM: authority,
            authorityDER: authorities.own.root.certificate.der(),
            responder: OCSPResponder(authorities, revoked: revoked),
            number: number,
            lists: ByAuthority { (authority) throws(PKIError) in
                try RevocationList(
                    by: authorities.own[authority],
                    revoked: revoked.filter { $0.authority == authority },
                    spanning: moments,
                    number: number
                )
            }
        )
    }
}
