import Foundation
import TLS

/// Self-signed identities for tests, minted by the `openssl` command once per run.
enum EngineIdentities {
    struct MintingFailed: Error {
        let status: Int32
    }

    /// An ECDSA P-256 certificate for `localhost` and 127.0.0.1; its chain is its own trust anchor.
    static func localhost() throws -> Identity { try mintedLocalhost.get() }

    /// Another one, for the same names.
    static func stranger() throws -> Identity { try mintedStranger.get() }

    private static let mintedLocalhost = Result { try mint() }
    private static let mintedStranger = Result { try mint() }

    private static func mint() throws -> Identity {
        let folder = FileManager.default.temporaryDirectory.appending(path: "engine-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificate = folder.appending(path: "certificate.pem")
        let key = folder.appending(path: "key.pem")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout", key.path, "-out", certificate.path,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw MintingFailed(status: process.terminationStatus) }
        return Identity(
            chain: [UInt8](try Data(contentsOf: certificate)),
            privateKey: [UInt8](try Data(contentsOf: key))
        )
    }
}
