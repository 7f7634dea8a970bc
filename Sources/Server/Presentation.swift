package import TLS
import TLSNames

/// What listeners present: an identity for each way of calling the server, the OCSP answers to staple to them, and the
/// keys of the tickets that go with both.
package struct Presentation: Sendable {
    /// An identity and what is stapled to it.
    struct Shown: Sendable {
        /// The chain and its key.
        let identity: Identity
        /// An answer that the certificate is good; nil where none is stapled.
        let staple: [UInt8]?
    }

    /// For clients that ask for no name.
    let unnamed: Shown
    /// For clients that ask for a host by name.
    let named: Shown
    /// What tickets are sealed under.
    let ticketKeys: TicketKeys
    /// When it was made, in Unix seconds.
    let made: Int64

    /// Staples answers that are good at `moment`, in Unix seconds.
    ///
    /// Tickets of before are not taken unless their keys are kept, since a session that is resumed would pass a new
    /// certificate by. Takes two signatures, so it belongs on a thread of the caller's. Throws ``PKIError`` where it
    /// fails.
    package init(
        _ unnamed: Identity,
        named: Identity,
        of pki: PKI,
        at moment: Int64,
        keeping keys: TicketKeys? = nil
    ) throws(PKIError) {
        func shown(_ identity: Identity) throws(PKIError) -> Shown {
            Shown(identity: identity, staple: try pki.staple(.good, for: identity, spanning: moment...moment))
        }
        guard let ticketKeys = keys ?? TicketKeys(SecureRandom.bytes(TicketKeys.size)) else {
            preconditionFailure("ticket keys have a fixed size")
        }
        self.unnamed = try shown(unnamed)
        self.named = try shown(named)
        self.ticketKeys = ticketKeys
        made = moment
    }

    /// What an installation presents by the host's clock.
    package init(of pki: PKI, at moment: Int64, keeping keys: TicketKeys? = nil) throws(PKIError) {
        try self.init(pki.server, named: pki.named, of: pki, at: moment, keeping: keys)
    }
}

/// The TLS contexts of one loop for one presentation: which of them serves a connection depends on how its client calls
/// the server.
///
/// They share ticket keys, so that a session of one is resumed by the other.
struct CallingContexts {
    private let unnamed: ServerContext
    private let named: ServerContext

    /// Throws where OpenSSL refuses an identity.
    init(_ presentation: Presentation) throws(TLSError) {
        func context(_ shown: Presentation.Shown) throws(TLSError) -> ServerContext {
            try ServerContext(identity: shown.identity, ticketKeys: presentation.ticketKeys, staple: shown.staple)
        }
        unnamed = try context(presentation.unnamed)
        named = try context(presentation.named)
    }

    /// The context for a client that calls the server so.
    subscript(calling: CertificateTemplate.Calling) -> ServerContext { calling == .byName ? named : unnamed }
}
