import Foundation
import TestKit
import Testing

/// Certificates that follow a lab's clock, judged by `openssl`.
@Suite("Certificates at the lab's time", .timeLimit(.minutes(1)))
struct LabCertificateTests {
    private static let day = 86_400

    @Test func `a lab five years ahead presents a chain of that time, and no other lab does`() async throws {
        try await ServerProcess.serve(arguments: ["--listen", "second=127.0.0.1:0,lab=other"]) { server in
            let admin = AdminPlane(server)
            let clock = AdminPlane.lab() + "/clock"
            let main = try #require(server.ready.listeners["main"])
            let other = try #require(server.ready.listeners["second"])
            let now = Int(Date.now.timeIntervalSince1970)
            let ahead = now + 5 * 365 * Self.day
            let ordinary = try await PresentedChain(of: main)
            #expect(try await PresentedChain(of: other) == ordinary)

            let set = try await admin.call("PUT", clock, Self.body(frozenAt: ahead, certificates: "lab"))
            #expect(set.status == 200 && set.string("certificates") == "lab", "\(set.text)")
            let moved = try await PresentedChain(of: main)
            #expect(moved.certificates.count >= 2 && moved != ordinary)
            #expect(try await moved.verdict(by: server, at: ahead) == "OK")
            #expect(try await moved.verdict(by: server, at: now).contains("not yet valid"))
            #expect(try await ordinary.verdict(by: server, at: now) == "OK")
            #expect(try await ordinary.verdict(by: server, at: ahead).contains("has expired"))
            // A client that goes by today's date refuses, as a unit with a dead battery would.
            let curl = Curl.manners + ["--cacert", server.authority]
            #expect(try await Command.run("curl", curl + [server.url]).status == 60)
            #expect(try await PresentedChain(of: other) == ordinary)
            let port = other.split(separator: ":").last ?? ""
            #expect(try await Command.run("curl", curl + ["https://localhost:\(port)/"]).status == 0)

            // A step of the clock brings the certificate along.
            let later = ahead + 500 * Self.day
            _ = try await admin.post(clock + "/advance", "{\"seconds\":\(later - ahead)}")
            let next = try await PresentedChain(of: main)
            #expect(try await next.verdict(by: server, at: later) == "OK")
            #expect(try await next.verdict(by: server, at: ahead).contains("not yet valid"))

            let back = try await admin.call("PUT", clock, #"{"certificates":"host"}"#)
            #expect(back.string("certificates") == "host")
            #expect(try await PresentedChain(of: main) == ordinary)
            #expect(try await Command.run("curl", curl + [server.url]).status == 0)
        }
    }

    @Test func `a time past the root's life is refused, and nothing changes`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        let clock = AdminPlane.lab() + "/clock"
        var kept = ""
        try await ServerProcess.serve(data: data) { server in
            let admin = AdminPlane(server)
            let now = Int(Date.now.timeIntervalSince1970)
            let ahead = now + 400 * Self.day
            let set = try await admin.call("PUT", clock, Self.body(frozenAt: ahead, certificates: "lab"))
            #expect(set.status == 200)
            kept = set.text
            let chain = try await PresentedChain(of: server.ready.listen[0])
            for (method, path, body) in [
                ("PUT", clock, Self.body(frozenAt: now + 60 * 365 * Self.day, certificates: "lab")),
                ("PUT", clock, #"{"now":"1999-12-31T23:59:59Z"}"#),
                ("POST", clock + "/advance", "{\"seconds\":\(60 * 365 * Self.day)}"),
            ] {
                let refused = try await admin.call(method, path, body)
                #expect(refused.status == 409 && refused.contentType == "application/problem+json", "\(refused)")
                #expect(try await admin.get(clock).text == kept)
                #expect(try await PresentedChain(of: server.ready.listen[0]) == chain)
            }
        }
        // Nor is anything of it kept.
        try await ServerProcess.serve(data: data) { server in
            let found = try await AdminPlane(server).get(clock).text
            #expect(found == kept)
        }
    }

    private static func body(frozenAt seconds: Int, certificates: String) -> String {
        let now = Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
        return "{\"mode\":\"frozen\",\"now\":\"\(now)\",\"certificates\":\"\(certificates)\"}"
    }
}
