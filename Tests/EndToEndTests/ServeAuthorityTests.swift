import Foundation
import TestKit
import Testing

/// The `--pki` listener: the lab CA, to anyone, and nothing else.
@Suite("serve, the CA's listener", .timeLimit(.minutes(1)))
struct ServeAuthorityTests {
    private func url(_ server: ServerProcess) throws -> String {
        let line = try #require(server.process.output.split(separator: "\n").first { $0.contains("/ca.pem") })
        let url = try #require(line.split(separator: " ").first { $0.hasPrefix("http://") })
        return String(url.dropLast("/ca.pem,".count))
    }

    @Test func `the CA comes in PEM and in DER, and is the one that the server's chain ends in`() async throws {
        try await ServerProcess.serve(arguments: ["--pki", "127.0.0.1:0"]) { server in
            let base = try url(server)
            let pem = try await Command.run("curl", Curl.manners + [base + "/ca.pem"])
            #expect(try pem.bytes == Array(Data(contentsOf: URL(filePath: server.authority))))
            let der = try await Command.run("curl", Curl.manners + [base + "/ca.crt"])
            let folder = try TemporaryFolder()
            let file = folder.path(of: "ca.crt")
            try Data(der.bytes).write(to: URL(filePath: file))
            let converted = try await Command.run("openssl", ["x509", "-inform", "DER", "-in", file])
            #expect(converted.status == 0, "\(converted.errors)")
            #expect(pem.output.hasSuffix(converted.output), "the same certificate")
        }
    }

    @Test(arguments: [("/ca.key", "404"), ("/", "404"), ("/healthz", "404"), ("/SoftToken/Provisioning.asmx", "404")])
    func `nothing else is served, and never a key`(path: String, status: String) async throws {
        try await ServerProcess.serve(arguments: ["--pki", "127.0.0.1:0"]) { server in
            let arguments = Curl.manners + ["--output", "/dev/null", "--write-out", "%{http_code}"]
            let result = try await Command.run("curl", arguments + [url(server) + path])
            #expect(result.output == status)
            let post = try await Command.run("curl", arguments + ["--data", "x", url(server) + "/ca.pem"])
            #expect(post.output == "405")
        }
    }

    @Test func `without the flag there is no such listener`() async throws {
        try await ServerProcess.serve { server in
            #expect(!server.process.output.contains("/ca.crt"))
        }
    }
}
