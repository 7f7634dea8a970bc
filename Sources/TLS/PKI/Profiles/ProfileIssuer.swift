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
        return ProfileIssuer(
            identity: try service.identity(),
            chain: [try service.certificatePEM],
            root: authorities.root.chain,
            limits: try service.certificate.validity,
            publishedAt: publicationAddress
        )
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
            let template = CertificateTemplate.step(level, of: differences.depth, under: identifier, validity: validity)
            above = try Credential(above).issue(template).identity()
            chain.insert(above.chain, at: 0)
        }
        var template = CertificateTemplate.intermediate(
            LabAuthority.service.title,
            for: .server,
            under: identifier,
            now: moments.upperBound,
            notPast: .max
        )
        template.validity =
            differences.intermediate == .expired ? Self.period(.past, beside: validity) : validity
        let service = try Credential(above)
            .issue(template, for: PrivateKey.parse(authorities.service.privateKey.span))
        return ProfileIssuer(
            identity: try service.identity(),
            chain: [try service.certificatePEM] + chain,
            root: authorities.root.chain,
            limits: validity,
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
            var template = CertificateTemplate.inspection(
                try present.key.identifier,
                names: names,
                now: moments.upperBound
            )
            template.validity = fresh
            let sibling = try Certificate.selfSigned(template, by: present.key)
            identity = Identity(chain: try sibling.pem(), privateKey: inspection.privateKey)
            limits = fresh
        }
        return ProfileIssuer(identity: identity, chain: [], root: identity.chain, limits: limits, publishedAt: nil)
    }

    private func strangerIssuer(spanning moments: ClosedRange<Int64>) throws(PKIError) -> ProfileIssuer {
        let validity = Self.window(moments)
        let key = try PrivateKey.generate(.p256)
        let identifier = try key.identifier
        let template = CertificateTemplate.strangerRoot(identifier, names: names, validity: validity)
        let root = Credential(certificate: try .selfSigned(template, by: key), key: key)
        var below = CertificateTemplate.intermediate(
            LabAuthority.service.title,
            for: .server,
            under: identifier,
            now: moments.upperBound,
            notPast: .max
        )
        below.validity = validity
        return try Self.issuer(root.issue(below), below: root.certificatePEM, limits: validity)
    }

    /// An authority for servers whose chain is RSA throughout.
    private func rsaIssuer(spanning moments: ClosedRange<Int64>) throws(PKIError) -> ProfileIssuer {
        let root = try Credential(authorities.rsaRoot)
        let validity = try Self.window(moments).within(root.certificate.validity)
        var below = CertificateTemplate.intermediate(
            "RSA \(LabAuthority.service.title)",
            for: .server,
            under: try root.key.identifier,
            now: moments.upperBound,
            notPast: .max
        )
        below.validity = validity
        below.keyKind = .rsa2048
        return try Self.issuer(root.issue(below), below: root.certificatePEM, limits: validity)
    }

    private func constrainedIssuer(spanning moments: ClosedRange<Int64>) throws(PKIError) -> ProfileIssuer {
        let root = try root(spanning: moments)
        let validity = try Self.window(moments).within(root.certificate.validity)
        let template = CertificateTemplate.constrained(under: try root.key.identifier, validity: validity)
        return try Self.issuer(root.issue(template), below: root.certificatePEM, limits: validity)
    }

    /// An authority with a key of its own, whose list nobody publishes.
    private static func issuer(
        _ credential: borrowing Credential,
        below root: [UInt8],
        limits: Validity
    ) throws(PKIError) -> ProfileIssuer {
        ProfileIssuer(
            identity: try credential.identity(),
            chain: [try credential.certificatePEM],
            root: root,
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
