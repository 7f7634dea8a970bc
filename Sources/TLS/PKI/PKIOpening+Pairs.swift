internal import COpenSSL

extension PKIOpening {
    /// The root: loaded and verified, or minted; never renewed by time, since it is what clients were told to trust.
    ///
    /// What was minted is not on disk yet, since its file holds the root of RSA too.
    mutating func root() throws(PKIError) -> Credential {
        guard let stored = try certificate(of: .ca) else {
            if try folder.read(PKIFile.ca.key) == nil { try refuseOrphans() }
            return try signRoot()
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

    /// Signs the root's certificate, with the key that is there if there is one: its name follows from the key, so all
    /// that the key ever signed still leads to it.
    mutating func signRoot() throws(PKIError) -> Credential {
        let key = try keyOrNew(of: .ca)
        let template = CertificateTemplate.root(try key.identifier, names: names, now: now)
        return Credential(certificate: try .selfSigned(template, by: key), key: key)
    }

    /// The root of RSA chains: loaded and verified, or minted, beside the other.
    mutating func rsaRoot(beside root: borrowing Credential) throws(PKIError) -> Credential {
        let limit = try root.certificate.validity.notAfter
        guard let stored = try certificate(of: .rsa) else { return try mintRSARoot(.minted, notPast: limit) }
        let fresh = CertificateTemplate.rsaRoot(try stored.keyIdentifier, names: names, now: now, notPast: limit)
        try verifyRoot(stored, .rsa, is: fresh)
        guard let key = try key(of: .rsa) else { return try mintRSARoot(.minted, notPast: limit) }
        try verify(key, of: .rsa, isOf: stored)
        if try stored.validity.isDue(at: now, comparedTo: fresh.validity) {
            return try mintRSARoot(.renewed, notPast: limit)
        }
        return Credential(certificate: stored, key: key)
    }

    mutating func mintRSARoot(_ action: PKIChange.Action, notPast limit: Int64) throws(PKIError) -> Credential {
        let key = try keyOrNew(of: .rsa, .rsa2048)
        let template = CertificateTemplate.rsaRoot(try key.identifier, names: names, now: now, notPast: limit)
        let root = Credential(certificate: try .selfSigned(template, by: key), key: key)
        try store(try root.certificatePEM, of: .rsa, action)
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

    /// A server's certificate: loaded and verified, or minted where the time, the names or the issuer require it.
    mutating func server(
        _ file: PKIFile,
        calling: CertificateTemplate.Calling,
        under service: borrowing Credential
    ) throws(PKIError) -> Credential {
        let template = CertificateTemplate.server(
            names: names,
            calling: calling,
            now: now,
            notPast: try service.certificate.validity.notAfter,
            publishedAt: publishedAt
        )
        let chain = try service.certificatePEM
        guard let stored = try certificate(of: file) else {
            return try mint(file, template, by: service, .minted, followedBy: chain)
        }
        guard try stored.issuer == service.certificate.subject else {
            throw refused(file.certificate, .foreign(issuer: try stored.issuer))
        }
        guard let key = try key(of: file) else {
            return try mint(file, template, by: service, .minted, followedBy: chain)
        }
        try verify(key, of: file, isOf: stored)
        // The same name and another key: the service authority's own key had been lost and was made anew.
        guard stored.isIssued(by: service.certificate) else {
            return try mint(file, template, by: service, .rechained, followedBy: chain)
        }
        guard try stored.carries(template.alternativeNames, as: NID_subject_alt_name) else {
            return try mint(file, template, by: service, .renamed, followedBy: chain)
        }
        guard try stored.carries(template.revocationList, as: NID_crl_distribution_points),
            try stored.carries(template.statusService, as: NID_info_access)
        else { return try mint(file, template, by: service, .readdressed, followedBy: chain) }
        if try stored.validity.isDue(at: now, comparedTo: template.validity) {
            return try mint(file, template, by: service, .renewed, followedBy: chain)
        }
        let whole = try stored.pem() + chain
        if try folder.read(file.certificate) != whole {
            try store(whole, of: file, .rechained)
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
        // That of RSA is made before the root's certificate, and nothing depends on it that is on disk.
        for file in PKIFile.allCases where file != .rsa {
            guard try folder.read(file.certificate) == nil else {
                throw refused(PKIFile.ca.key, .missing(beside: file.certificate))
            }
        }
    }
}
