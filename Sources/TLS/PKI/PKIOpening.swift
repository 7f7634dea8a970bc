/// One pass over the folder of a PKI: what is missing is minted, what is due renewed, what does not belong refused.
///
/// A key is on disk before the first certificate about it and a certificate leaves before its key is replaced, so a
/// process killed anywhere leaves each pair whole, without its certificate, or absent.
struct PKIOpening: ~Copyable {
    let folder: PKIFolder
    let names: [GeneralName]
    let publishedAt: String?
    let now: Int64
    var changes: [PKIChange] = []

    init(folder: consuming PKIFolder, names: [GeneralName], publishedAt: String?, now: Int64) {
        self.folder = folder
        self.names = names
        self.publishedAt = publishedAt
        self.now = now
    }

    /// Does the whole pass.
    mutating func run() throws(PKIError) -> PKI {
        if let mode = try folder.tighten() {
            changes.append(PKIChange(file: ".", action: .tightened(mode: mode)))
        }
        for file in PKIFile.allCases {
            try folder.sweep(file.key)
            try folder.sweep(file.certificate)
        }
        var root = try root()
        let end = try root.certificate.validity.notAfter
        var rsa = try rsaRoot(notPast: end)
        if try folder.read(PKIFile.ca.certificate) == nil {
            try store(try root.certificatePEM + rsa.certificatePEM, of: .ca, .minted)
        }
        let service = try intermediate(.service, .service, for: .server, under: root)
        let device = try intermediate(.device, .device, for: .client, under: root)
        let server = try server(.server, calling: .byAddress, under: service)
        let named = try self.server(.named, calling: .byName, under: service)
        if !rsa.certificate.permits(server.certificate) {
            rsa = try mintRoot(.rsa, .widened, notPast: end)
        }
        if !root.certificate.permits(server.certificate) {
            root = try signRoot(.ca)
            try store(try root.certificatePEM + rsa.certificatePEM, of: .ca, .widened)
        }
        let roots = try root.certificatePEM + rsa.certificatePEM
        if try folder.read(PKIFile.ca.certificate) != roots { try store(roots, of: .ca, .joined) }
        let inspection = try inspection(covering: server)
        return PKI(
            directory: folder.path,
            names: names,
            publicationAddress: publishedAt,
            server: try server.identity(through: service.certificate.pem()),
            named: try named.identity(through: service.certificate.pem()),
            inspection: try inspection.identity(),
            authority: roots,
            authorityFingerprint: try root.certificate.fingerprint,
            certificates: [
                try summary(.ca, root), try summary(.service, service), try summary(.device, device),
                try summary(.server, server), try summary(.named, named), try summary(.rsa, rsa),
                try summary(.inspection, inspection),
            ],
            changes: changes,
            authorities: LabAuthorities(
                root: try root.identity(),
                rsaRoot: try rsa.identity(),
                service: try service.identity(),
                device: try device.identity(),
                recorded: [
                    try service.certificate.serial: .root,
                    try device.certificate.serial: .root,
                    try server.certificate.serial: .service,
                    try named.certificate.serial: .service,
                ]
            )
        )
    }

    // MARK: Files

    /// Reads a pair's certificate, the first in its file; nil where the file is missing.
    borrowing func certificate(of file: PKIFile) throws(PKIError) -> Certificate? {
        guard let bytes = try folder.read(file.certificate) else { return nil }
        do throws(PKIError) {
            return try Certificate.parse(bytes.span)
        } catch {
            throw unreadable(file.certificate, error)
        }
    }

    /// Reads a pair's key, and takes it from other users' eyes; nil where the file is missing.
    mutating func key(of file: PKIFile) throws(PKIError) -> PrivateKey? {
        guard let bytes = try folder.read(file.key) else { return nil }
        if let mode = try folder.tighten(file.key) {
            changes.append(PKIChange(file: file.key, action: .tightened(mode: mode)))
        }
        do throws(PKIError) {
            return try PrivateKey.parse(bytes.span)
        } catch {
            throw unreadable(file.key, error)
        }
    }

    /// Reads a pair's key or makes one; a certificate about a key that is gone leaves first.
    mutating func keyOrNew(of file: PKIFile, _ kind: KeyKind = .p256) throws(PKIError) -> PrivateKey {
        if let key = try key(of: file) { return key }
        try folder.remove(file.certificate)
        let key = try PrivateKey.generate(kind)
        try folder.write(try key.pem(), to: file.key, mode: 0o600)
        return key
    }

    /// Writes a pair's certificate and records why.
    mutating func store(_ pem: [UInt8], of file: PKIFile, _ action: PKIChange.Action) throws(PKIError) {
        try folder.write(pem, to: file.certificate, mode: 0o644)
        changes.append(PKIChange(file: file.certificate, action: action))
    }

    // MARK: Refusals

    /// Refuses a root that is not one of ours: another name, another signature, or free to sign for anything.
    borrowing func verifyRoot(
        _ stored: borrowing Certificate,
        _ file: PKIFile,
        is template: CertificateTemplate
    ) throws(PKIError) {
        guard try stored.subject == template.subjectText, stored.isSelfSigned else {
            throw refused(file.certificate, .foreign(issuer: try stored.issuer))
        }
        guard stored.isConstrained else { throw refused(file.certificate, .unconstrained) }
    }

    /// Refuses a key that its certificate is not about.
    borrowing func verify(
        _ key: borrowing PrivateKey,
        of file: PKIFile,
        isOf stored: borrowing Certificate
    ) throws(PKIError) {
        guard stored.belongs(to: key) else {
            throw refused(file.key, .keyMismatch(certificate: file.certificate))
        }
    }

    /// The refusal of a file in this folder.
    borrowing func refused(_ name: String, _ refusal: PKIError.Refusal) -> PKIError {
        .refused(path: "\(folder.path)/\(name)", refusal)
    }

    private borrowing func unreadable(_ name: String, _ error: PKIError) -> PKIError {
        guard case .openSSL(_, let detail) = error else { return error }
        return refused(name, .unreadable(detail: detail))
    }

    private borrowing func summary(
        _ file: PKIFile,
        _ credential: borrowing Credential
    ) throws(PKIError) -> PKI.Summary {
        PKI.Summary(
            file: file,
            subject: try credential.certificate.subject,
            notAfter: try credential.certificate.validity.notAfter
        )
    }
}
