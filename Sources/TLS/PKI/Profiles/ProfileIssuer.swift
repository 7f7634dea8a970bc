/// Who signs a profile's certificate, and what is sent after it.
struct ProfileIssuer {
    let authority: Credential
    /// The certificates of it and of those above it in PEM, the nearest first, without the root.
    let chain: [[UInt8]]
    /// The root's certificate in PEM.
    let root: [UInt8]
    /// In which what it signs can count, as far as the chain is concerned.
    let limits: Validity
    /// Where its list and its OCSP answers are, if anywhere.
    var publishedAt: String?
}

extension PKI {
    /// How long what a profile shows without a defect lasts, in days from the later of two clocks.
    static let profileDays: Int64 = 90

    /// The issuer of a profile's certificate, made where there is none that counts at both moments; nil where the
    /// certificate signs itself.
    func issuer(
        for differences: ProfileDifferences,
        spanning moments: ClosedRange<Int64>
    ) throws(PKIError) -> ProfileIssuer? {
        let window = Validity(days: Self.profileDays, spanning: moments)
        switch differences.issuer {
        case .itself: return nil
        case .service where differences.depth == 1 && differences.intermediate != .expired:
            let service = try authority(.service, spanning: moments)
            return try published(service, limits: service.certificate.validity)
        case .service: return try towerIssuer(differences, below: root(spanning: moments), window)
        case .rsa: return try issuer("RSA Service", below: authorities.rsaRoot, window, key: .rsa2048)
        case .inspection: return try inspectionIssuer(spanning: moments, window)
        case .stranger:
            // Below a root that no client was given, held to the same names as the installation's own.
            let key = try PrivateKey.generate(.p256)
            let template = CertificateTemplate.root(
                "Stranger Root",
                try key.identifier,
                names: names,
                validity: window
            )
            return try issuer("Service", below: .selfSigned(template, by: key), window)
        case .constrained:
            // It may sign for other names than those of the lab.
            let other = GeneralName.host(CertificateTemplate.otherHost)
            return try issuer("Constrained", below: root(spanning: moments), window, permitted: [other.constraint])
        }
    }

    /// The service authority's sibling below further authorities, or one whose time is over.
    private func towerIssuer(
        _ differences: ProfileDifferences,
        below root: Credential,
        _ window: Validity
    ) throws(PKIError) -> ProfileIssuer {
        let identifier = try root.key.identifier
        let validity = window.within(try root.certificate.validity)
        var above = root
        var chain: [[UInt8]] = []
        for level in 1..<differences.depth {
            let template = CertificateTemplate.intermediate(
                "Level \(level)",
                under: identifier,
                validity: validity,
                pathLength: differences.depth - level
            )
            above = try above.issue(template)
            chain.insert(try above.certificatePEM, at: 0)
        }
        let own = differences.intermediate == .expired ? Self.period(.past, beside: validity) : validity
        let template = CertificateTemplate.intermediate(.service, under: identifier, validity: own)
        return try published(above.issue(template, for: authorities.own.service.key), below: chain, limits: validity)
    }

    /// The service authority, whose list is published, or a sibling of it.
    private func published(
        _ service: Credential,
        below chain: [[UInt8]] = [],
        limits: Validity
    ) throws(PKIError) -> ProfileIssuer {
        ProfileIssuer(
            authority: service,
            chain: [try service.certificatePEM] + chain,
            root: try authorities.own.root.certificatePEM,
            limits: limits,
            publishedAt: publicationAddress
        )
    }

    /// The inspection authority, or a sibling with its name and key.
    private func inspectionIssuer(
        spanning moments: ClosedRange<Int64>,
        _ window: Validity
    ) throws(PKIError) -> ProfileIssuer {
        var authority = authorities.inspection
        let stands = try authority.certificate.validity
        if !stands.contains(moments.lowerBound) || stands.isDue(at: moments.upperBound, comparedTo: window) {
            let template = CertificateTemplate.root(
                "Inspection",
                try authority.key.identifier,
                names: names,
                validity: window,
                pathLength: 0
            )
            authority = try .selfSigned(template, by: authority.key)
        }
        let (root, limits) = (try authority.certificatePEM, try authority.certificate.validity)
        return ProfileIssuer(authority: authority, chain: [], root: root, limits: limits)
    }

    /// An authority below a root, with a key of its own, whose list nobody publishes.
    private func issuer(
        _ title: String,
        below root: Credential,
        _ window: Validity,
        permitted: [String] = [],
        key kind: KeyKind = .p256
    ) throws(PKIError) -> ProfileIssuer {
        let template = CertificateTemplate.intermediate(
            title,
            under: try root.key.identifier,
            validity: window.within(try root.certificate.validity),
            permitted: permitted,
            key: kind
        )
        let authority = try root.issue(template)
        return ProfileIssuer(
            authority: authority,
            chain: [try authority.certificatePEM],
            root: try root.certificatePEM,
            limits: template.validity
        )
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
