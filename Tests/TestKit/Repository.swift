import Foundation
import TLS

/// Where the files are that tests use.
package enum Repository {
    /// The folder of `Package.swift`, without a slash at the end.
    package static let root: String =
        URL(filePath: #filePath)  // Tests/TestKit/Repository.swift
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The built executable: SwiftPM puts it beside the test bundle, whatever the configuration and the scratch path.
    package static let binary: String = {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: bundle).deletingLastPathComponent().appending(path: "fauxguard").path
    }()

    /// The demo lab's registry document.
    package static let demoLab = path("Config/registry.yaml")

    /// The certificate profiles.
    package static let profiles = path("Certs/profiles.yaml")

    /// A published request or answer.
    package static func fixture(_ name: String) throws -> String { try text("Tests/Fixtures/" + name) }

    /// The path of a file of the repository.
    package static func path(_ relative: String) -> String { root + "/" + relative }

    /// The text of a file of the repository.
    package static func text(_ relative: String) throws -> String {
        try String(contentsOfFile: path(relative), encoding: .utf8)
    }
}

/// The certificates of an installation, minted once for all servers that a process of tests starts.
///
/// To make the key of the root of RSA chains takes longer than the rest of a start, and hundreds of tests start a
/// server.
package enum MintedCertificates {
    private static let files = Result {
        let folder = try TemporaryFolder()
        let pki = folder.path(of: "pki")
        _ = try PKI.open(at: pki, names: [], now: Int64(Date.now.timeIntervalSince1970))
        return try FileManager.default.contentsOfDirectory(atPath: pki)
            // As bytes: how Foundation's type holds its own hides them from a sanitizer that looks for leaks.
            .map { name in (name, [UInt8](try Data(contentsOf: URL(filePath: "\(pki)/\(name)")))) }
    }

    /// Puts them into the folder `pki` of a data folder, which has none yet, and returns its path.
    @discardableResult
    package static func put(into data: TemporaryFolder) throws -> String {
        let pki = data.path(of: "pki")
        let ownersAlone = [FileAttributeKey.posixPermissions: 0o700]
        try FileManager.default.createDirectory(
            atPath: pki,
            withIntermediateDirectories: false,
            attributes: ownersAlone
        )
        for (name, bytes) in try files.get() {
            let file = "\(pki)/\(name)"
            try Data(bytes).write(to: URL(filePath: file))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        }
        return pki
    }
}
