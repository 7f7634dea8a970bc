internal import COpenSSL

extension PKIOpening {
    /// The root: loaded and verified, or minted; never renewed by time, since it is what clients were told to trust.
    ///
    /// What was minted is not on disk yet, since its file holds the root of RSA too.
    mutating func root() throws(PKIError) -> Credential {
        guard let stored = try certificate(of: .ca) else {
            if try folder.read(PKIFile.ca.key) == nil { try refuseOrphans() }
            return try signRoot(.ca)
        }
        try verifyRoot(stored, .ca, is: template(of: .ca, stored.keyIdentifier))
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

    /// The root of RSA chains: loaded and verified, or minted; it ends with the other.
    mutating func rsaRoot(notPast limit: Int64) throws(PKIError) -> Credential { try root(.rsa, notPast: limit) }

    /// The inspection authority: loaded and verified, or minted, where it could not sign for `server` too.
    mutating func inspection(covering server: borrowing Credential) throws(PKIError) -> Credential {
        let standing = try root(.inspection)
        if standing.certificate.permits(server.certificate) { return standing }
        return try mintRoot(.inspection, .renamed)
    }

    /// A root that is renewed when it is due.
    private mutating func root(_ file: PKIFile, notPast limit: Int64 = .max) throws(PKIError) -> Credential {
        guard let stored = try certificate(of: file) else { return try mintRoot(file, .minted, notPast: limit) }
        let fresh = template(of: file, try stored.keyIdentifier, notPast: limit)
        try verifyRoot(stored, file, is: fresh)
        guard let key = try key(of: file) else { return try mintRoot(file, .minted, notPast: limit) }
        try verify(key, of: file, isOf: stored)
        if try stored.validity.isDue(at: now, comparedTo: fresh.validity) {
            return try mintRoot(file, .renewed, notPast: limit)
        }
        return Credential(certificate: stored, key: key)
    }

    /// Signs a root's certificate and writes it.
    mutating func mintRoot(
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
    mutating func signRoot(_ file: PKIFile, notPast limit: Int64 = .max) throws(PKIError) -> Credential {
        let key = try keyOrNew(of: file, file == .rsa ? .rsa2048 : .p256)
        return try .selfSigned(template(of: file, key.identifier, notPast: limit), by: key)
    }

    /// What a root's certificate says, by the name of its key.
    private borrowing func template(
        of file: PKIFile,
        _ identifier: String,
        notPast limit: Int64 = .max
    ) -> CertificateTemplate {
        let days = file == .inspection ? CertificateTemplate.inspectionDays : CertificateTemplate.rootDays
        let validity = Validity(days: days, from: now, notPast: limit)
        return switch file {
        case .rsa: .root("RSA Root", identifier, names: names, validity: validity, key: .rsa2048)
        case .inspection: .root("Inspection", identifier, names: names, validity: validity, pathLength: 0)
        case .ca, .service, .device, .server, .named: .root("Root", identifier, names: names, validity: validity)
        }
    }

    /// An authority below the root: loaded and verified, renewed with its own key, or minted.
    mutating func intermediate(
        _ file: PKIFile,
        _ authority: LabAuthority,
        for purpose: CertificateTemplate.Purpose,
        under root: borrowing Credential
    ) throws(PKIError) -> Credential {
        let limit = try root.certificate.validity.notAfter
        let template = CertificateTemplate.intermediate(
            authority.title,
            for: purpose,
            under: try root.key.identifier,
            validity: Validity(days: CertificateTemplate.intermediateDays, from: now, notPast: limit)
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
        let limit = try service.certificate.validity.notAfter
        let template = CertificateTemplate.server(
            names: names,
            calling: calling,
            validity: Validity(days: CertificateTemplate.leafDays, from: now, notPast: limit),
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
        if let action = try reason(toReplace: stored, by: template, from: service.certificate) {
            return try mint(file, template, by: service, action, followedBy: chain)
        }
        let whole = try stored.pem() + chain
        if try folder.read(file.certificate) != whole {
            try store(whole, of: file, .rechained)
        }
        return Credential(certificate: stored, key: key)
    }

    /// Why a server's certificate, which names its issuer, is minted anew; nil where it stays.
    private borrowing func reason(
        toReplace stored: borrowing Certificate,
        by template: CertificateTemplate,
        from issuer: borrowing Certificate
    ) throws(PKIError) -> PKIChange.Action? {
        // The same name and another key: the service authority's own key had been lost and was made anew.
        guard stored.isIssued(by: issuer) else { return .rechained }
        guard try stored.carries(template.alternativeNames, as: NID_subject_alt_name) else { return .renamed }
        guard try stored.carries(template.revocationList, as: NID_crl_distribution_points),
            try stored.carries(template.statusService, as: NID_info_access)
        else { return .readdressed }
        return try stored.validity.isDue(at: now, comparedTo: template.validity) ? .renewed : nil
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
