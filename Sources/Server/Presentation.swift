package import TLS

/// What listeners present: an identity, the OCSP answer to staple to it, and the keys of the tickets that go with it.
package struct Presentation: Sendable {
    /// The chain and its key.
    package let identity: Identity
    /// An answer that the certificate is good.
    let staple: [UInt8]?
    /// What tickets are sealed under.
    let ticketKeys: TicketKeys
    /// When it was made, in Unix seconds.
    let made: Int64

    /// Staples an answer that is good at `moment`, in Unix seconds.
    ///
    /// Tickets of before are not taken unless their keys are kept, since a session that is resumed would pass a new
    /// certificate by. Takes a signature, so it belongs on a thread of the caller's. Throws ``PKIError`` where it fails.
    package init(
        _ identity: Identity,
        of pki: PKI,
        at moment: Int64,
        keeping keys: TicketKeys? = nil
    ) throws(PKIError) {
        self.init(
            identity,
            staple: try pki.staple(.good, for: identity, spanning: moment...moment),
            keeping: keys,
            at: moment
        )
    }

    /// An identity with nothing, or these bytes, stapled to it.
    package init(_ identity: Identity, staple: [UInt8]? = nil, keeping keys: TicketKeys? = nil, at moment: Int64 = 0) {
        guard let ticketKeys = keys ?? TicketKeys(SecureRandom.bytes(TicketKeys.size)) else {
            preconditionFailure("ticket keys have a fixed size")
        }
        self.identity = identity
        self.staple = staple
        self.ticketKeys = ticketKeys
        made = moment
    }
}
