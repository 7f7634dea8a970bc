import Foundation
import TestKit
import Testing

/// Labs that come and go while the server runs.
@Suite("Admin, labs", .timeLimit(.minutes(2)))
struct AdminLabTests {
    private let unit = "FGT60FTK20000001"
    private let document = """
        {"devices":[{"serial":"FGT60FTK20000001","registered":true}],
        "licenses":[{"number":"EFTM000000000001","code":"0F1E-2D3C-4B5A-6978-8796","size":2}]}
        """

    @Test func `a lab can have a listener of its own, and keeps it over a restart`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        try await ServerProcess.serve(data: data) { server in
            let admin = AdminPlane(server)
            let made = try await admin.post("/api/v1/labs", #"{"name":"team-a","listen":"127.0.0.1:0","seed":7}"#)
            #expect(made.status == 201 && made.int("seed") == 7, "\(made.text)")
            let address = try #require(made.string("listeners.0.address"))
            #expect(made.string("listeners.0.name") == "team-a")
            _ = try await admin.call("PUT", AdminPlane.lab("team-a") + "/registry", document)
            let answer = try await post(
                WireMessage.activation("0F1E-2D3C-4B5A-6978-8796", by: unit),
                to: address,
                server
            )
            #expect(answer.contains("\"result\":1"), "\(answer)")
        }
        try await ServerProcess.serve(data: data) { server in
            let lab = try await AdminPlane(server).get(AdminPlane.lab("team-a"))
            #expect(lab.int("seed") == 7)
            let address = try #require(lab.string("listeners.0.address"))
            #expect(server.ready.listeners["team-a"] == address)
            // Redeemed before: the same tokens again.
            let answer = try await post(
                WireMessage.activation("0F1E-2D3C-4B5A-6978-8796", by: unit),
                to: address,
                server
            )
            #expect(answer.contains("\"result\":1"), "\(answer)")
        }
    }

    private func post(_ message: String, to address: String, _ server: ServerProcess) async throws -> String {
        let port = address.split(separator: ":").last ?? ""
        let url = "https://localhost:\(port)/SoftToken/Provisioning.asmx/Process"
        let arguments = Curl.manners + ["--cacert", server.authority, "--data-binary", "@-", url]
        return try await Command.run("curl", arguments, input: message).output
    }

