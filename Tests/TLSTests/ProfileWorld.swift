import Documents
import Foundation
import TLS
import TestKit
import Testing

/// A PKI in a temporary folder, the declared profiles, and the `openssl` command to judge what is minted.
struct ProfileWorld {
    let folder: PKITestFolder
    let pki: PKI
    /// What the host's clock says.
    let now: Int64

    /// Every profile that the repository declares.
    static let all: [CertificateProfile] = {
        do {
            return try DocumentDecoder.decode(
                [CertificateProfile].self,
                from: DocumentNode.read(Array(Repository.text("Certs/profiles.yaml").utf8), as: .yaml)
            )
        } catch {
            Issue.record("Certs/profiles.yaml: \(error)")
            return []
        }
    }()

    /// One of them.
    static func profile(_ name: String) throws -> CertificateProfile {
        try #require(all.first { $0.name == name }, "\(name) is not declared")
    }

    /// A profile that is declared nowhere.
    static func profile(differing differs: String) throws -> CertificateProfile {
        let text = "{ name: made-up, class: tolerated, summary: Made up., differs: \(differs) }"
        return try DocumentDecoder.decode(CertificateProfile.self, from: DocumentNode.read(Array(text.utf8), as: .yaml))
    }

    /// Makes a world, hands it to `body` and removes it.
    static func with<Result>(
        now: Int64 = mintingTime,
        publishedAt: String? = nil,
        _ body: (ProfileWorld) throws -> Result
    ) throws -> Result {
        try PKITestFolder.with { folder in
            try folder.prepare()
            let pki = try PKI.open(at: folder.pki, names: ["fac.lab.test"], publishedAt: publishedAt, now: now)
            return try body(ProfileWorld(folder: folder, pki: pki, now: now))
        }
    }

    /// Puts bytes into a file of the folder and answers its path.
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let path = "\(folder.path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// What the verifier finds, as `code@depth`, each once: the command goes on after some errors and stops at others.
    func findings(
        _ identity: Identity,
        at moment: Int64,
        host: String = "globalftm.fortinet.net",
        _ options: [String] = []
    ) throws -> Set<String> {
        let chain = try write(identity.chain, to: "chain.pem")
        let verdict = try OpenSSLCommand.run(
            ["verify", "-auth_level", "2", "-purpose", "sslserver", "-verify_hostname", host, "-attime", "\(moment)"]
                + ["-no-CApath", "-no-CAstore", "-CAfile", folder.file("ca.pem"), "-untrusted", chain]
                + options + [chain]
        )
        let found = verdict.errors.matches(of: /error ([0-9]+) at ([0-9]+) depth lookup/)
            .map { "\($0.output.1)@\($0.output.2)" }
        try #require(found.isEmpty == (verdict.status == 0), "\(verdict.errors)")
        return Set(found)
    }

    /// The certificates of a chain as text, one each.
    func texts(of chain: [UInt8]) throws -> [String] {
        let end = "-----END CERTIFICATE-----\n"
        return try String(decoding: chain, as: UTF8.self).components(separatedBy: end).dropLast()
            .map { try OpenSSLCommand.output(["x509", "-noout", "-text"], input: Array(($0 + end).utf8)) }
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

extension CertificateProfile: CustomTestStringConvertible {
    /// Its name.
    public var testDescription: String { name }
}
