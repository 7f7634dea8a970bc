internal import COpenSSL

extension PKIOpening {
    /// The root: loaded and verified, or minted; never renewed by time, since it is what clients were told to trust.
    mutating func root() throws(PKIError) -> Credential {
        guard let stored = try certificate(of: .ca) else {
            if try folder.read(PKIFile.ca.key) == nil { try refuseOrphans() }
            return try mintRoot(.minted)
        }
        try verifyRoot(stored, .ca, is: .root(stored.keyIdentifier, names: [], now: now))
        guard let key = try key(of: .ca) else {
            throw refused(PKIFile.ca.key, .missing(beside: PKIFile.ca.certificate))
        }
        try verify(key, of: .ca, isOf: stored)
        let validity = try stored.validity
        guard validity.contains(now) else {
            let refusal = PKIError.Refusal.outsideValidity(from: validity.notBefore, until: validity.notAfter)
            throw refused(PKIFile.ca.certificate, refusal)
        }
        return Credential(certificate: stored, key: key)
    }

    /// Mints the root's certificate, with the key that is there if there is one: its name follows from the key, so all
    /// that the key ever signed still leads to it.
    mutating func mintRoot(_ action: PKIChange.Action) throws(PKIError) -> Credential {
        let key = try keyOrNew(of: .ca)
        let template = CertificateTemplate.root(try key.identifier, names: names, now: now)
        let root = Credential(certificate: try .selfSigned(template, by: key), key: key)
        try store(try root.certificatePEM, of: .ca, action)
        return root
    }

    /// An authority below the root: loaded and verified, renewed with its own key, or minted.
    mutating func intermediate(
        _ file: PKIFile,
        _ title: String,
        for purpose: CertificateTemplate.Purpose,
        under root: borrowing Credential
    ) throws(PKIError) -> Credential {
        let template = CertificateTemplate.intermediate(
            title,
            for: purpose,
            under: try root.key.identifier,
            now: now,
            notPast: try root.certificate.validity.notAfter
        )
        guard let stored = try certificate(of: file) else {
            return try mint(file, template, by: root, .minted)
        }
        guard stored.isIssued(by: root.certificate) else {
            throw refused(file.certificate, .foreign(issuer: try stored.issuer))
        }
        guard let key = try key(of: file) else {
            return try mint(file, template, by: root, .minted)
        }
        try verify(key, of: file, isOf: stored)
        if try stored.validity.isDue(at: now, comparedTo: template.validity) {
            return try mint(file, template, by: root, .renewed)
        }
        return Credential(certificate: stored, key: key)
    }

    /// The server's certificate: loaded and verified, or minted where the time, the names or the issuer require it.
    mutating func server(under service: borrowing Credential) throws(PKIError) -> Credential {
        let limit = try service.certificate.validity.notAfter
        let template = CertificateTemplate.server(names: names, now: now, notPast: limit, publishedAt: publishedAt)
        let chain = try service.certificatePEM
        guard let stored = try certificate(of: .server) else {
            return try mint(.server, template, by: service, .minted, followedBy: chain)
        }
        guard try stored.issuer == service.certificate.subject else {
            throw refused(PKIFile.server.certificate, .foreign(issuer: try stored.issuer))
        }
        guard let key = try key(of: .server) else {
            return try mint(.server, template, by: service, .minted, followedBy: chain)
        }
        try verify(key, of: .server, isOf: stored)
        // The same name and another key: the service authority's own key had been lost and was made anew.
        guard stored.isIssued(by: service.certificate) else {
            return try mint(.server, template, by: service, .rechained, followedBy: chain)
        }
        guard try stored.carries(template.alternativeNames, as: NID_subject_alt_name) else {
            return try mint(.server, template, by: service, .renamed, followedBy: chain)
        }
        guard try stored.carries(template.revocationList, as: NID_crl_distribution_points),
            try stored.carries(template.statusService, as: NID_info_access)
        else { return try mint(.server, template, by: service, .readdressed, followedBy: chain) }
        if try stored.validity.isDue(at: now, comparedTo: template.validity) {
            return try mint(.server, template, by: service, .renewed, followedBy: chain)
        }
        let whole = try stored.pem() + chain
        if try folder.read(PKIFile.server.certificate) != whole {
            try store(whole, of: .server, .rechained)
        }
        return Credential(certificate: stored, key: key)
    }

    /// The inspection authority: loaded and verified, or minted with a new key, since short-lived is what it is for.
    ///
    /// - Parameter server: whose names it must be able to sign.
    /// - Returns: the authority, as it is on disk.
    /// - Throws: ``PKIError``.
    mutating func inspection(covering server: borrowing Credential) throws(PKIError) -> Credential {
        guard let stored = try certificate(of: .inspection) else { return try mintInspection(.minted) }
        let fresh = CertificateTemplate.inspection(try stored.keyIdentifier, names: names, now: now)
        try verifyRoot(stored, .inspection, is: fresh)
        guard let key = try key(of: .inspection) else { return try mintInspection(.minted) }
        try verify(key, of: .inspection, isOf: stored)
        if try stored.validity.isDue(at: now, comparedTo: fresh.validity) {
            return try replaceInspection(.renewed)
        }
        guard stored.permits(server.certificate) else { return try replaceInspection(.renamed) }
        return Credential(certificate: stored, key: key)
    }

    private mutating func replaceInspection(_ action: PKIChange.Action) throws(PKIError) -> Credential {
        try folder.remove(PKIFile.inspection.certificate)
        try folder.remove(PKIFile.inspection.key)
        return try mintInspection(action)
    }

    private mutating func mintInspection(_ action: PKIChange.Action) throws(PKIError) -> Credential {
        let key = try keyOrNew(of: .inspection)
        let template = CertificateTemplate.inspection(try key.identifier, names: names, now: now)
        let authority = Credential(certificate: try .selfSigned(template, by: key), key: key)
        try store(try authority.certificatePEM, of: .inspection, action)
        return authority
    }

    private mutating func mint(
        _ file: PKIFile,
        _ template: CertificateTemplate,
        by issuer: borrowing Credential,
        _ action: PKIChange.Action,
        followedBy chain: [UInt8] = []
    ) throws(PKIError) -> Credential {
        let credential = try issuer.issue(template, for: try keyOrNew(of: file))
        try store(try credential.certificatePEM + chain, of: file, action)
        return credential
    }

    /// Refuses to begin a new root beside certificates of an old one, whose key is gone.
    private borrowing func refuseOrphans() throws(PKIError) {
        for file in PKIFile.allCases {
            guard try folder.read(file.certificate) == nil else {
                throw refused(PKIFile.ca.key, .missing(beside: file.certificate))
            }
        }
    }
}
