import TestKit
import Testing

/// Who may drive the admin plane from other machines: only who has the token.
@Suite("Admin, access", .timeLimit(.minutes(2)))
struct AdminAccessTests {
    @Test func `off loopback it speaks HTTPS and wants its token`() async throws {
        let folder = try TemporaryFolder()
        let token = "0123456789abcdef-XYZ"
        let file = try folder.write(token + "\n", to: "token")
        // All addresses of this machine; the test itself comes through loopback.
        let arguments = ["--admin", "0.0.0.0:0", "--admin-token-file", file]
        let server = try await ServerProcess.start(arguments: arguments)
        #expect(server.ready.admin.hasPrefix("https://"))
        let url = "https://localhost:\(server.adminPort)"
        func status(_ arguments: [String], _ path: String) async throws -> String {
            let options = ["--cacert", server.authority, "--output", "/dev/null", "--write-out", "%{http_code}"]
            return try await Command.run("curl", Curl.manners + options + arguments + [url + path]).output
        }
        let right = ["--header", "Authorization: Bearer \(token)"]
        for path in ["/healthz", "/metrics", "/openapi.json", "/api/v1/labs", "/api/v1/pki/ca.pem"] {
            #expect(try await status([], path) == "401")
            #expect(try await status(["--header", "Authorization: Bearer \(token)x"], path) == "401")
            #expect(try await status(right, path) == "200")
        }
        #expect(try await status(right + ["--header", "Origin: http://evil.example"], "/api/v1/labs") == "403")
        try await server.terminate()
    }
}
