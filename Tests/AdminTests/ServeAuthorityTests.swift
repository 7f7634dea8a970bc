import TestKit
import Testing

/// What the `--pki` listener publishes: the lab CA, lists of what was revoked and OCSP, and nothing else.
@Suite("serve, the CA's listener", .timeLimit(.minutes(1)))
struct ServeAuthorityTests {
    @Test(arguments: ["/ocsp/", "/ocsp/%", "/ocsp/%4", "/ocsp/MEU", "/ocsp/!!!!", "/ocsp/AAAA=", "/ocsp/a/b/c/d/e"])
    func `a path that holds no request is answered as malformed`(path: String) async throws {
        try await ServiceWorld.run { world in
            let answer = try await world.publish("GET", path)
            #expect(Array(answer.body.utf8) == [0x30, 0x03, 0x0A, 0x01, 0x01])
        }
    }

    @Test func `each thing has its media type, also for HEAD`() async throws {
        let types = [
            "/ca.pem": "application/x-pem-file", "/ca.crt": "application/pkix-cert",
            "/root.crl": "application/pkix-crl", "/service.crl": "application/pkix-crl",
            "/device.crl": "application/pkix-crl", "/service.crl.pem": "application/x-pem-file",
            "/ocsp/AAAA": "application/ocsp-response",
        ]
        try await ServiceWorld.run { world in
            for (path, type) in types {
                let head = try await world.publish("HEAD", path)
                for reply in [head, try await world.publish("GET", path)] {
                    #expect(reply.status == 200 && reply.value(of: "content-type") == type, "\(path): \(reply.fields)")
                }
                let length = head.value(of: "content-length").flatMap { Int($0) } ?? 0
                #expect(head.body.isEmpty && length > 0, "\(path): \(head.fields)")
            }
        }
    }

    @Test(arguments: [
        ("/ca.key", "404"), ("/", "404"), ("/healthz", "404"), ("/SoftToken/Provisioning.asmx", "404"),
        ("/service.pem", "404"), ("/inspection.crl", "404"), ("/ocsp", "405"), ("/Ocsp/AAAA", "404"),
    ])
    func `nothing else is served, and never a key`(path: String, status: String) async throws {
        try await ServiceWorld.run { world in
            func told(_ reply: Curl.Reply) -> String { "\(reply.status) \(reply.value(of: "allow") ?? "")" }
            let form = ["Content-Type: application/x-www-form-urlencoded"]
            let result = try await world.publish("GET", path)
            #expect(told(result) == (status == "405" ? "405 POST" : "\(status) "))
            for path in ["/ca.pem", "/service.crl", "/ocsp/AAAA"] {
                let post = try await world.publish("POST", path, "x", fields: form)
                #expect(told(post) == "405 GET, HEAD")
            }
            let other = try await world.publish("POST", "/ocsp", "x", fields: form)
            #expect(told(other) == "415 ", "a body of another type is no OCSP request")
        }
    }
}
