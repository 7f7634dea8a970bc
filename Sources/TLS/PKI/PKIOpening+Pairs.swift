import COpenSSL

extension PKIOpening {
    /// The root: loaded and verified, or minted; never renewed by time, since it is what clients were told to trust.
    ///
    /// What was minted is not on disk yet, since its file holds the root of RSA too.
    func root() throws(PKIError) -> Credential {
        guard let root = try standingRoot(.ca) else {
            if try folder.read(PKIFile.ca.key) == nil { try refuseOrphans() }
            return try signRoot(.ca)
        }
        let validity = try root.certificate.validity
        guard validity.contains(now) else {
            let refusal = PKIError.Refusal.outsideValidity(from: validity.notBefore, until: validity.notAfter)
            throw refused(PKIFile.ca.certificate, refusal)
        }
        return root
    }

    /// The inspection authority: loaded and verified, or minted, where it could not sign for `server` too.
    func inspection(covering server: Credential) throws(PKIError) -> Credential {
        let standing = try root(.inspection)
        if standing.certificate.permits(server.certificate) { return standing }
        return try mintRoot(.inspection, .renamed)
    }

    /// A root that is renewed when it is due.
    func root(_ file: PKIFile, notPast limit: Int64 = .max) throws(PKIError) -> Credential {
        guard let root = try standingRoot(file) else { return try mintRoot(file, .minted, notPast: limit) }
        let fresh = template(of: file, try root.key.identifier, notPast: limit)
        let isDue = try root.certificate.validity.isDue(at: now, comparedTo: fresh.validity)
        return isDue ? try mintRoot(file, .renewed, notPast: limit) : root
    }

    /// A root's pair; one that is not ours is refused: another name, another signature, or free to sign for anything.
    private func standingRoot(_ file: PKIFile) throws(PKIError) -> Credential? {
        try standing(file) { (root) throws(PKIError) in
            guard try root.subject == template(of: file, root.keyIdentifier).subjectText, root.isSelfSigned else {
                throw refused(file.certificate, .foreign(issuer: try root.issuer))
            }
            guard root.isConstrained else { throw refused(file.certificate, .unconstrained) }
        }
    }

    /// Signs a root's certificate and writes it.
    func mintRoot(
        _ file: PKIFile,
        _ action: PKIChange.Action,
        notPast limit: Int64 = .max
    ) throws(PKIError) -> Credential {
        // Short-lived is what inspection is for: its key goes with it.
        if file == .inspection, action != .minted {
            try folder.remove(file.certificate)
            try folder.remove(file.key)
        }
        let root = try signRoot(file, notPast: limit)
        try store(try root.certificatePEM, of: file, action)
        return root
    }

    /// Signs a root's certificate, with the key that is there if there is one: its name follows from the key, so all
    /// that the key ever signed still leads to it.
    func signRoot(_ file: PKIFile, notPast limit: Int64 = .max) throws(PKIError) -> Credential {
        let key = try keyOrNew(of: file, file == .rsa ? .rsa2048 : .p256)
        return try .selfSigned(template(of: file, key.identifier, notPast: limit), by: key)
    }

    /// What a root's certificate says, by the name of its key.
    private func template(of file: PKIFile, _ identifier: String, notPast limit: Int64 = .max) -> CertificateTemplate {
        let days = file == .inspection ? CertificateTemplate.inspectionDays : CertificateTemplate.rootDays
        let validity = Validity(days: days, from: now, notPast: limit)
        return switch file {
        case .rsa: .root("RSA Root", identifier, names: names, validity: validity, key: .rsa2048)
        case .inspection: .root("Inspection", identifier, names: names, validity: validity, pathLength: 0)
        case .ca, .service, .device, .server, .named: .root("Root", identifier, names: names, validity: validity)
        }
    }

    /// An authority below the root: loaded and verified, renewed with its own key, or minted.
    func intermediate(
        _ file: PKIFile,
        _ authority: LabAuthority,
        under root: Credential
    ) throws(PKIError) -> Credential {
        let limit = try root.certificate.validity.notAfter
        let template = CertificateTemplate.intermediate(
            authority,
            under: try root.key.identifier,
            validity: Validity(days: CertificateTemplate.intermediateDays, from: now, notPast: limit)
        )
        let stored = try standing(file) { (stored) throws(PKIError) in
            guard stored.isIssued(by: root.certificate) else {
                throw refused(file.certificate, .foreign(issuer: try stored.issuer))
            }
        }
        guard let stored else { return try mint(file, template, by: root, .minted) }
        let isDue = try stored.certificate.validity.isDue(at: now, comparedTo: template.validity)
        return isDue ? try mint(file, template, by: root, .renewed) : stored
    }

    /// A server's certificate: loaded and verified, or minted where the time, the names or the issuer require it.
    func server(
        _ file: PKIFile,
        calling: CertificateTemplate.Calling,
        under service: Credential
    ) throws(PKIError) -> Credential {
        let limit = try service.certificate.validity.notAfter
        let template = CertificateTemplate.server(
            names: names,
            calling: calling,
            validity: Validity(days: CertificateTemplate.leafDays, from: now, notPast: limit),
            publishedAt: publishedAt
        )
        let chain = try service.certificatePEM
        let stored = try standing(file) { (stored) throws(PKIError) in
            guard try stored.issuer == service.certificate.subject else {
                throw refused(file.certificate, .foreign(issuer: try stored.issuer))
            }
        }
        guard let stored else { return try mint(file, template, by: service, .minted, followedBy: chain) }
        if let action = try reason(toReplace: stored.certificate, by: template, from: service.certificate) {
            return try mint(file, template, by: service, action, followedBy: chain)
        }
        let whole = try stored.certificatePEM + chain
        if try folder.read(file.certificate) != whole { try store(whole, of: file, .rechained) }
        return stored
    }

    /// Why a server's certificate, which names its issuer, is minted anew; nil where it stays.
    private func reason(
        toReplace stored: Certificate,
        by template: CertificateTemplate,
        from issuer: Certificate
    ) throws(PKIError) -> PKIChange.Action? {
        // The same name and another key: the service authority's own key had been lost and was made anew.
        guard stored.isIssued(by: issuer) else { return .rechained }
        guard try stored.agrees(with: template, in: NID_subject_alt_name) else { return .renamed }
        for address in [NID_crl_distribution_points, NID_info_access] {
            guard try stored.agrees(with: template, in: address) else { return .readdressed }
        }
        return try stored.validity.isDue(at: now, comparedTo: template.validity) ? .renewed : nil
    }

    private func mint(
        _ file: PKIFile,
        _ template: CertificateTemplate,
        by issuer: Credential,
        _ action: PKIChange.Action,
        followedBy chain: [UInt8] = []
    ) throws(PKIError) -> Credential {
        let credential = try issuer.issue(template, for: try keyOrNew(of: file))
        try store(try credential.certificatePEM + chain, of: file, action)
        return credential
    }

    /// Refuses to begin a new root beside certificates of an old one, whose key is gone.
    private func refuseOrphans() throws(PKIError) {
        // That of RSA is made before the root's certificate, and nothing depends on it that is on disk.
        for file in PKIFile.allCases where file != .rsa {
            guard try folder.read(file.certificate) == nil else {
                throw refused(PKIFile.ca.key, .missing(beside: file.certificate))
            }
        }
    }
}
