/// Who signs a profile's certificate, and what is sent after it.
struct ProfileIssuer {
    /// The authority's certificate alone, and its key.
    let identity: Identity
    /// The certificates of it and of those above it in PEM, the nearest first, without the root.
    let chain: [[UInt8]]
    /// The root's certificate in PEM.
    let root: [UInt8]
    /// In which what it signs can count, as far as the chain is concerned.
    let limits: Validity
    /// Where its list and its OCSP answers are, if anywhere.
    let publishedAt: String?
}

extension PKI {
    /// How long what a profile shows without a defect lasts, in days from the later of two clocks.
    static let profileDays: Int64 = 90

    /// The issuer of a profile's certificate, made where there is none that counts at both moments.
    ///
    /// - Parameters:
    ///   - differences: what the profile wants of it.
    ///   - moments: what two clocks say, the earlier first.
    /// - Returns: the issuer; nil where the certificate signs itself.
    /// - Throws: ``PKIError/outsideRoot(moment:from:until:)``, or ``PKIError/openSSL(operation:detail:)``.
    func issuer(
        for differences: ProfileDifferences,
        spanning moments: ClosedRange<Int64>
    ) throws(PKIError) -> ProfileIssuer? {
        switch differences.issuer {
        case .itself: nil
        case .rsa: try rsaIssuer(spanning: moments)
        case .inspection: try inspectionIssuer(spanning: moments)
        case .stranger: try strangerIssuer(spanning: moments)
        case .constrained: try constrainedIssuer(spanning: moments)
        case .service where differences.depth == 1 && differences.intermediate != .expired:
            try serviceIssuer(spanning: moments)
        case .service: try towerIssuer(differences, spanning: moments)
        }
    }

    private func serviceIssuer(spanning moments: ClosedRange<Int64>) throws(PKIError) -> ProfileIssuer {
        let service = try authority(.service, spanning: moments)
        return try issuer(service, limits: service.certificate.validity)
    }

    /// The service authority's sibling below further authorities, or one whose time is over.
    private func towerIssuer(
        _ differences: ProfileDifferences,
        spanning moments: ClosedRange<Int64>
    ) throws(PKIError) -> ProfileIssuer {
        let root = try root(spanning: moments)
        let identifier = try root.key.identifier
        let validity = try Self.window(moments).within(root.certificate.validity)
        var above = authorities.root
        var chain: [[UInt8]] = []
        for level in 1..<differences.depth {
            let template = CertificateTemplate.intermediate(
                "Level \(level)",
                under: identifier,
                validity: validity,
                pathLength: differences.depth - level
            )
            above = try Credential(above).issue(template).identity()
            chain.insert(above.chain, at: 0)
        }
        let template = CertificateTemplate.intermediate(
            LabAuthority.service.title,
            under: identifier,
            validity: differences.intermediate == .expired ? Self.period(.past, beside: validity) : validity
        )
        let service = try Credential(above)
            .issue(template, for: PrivateKey.parse(authorities.service.privateKey.span))
        return try issuer(service, below: chain, limits: validity)
    }

    /// The service authority, whose list is published, or a sibling of it.
    private func issuer(
        _ service: borrowing Credential,
        below chain: [[UInt8]] = [],
        limits: Validity
    ) throws(PKIError) -> ProfileIssuer {
        ProfileIssuer(
            identity: try service.identity(),
            chain: [try service.certificatePEM] + chain,
            root: authorities.root.chain,
            limits: limits,
            publishedAt: publicationAddress
        )
    }

    /// The inspection authority, or a sibling with its name and key.
    private func inspectionIssuer(spanning moments: ClosedRange<Int64>) throws(PKIError) -> ProfileIssuer {
        let present = try Credential(inspection)
        let stands = try present.certificate.validity
        var identity = inspection
        var limits = stands
        let fresh = Self.window(moments)
        if !stands.contains(moments.lowerBound) || stands.isDue(at: moments.upperBound, comparedTo: fresh) {
            let template = CertificateTemplate.root(
                "Inspection",
                try present.key.identifier,
                names: names,
                validity: fresh,
                pathLength: 0
            )
            let sibling = try Certificate.selfSigned(template, by: present.key)
            identity = Identity(chain: try sibling.pem(), privateKey: inspection.privateKey)
            limits = fresh
        }
        return ProfileIssuer(identity: identity, chain: [], root: identity.chain, limits: limits, publishedAt: nil)
    }

    /// An authority below a root that no client was given, held to the same names as the installation's own.
    private func strangerIssuer(spanning moments: ClosedRange<Int64>) throws(PKIError) -> ProfileIssuer {
        let validity = Self.window(moments)
        let key = try PrivateKey.generate(.p256)
        let template = CertificateTemplate.root(
            "Stranger Root",
            try key.identifier,
            names: names,
            validity: validity
        )
        return try Self.issuer(LabAuthority.service.title, below: .selfSigned(template, by: key), limits: validity)
    }

    /// An authority for servers whose chain is RSA throughout.
    private func rsaIssuer(spanning moments: ClosedRange<Int64>) throws(PKIError) -> ProfileIssuer {
        let root = try Credential(authorities.rsaRoot)
        let validity = try Self.window(moments).within(root.certificate.validity)
        return try Self.issuer("RSA \(LabAuthority.service.title)", below: root, limits: validity, key: .rsa2048)
    }

    /// An authority for servers that may sign for other names than those of the lab.
    private func constrainedIssuer(spanning moments: ClosedRange<Int64>) throws(PKIError) -> ProfileIssuer {
        let root = try root(spanning: moments)
        let validity = try Self.window(moments).within(root.certificate.validity)
        let permitted = [PermittedSubtree.name(.host(CertificateTemplate.otherHost))]
        return try Self.issuer("Constrained", below: root, limits: validity, permitted: permitted)
    }

    /// An authority below a root, with a key of its own, whose list nobody publishes.
    private static func issuer(
        _ title: String,
        below root: borrowing Credential,
        limits: Validity,
        permitted: [PermittedSubtree] = [],
        key kind: KeyKind = .p256
    ) throws(PKIError) -> ProfileIssuer {
        let template = CertificateTemplate.intermediate(
            title,
            under: try root.key.identifier,
            validity: limits,
            permitted: permitted,
            key: kind
        )
        let authority = try root.issue(template)
        return ProfileIssuer(
            identity: try authority.identity(),
            chain: [try authority.certificatePEM],
            root: try root.certificatePEM,
            limits: limits,
            publishedAt: nil
        )
    }

    /// From an hour before the earlier clock, for peers that are slow, until long after the later.
    static func window(_ moments: ClosedRange<Int64>) -> Validity {
        Validity(notBefore: moments.lowerBound - 3600, notAfter: moments.upperBound + profileDays * 86_400)
    }

    /// A validity that holds through a window, ends a day before it, or begins a day after it.
    static func period(_ period: ProfileDifferences.Period, beside window: Validity) -> Validity {
        let (day, month): (Int64, Int64) = (86_400, 30 * 86_400)
        return switch period {
        case .present: window
        case .past: Validity(notBefore: window.notBefore - day - month, notAfter: window.notBefore - day)
        case .future: Validity(notBefore: window.notAfter + day, notAfter: window.notAfter + day + month)
        }
    }
}
