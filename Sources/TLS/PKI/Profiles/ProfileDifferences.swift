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

extension ProfileDifferences: Decodable {
    private enum Keys: String, CodingKey, CaseIterable {
        case key, signature, issuer, validity, intermediate, depth, order, root, names, purpose, authority, revoked
        case keyOf
    }

    /// Whether the root is sent.
    private enum Root: String, CaseIterable {
        case kept, sent
    }

    /// Reads what is given, and leaves the rest as it is without a fault.
    ///
    /// Throws what contradicts itself too: a profile is made when it is first asked for, which is late to hear of it.
    package init(from decoder: any Decoder) throws {
        let mapping = try decoder.mapping(of: Keys.self)
        key = try mapping.word(.key, else: key)
        signature = try mapping.word(.signature, else: signature)
        issuer = try mapping.word(.issuer, else: issuer)
        validity = try mapping.word(.validity, else: validity)
        intermediate = try mapping.word(.intermediate, else: intermediate)
        depth = try mapping.decodeIfPresent(Int.self, forKey: .depth) ?? depth
        order = try mapping.word(.order, else: order)
        sendsRoot = try mapping.word(.root, else: Root.kept) == .sent
        names = try mapping.word(.names, else: names)
        purpose = try mapping.word(.purpose, else: purpose)
        isAuthority = try mapping.decodeIfPresent(Bool.self, forKey: .authority) ?? isAuthority
        isRevoked = try mapping.decodeIfPresent(Bool.self, forKey: .revoked) ?? isRevoked
        keyOf = try mapping.word(.keyOf, else: keyOf)
        if let (key, reason) = contradiction {
            throw DecodingError.dataCorruptedError(forKey: key, in: mapping, debugDescription: reason)
        }
    }

    private var contradiction: (Keys, String)? {
        if !Self.depths.contains(depth) {
            return (.depth, "\(depth) is not from \(Self.depths.lowerBound) to \(Self.depths.upperBound)")
        }
        if issuer != .service {
            if depth > 1 { return (.depth, "only a chain of the issuer service can be deep") }
            if intermediate != .sent { return (.intermediate, "only the issuer service has one") }
            if isRevoked { return (.revoked, "only the issuer service keeps a list") }
        }
        if issuer == .itself, sendsRoot { return (.root, "what signs itself has none") }
        if order == .reversed, depth == 1, !sendsRoot {
            return (.order, "one issuer has no order: give a depth of 2 or more")
        }
        if keyOf == .another, key != .p256 { return (.keyOf, "only a P-256 key can be made of two") }
        return nil
    }
}
