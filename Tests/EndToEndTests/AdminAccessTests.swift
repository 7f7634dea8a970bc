import Foundation
import TestKit
import Testing

/// Who may drive the admin plane: not a page in a browser, and from other machines only who has the token.
@Suite("Admin, access", .timeLimit(.minutes(2)))
struct AdminAccessTests {
    private let reset = AdminPlane.lab() + "/reset"

    /// What a page can make a browser send to another site without asking it first.
    @Test(
        arguments: [
            ["Origin: http://evil.example"], ["Origin: null"], ["Host: evil.example"], ["Host: evil.example:8480"],
            ["Sec-Fetch-Site: cross-site"], ["Content-Type: application/x-www-form-urlencoded"],
            ["Content-Type: text/plain"], ["Content-Type: multipart/form-data; boundary=x"],
        ]
    )
    func `a page in a browser changes nothing`(fields: [String]) async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            let device = AdminPlane.lab() + "/devices"
            #expect(try await admin.post(device, #"{"serial":"FGT1"}"#).status == 201)
            let calls = [
                ("POST", reset, nil), ("DELETE", device + "/FGT1", nil),
                ("POST", device, #"{"serial":"FGT2"}"#),
            ]
            for (method, path, body) in calls {
                // A form's media type is the body's; without a body it stands by itself.
                let isType = fields[0].hasPrefix("Content-Type: ")
                let type = isType ? String(fields[0].dropFirst("Content-Type: ".count)) : "application/json"
                let reply = try await admin.call(
                    method,
                    path,
                    body,
                    type: type,
                    fields: isType && body != nil ? [] : fields
                )
                #expect([403, 415].contains(reply.status), "\(method) \(path): \(reply.text)")
                #expect(reply.contentType == "application/problem+json")
            }
            #expect(try await admin.get(device + "/FGT1").status == 200)
            #expect(try await admin.get(device + "/FGT2").status == 404)
        }
    }

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
