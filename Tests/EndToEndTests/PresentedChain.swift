import Foundation
import TestKit

/// The certificates that a listener presents, in PEM, its own first; read and judged by `openssl`.
struct PresentedChain: Equatable {
    let certificates: [String]

    /// Asks the listener at an address.
    init(of address: String) async throws {
        let options = ["s_client", "-connect", address, "-servername", "localhost", "-showcerts"]
        let text = try await Command.run("openssl", options, input: "").output
        let (begin, end) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
        // Of what -showcerts prints, the first certificate stands once more behind "Server certificate".
        let shown = text.split(separator: begin).dropFirst()
            .compactMap { $0.split(separator: end).first.map { begin + $0 + end + "\n" } }
        guard let first = shown.first else { throw TestKitError("\(address) presents nothing: \(text)") }
        certificates = [first] + shown.dropFirst().filter { $0 != first }
    }

    /// What `openssl verify` says of it at a moment: `OK`, or why not.
    func verdict(by server: ServerProcess, at moment: Int, _ options: [String] = []) async throws -> String {
        let folder = try TemporaryFolder()
        let leaf = try folder.write(certificates[0], to: "leaf.pem")
        let rest = try folder.write(certificates.dropFirst().joined(), to: "rest.pem")
        let result = try await Command.run(
            "openssl",
            ["verify", "-attime", "\(moment)", "-CAfile", server.authority, "-untrusted", rest] + options + [leaf]
        )
        return result.status == 0 ? "OK" : result.errors + result.output
    }
}
