import Foundation
import TLS

/// The certificates of an installation, minted once for all servers that a process of tests starts.
///
/// To make the key of the root of RSA chains takes longer than the rest of a start, and hundreds of tests start a server.
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