    // Defect: one connection that had said nothing, or half a hello, held a lab's removal, every lab that was to be
    // made meanwhile, and the server's end for the whole grace period.
    @Test(arguments: [[], [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03]] as [[UInt8]])
    func `nobody waits for connections that have asked nothing`(said: [UInt8]) async throws {
        let server = try await ServerProcess.start(environment: ["FAUXGUARD_SHUTDOWNGRACE": "1h"])
        let admin = AdminPlane(server)
        let made = try await admin.post("/api/v1/labs", #"{"name":"team-a","listen":"127.0.0.1:0"}"#)
        let address = try #require(made.string("listeners.0.address"))
        let port = try #require(address.split(separator: ":").last.flatMap { UInt16($0) })
        let held = try [port, UInt16(server.port)].map { try TestClient(port: $0) }
        for client in held { try client.send(said) }
        #expect(try await admin.call("DELETE", AdminPlane.lab("team-a"), within: .seconds(20)).status == 204)
        #expect(try await admin.post("/api/v1/labs", #"{"name":"team-a","listen":"127.0.0.1:0"}"#).status == 201)
        try await server.terminate()
        withExtendedLifetime(held) {}
    }

    // Defect: labs waited for each other's last exchanges.
    @Test func `a lab is made while another one finishes what is under way, and nobody gets its name`() async throws {
        try await ServerProcess.serve(environment: ["FAUXGUARD_SHUTDOWNGRACE": "1h"]) { server in
            let admin = AdminPlane(server)
            let made = try await admin.post("/api/v1/labs", #"{"name":"team-a","listen":"127.0.0.1:0"}"#)
            let address = try #require(made.string("listeners.0.address"))
            let port = try #require(address.split(separator: ":").last.flatMap { UInt16($0) })
            let client = try TestClient(port: port)
            try client.startTLS(trusting: try server.clientContext())
            try client.send(
                "POST \(TestClient.process) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"
            )
            // Once its client is asked for the body it is under way, and the removal waits for it.
            guard case .bytes = try client.receive() else { throw TestKitError("the body was not asked for") }
            async let removal = admin.call("DELETE", AdminPlane.lab("team-a"))
            var isGone = false
            for _ in 0..<200 where !isGone { isGone = try await admin.get(AdminPlane.lab("team-a")).status == 404 }
            #expect(isGone)
            #expect(try await admin.post("/api/v1/labs", #"{"name":"team-b"}"#).status == 201)
            #expect(try await admin.post("/api/v1/labs", #"{"name":"team-a"}"#).status == 409)
            client.reset()
            #expect(try await removal.status == 204)
        }
    }

    @Test func `a lab that is removed is gone: its listener, its folder and its name`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        try await ServerProcess.serve(data: data) { server in
            let admin = AdminPlane(server)
            let made = try await admin.post("/api/v1/labs", #"{"name":"team-a","listen":"127.0.0.1:0"}"#)
            let address = try #require(made.string("listeners.0.address"))
            #expect(FileManager.default.fileExists(atPath: data + "/labs/team-a/registry.sqlite"))
            let before = server.descriptorCount
            #expect(try await admin.call("DELETE", AdminPlane.lab("team-a")).status == 204)
            #expect(server.descriptorCount < before)
            #expect(!FileManager.default.fileExists(atPath: data + "/labs/team-a"))
            #expect(try await admin.get(AdminPlane.lab("team-a")).status == 404)
            let gone = try await Curl(server).post("{}", ["--header", "X-FauxGuard-Lab: team-a"])
            #expect(gone.status == 421)
            let refused = try await Command.run("curl", Curl.manners + ["--insecure", "https://\(address)/"])
            #expect(refused.status == 7, "the port is closed: \(refused.errors)")
            // The name is free again.
            #expect(try await admin.post("/api/v1/labs", #"{"name":"team-a"}"#).status == 201)
        }
    }

    @Test func `removing a lab in use finishes its exchanges first`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            let made = try await admin.post("/api/v1/labs", #"{"name":"team-a","listen":"127.0.0.1:0"}"#)
            let port = try #require(
                made.string("listeners.0.address")?.split(separator: ":").last.flatMap { UInt16($0) }
            )
            _ = try await admin.call("PUT", AdminPlane.lab("team-a") + "/registry", document)
            let bytes = TestClient.post(WireMessage.activation("0F1E-2D3C-4B5A-6978-8796", by: unit))
            let url = server.ready.admin + AdminPlane.lab("team-a")
            let (removal, ended, answer) = try await Blocking.run {
                let context = try server.clientContext()
                // Half of a request is under way when the lab is removed; one connection is idle.
                let half = try TestClient(port: port, trusting: context)
                let idle = try TestClient(port: port, trusting: context)
                _ = try idle.post("{}")
                try half.send(Array(bytes.prefix(bytes.count / 2)))
                // A round trip later, the server has read it.
                _ = try TestClient(port: port, trusting: context).post("{}")
                let arguments = ["--request", "DELETE", "--write-out", "%{http_code}", url]
                let removal = try ChildProcess("curl", Curl.manners + arguments)
                let ended = try idle.receive()
                try half.send(Array(bytes.dropFirst(bytes.count / 2)))
                return (removal, ended, try half.answer())
            }
            guard case .end = ended else {
                Issue.record("the idle connection was not closed: \(ended)")
                return
            }
            #expect(answer.status == 200)
            #expect(answer.text.contains("\"result\":1"), "\(answer.text)")
            #expect(answer.value(of: "connection") == "close")
            #expect(try await removal.wait() == .exited(0))
            #expect(removal.output == "204")
        }
    }

    @Test func `the default lab and labs of the configuration cannot be removed`() async throws {
        try await ServerProcess.serve(arguments: ["--listen", "second=127.0.0.1:0,lab=other"]) { server in
            let admin = AdminPlane(server)
            #expect(try await admin.call("DELETE", AdminPlane.lab()).status == 409)
            let refused = try await admin.call("DELETE", AdminPlane.lab("other"))
            #expect(refused.status == 409)
            #expect(refused.string("detail")?.contains("second") == true)
        }
    }
}
