/// In what a profile's chain differs from one without a fault; without any it is the ordinary one.
package struct ProfileDifferences: Sendable, Equatable {
    /// Which key the server's certificate is about.
    package var key = KeyKind.p256
    /// Which digest the issuer signs in the server's certificate.
    package var signature = SignatureDigest.sha256
    /// Who signs the server's certificate.
    package var issuer = Issuer.service
    /// When the server's certificate counts.
    package var validity = Period.present
    /// What is sent of the intermediate, and when it counts.
    package var intermediate = Intermediate.sent
    /// How many authorities stand between the root and the server's certificate: 1 to ``depths``' end.
    package var depth = 1
    /// In which order the issuers follow the server's certificate.
    package var order = Order.usual
    /// Whether the root is sent too.
    package var sendsRoot = false
    /// Whom the server's certificate names.
    package var names = Names.usual
    /// What the server's certificate may prove.
    package var purpose = CertificateTemplate.Purpose.server
    /// Whether the server's certificate is an authority's.
    package var isAuthority = false
    /// Whether the server's certificate was taken back.
    package var isRevoked = false
    /// Whose key signs handshakes.
    package var keyOf = KeyHolder.itself

    /// Who signs the server's certificate.
    package enum Issuer: String, CaseIterable, Sendable {
        /// The service authority, below the root that clients trust.
        case service
        /// An authority for servers below the root of RSA chains, with an RSA key itself.
        case rsa
        /// The inspection authority, as a middlebox re-signs.
        case inspection
        /// An authority below a root that nobody was given.
        case stranger
        /// An authority below the root that may sign for other names only.
        case constrained
        /// The certificate's own key.
        case itself = "self"
    }

    /// When a certificate counts, beside both clocks.
    package enum Period: String, CaseIterable, Sendable {
        /// At both.
        case present
        /// Before both.
        case past
        /// After both.
        case future
    }

    /// What becomes of the intermediate.
    package enum Intermediate: String, CaseIterable, Sendable {
        /// It is sent, and counts.
        case sent
        /// It is not sent.
        case missing
        /// It is sent, and its time is over.
        case expired
    }

    /// In which order the issuers are sent.
    package enum Order: String, CaseIterable, Sendable {
        /// Each after what it signed.
        case usual
        /// The other way round.
        case reversed
    }

    /// Whom a certificate names.
    package enum Names: String, CaseIterable, Sendable {
        /// Everything that the server goes by.
        case usual
        /// Another host alone.
        case other
        /// Nobody, but for the common name.
        case none
        /// As usual, and further hosts up to ``ProfileDifferences/many`` names.
        case many
    }

    /// Whose key signs handshakes.
    package enum KeyHolder: String, CaseIterable, Sendable {
        /// The one that the certificate is about.
        case itself
        /// Another.
        case another
    }

    /// How deep a chain may be made.
    package static let depths = 1...32
    /// How many names a certificate with many of them has.
    package static let many = 1000

    /// Differs in nothing.
    package init() {}
}
