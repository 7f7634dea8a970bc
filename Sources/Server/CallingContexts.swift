import TLS

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
