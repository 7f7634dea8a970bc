/// One pass over the folder of a PKI: what is missing is minted, what is due renewed, what does not belong refused.
///
/// A key is on disk before the first certificate about it and a certificate leaves before its key is replaced, so a
/// process killed anywhere leaves each pair whole, without its certificate, or absent.
final class PKIOpening {
    let folder: PKIFolder
    let names: [GeneralName]
    let publishedAt: String?
    let now: Int64
    private var changes: [PKIChange] = []

    init(of path: String, names: [GeneralName], publishedAt: String?, now: Int64) throws(PKIError) {
        folder = try PKIFolder.open(at: path)
        self.names = names
        self.publishedAt = publishedAt
        self.now = now
    }

    /// Does the whole pass.
    func run() throws(PKIError) -> PKI {
        if let mode = try folder.tighten() {
            changes.append(PKIChange(file: ".", action: .tightened(mode: mode)))
        }
        for file in PKIFile.allCases {
            try folder.sweep(file.key)
            try folder.sweep(file.certificate)
        }
        var root = try root()
        let end = try root.certificate.validity.notAfter
        var rsa = try self.root(.rsa, notPast: end)
        if try folder.read(PKIFile.ca.certificate) == nil {
            try store(try root.certificatePEM + rsa.certificatePEM, of: .ca, .minted)
        }
        let service = try intermediate(.service, .service, under: root)
        let device = try intermediate(.device, .device, under: root)
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
        let pairs: [(PKIFile, Credential)] = [
            (.ca, root), (.service, service), (.device, device), (.server, server), (.named, named), (.rsa, rsa),
            (.inspection, inspection),
        ]
        return PKI(
            directory: folder.path,
            names: names,
            publicationAddress: publishedAt,
            server: try server.identity(through: service.certificatePEM),
            named: try named.identity(through: service.certificatePEM),
            authority: roots,
            deviceTrust: try device.certificatePEM + root.certificatePEM,
            authorityFingerprint: try root.certificate.fingerprint,
            certificates: try pairs.map { (file, pair) throws(PKIError) in
                let certificate = pair.certificate
                return PKI.Summary(
                    file: file,
                    subject: try certificate.subject,
                    notAfter: try certificate.validity.notAfter
                )
            },
            changes: changes,
            authorities: LabAuthorities(
                own: ByAuthority(root: root, service: service, device: device),
                rsaRoot: rsa,
                inspection: inspection,
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

    /// The pair that stands in the folder, where both halves do, belong together and `verify` refuses neither.
    ///
    /// The key is taken from other users' eyes.
    func standing(
        _ file: PKIFile,
        _ verify: (Certificate) throws(PKIError) -> Void
    ) throws(PKIError) -> Credential? {
        guard let text = try folder.read(file.certificate) else { return nil }
        let certificate = try parse(file.certificate) { () throws(PKIError) in try Certificate.parse(text) }
        try verify(certificate)
        guard let key = try key(of: file) else { return nil }
        guard certificate.belongs(to: key) else {
            throw refused(file.key, .keyMismatch(certificate: file.certificate))
        }
        return Credential(certificate: certificate, key: key)
    }

    private func key(of file: PKIFile) throws(PKIError) -> PrivateKey? {
        guard let text = try folder.read(file.key) else { return nil }
        if let mode = try folder.tighten(file.key) {
            changes.append(PKIChange(file: file.key, action: .tightened(mode: mode)))
        }
        return try parse(file.key) { () throws(PKIError) in try PrivateKey.parse(text) }
    }

    private func parse<Object>(_ name: String, _ read: () throws(PKIError) -> Object) throws(PKIError) -> Object {
        do throws(PKIError) {
            return try read()
        } catch .openSSL(_, let detail) {
            throw refused(name, .unreadable(detail: detail))
        } catch {
            throw error
        }
    }

    /// Reads a pair's key or makes one; a certificate about a key that is gone leaves first.
    func keyOrNew(of file: PKIFile, _ kind: KeyKind = .p256) throws(PKIError) -> PrivateKey {
        if let key = try key(of: file) { return key }
        try folder.remove(file.certificate)
        let key = try PrivateKey.generate(kind)
        try folder.write(try key.pem(), to: file.key, mode: 0o600)
        return key
    }

    /// Writes a pair's certificate and records why.
    func store(_ pem: [UInt8], of file: PKIFile, _ action: PKIChange.Action) throws(PKIError) {
        try folder.write(pem, to: file.certificate, mode: 0o644)
        changes.append(PKIChange(file: file.certificate, action: action))
    }

    /// The refusal of a file in this folder.
    func refused(_ name: String, _ refusal: PKIError.Refusal) -> PKIError {
        .refused(path: "\(folder.path)/\(name)", refusal)
    }
}
