import Foundation
import TLS

/// A moment within every certificate minted at it: 2027-01-15 08:00:00 UTC.
let mintingTime: Int64 = 1_800_000_000

/// Seconds in some days.
func days(_ count: Int64) -> Int64 { count * 86_400 }

/// A temporary folder for one test, with what the tests ask of a PKI's files.
struct PKITestFolder {
    /// The temporary folder itself.
    let path: String
    /// Where the PKI goes.
    var pki: String { "\(path)/pki" }

    /// Every file of a whole PKI, in the order in which they are first written.
    static let files = PKIFile.allCases.flatMap { [$0.key, $0.certificate] }

    /// Makes a folder, hands it to `body` and removes it.
    @discardableResult
    static func with<Result>(_ body: (PKITestFolder) throws -> Result) throws -> Result {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("fauxguard-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(PKITestFolder(path: url.path))
    }

    /// Opens the PKI, minting it the first time.
    @discardableResult
    func open(names: [String] = [], now: Int64 = mintingTime) throws -> PKI {
        try prepare()
        return try PKI.open(at: pki, names: names, now: now)
    }

    /// Puts a key for the root of RSA chains into a folder that is not there yet: hundreds of tests mint a PKI, and to
    /// make such a key takes longer than all the rest.
    func prepare() throws {
        guard !FileManager.default.fileExists(atPath: pki) else { return }
        let ownersAlone = [FileAttributeKey.posixPermissions: 0o700]
        try FileManager.default.createDirectory(
            atPath: pki,
            withIntermediateDirectories: false,
            attributes: ownersAlone
        )
        try write(try Self.rsaKey.get(), to: "rsa.key")
    }

    private static let rsaKey = Result {
        try OpenSSLCommand.output(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])
    }

    /// The path of one of the PKI's files.
    func file(_ name: String) -> String { "\(pki)/\(name)" }

    /// The bytes of one of the PKI's files.
    func read(_ name: String) throws -> [UInt8] {
        // Data(contentsOf:) leaks its buffer on an empty file, which the address sanitizer would report.
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file(name)))
        defer { try? handle.close() }
        return Array(try handle.readToEnd() ?? Data())
    }

    /// Replaces one of the PKI's files, keeping private keys private.
    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        try setMode(0o600, of: name)
    }

    /// Removes one of the PKI's files.
    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: file(name))
    }

    /// What is in the PKI's folder.
    func contents() throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: pki) {
            contents[name] = try read(name)
        }
        return contents
    }

    /// The permission bits of one of the PKI's files; `.` is the folder.
    func mode(of name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: file(name))
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
    }

    /// Sets the permission bits of one of the PKI's files; `.` is the folder.
    func setMode(_ mode: Int, of name: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file(name))
    }

    /// Holds the server's chain against the root as a client would, strictly.
    func verifyServer(at now: Int64 = mintingTime, _ options: String...) throws -> OpenSSLCommand {
        try OpenSSLCommand.run(
            ["verify", "-x509_strict", "-purpose", "sslserver", "-attime", String(now), "-CAfile", file("ca.pem")]
                + ["-no-CApath", "-no-CAstore", "-untrusted", file("server.pem")] + options + [file("server.pem")]
        )
    }

    /// Signs a certificate for a host with one of the PKI's authorities by the `openssl` command, which minds no
    /// constraint, and answers its path.
    func sign(_ host: String, with authority: PKIFile) throws -> String {
        let (request, leaf) = ("\(path)/leaf.csr", "\(path)/leaf.pem")
        try OpenSSLCommand.output(
            ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
                + ["-keyout", "\(path)/leaf.key", "-out", request, "-subj", "/CN=\(host)"]
                + ["-addext", "subjectAltName=DNS:\(host)"]
        )
        try OpenSSLCommand.output(
            ["x509", "-req", "-in", request, "-copy_extensions", "copy", "-out", leaf]
                + ["-CA", file(authority.certificate), "-CAkey", file(authority.key)]
        )
        return leaf
    }
}
