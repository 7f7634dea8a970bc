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
