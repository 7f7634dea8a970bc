import Foundation
import TestKit
import Testing

/// Defects of the admin plane that a review found, each held by a test that names it.
@Suite("Admin, defects", .timeLimit(.minutes(2)))
struct AdminDefectTests {
    private let lab = AdminPlane.lab()

    // Defect: what HTTP itself refuses was answered in another form than everything else on this plane.
    @Test(arguments: [
        ("Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", 415, "unsupported-media-type"),
        ("Date: a\r\nDate: a\r\n\r\n", 400, "duplicate-field"),
        ("Content-Length: 999999999999\r\n\r\n", 413, "too-large"),
        ("Expect: something\r\n\r\n", 417, "unknown-expectation"),
        ("Transfer-Encoding: chunked\r\n\r\n1;;\r\n", 400, "bad-chunk-extension"),
    ])
    func `a refusal by HTTP is a problem, too`(rest: String, status: Int, kind: String) async throws {
        try await ServerProcess.serve { server in
            try await Blocking.run {
                let client = try TestClient.admin(of: server)
                try client.send("POST \(lab)/devices HTTP/1.1\r\nHost: localhost\r\n\(rest)")
                let answer = try client.answer()
                #expect(answer.status == status)
                #expect(answer.value(of: "content-type") == "application/problem+json", "\(answer.text)")
                #expect(answer.text.hasSuffix("}\n") && !answer.text.hasSuffix("\n\n"))
                #expect(answer.object["type"] as? String == "urn:fauxguard:problem:\(kind)", "\(answer.text)")
            }
        }
    }

    // Defect: the bound for documents held for every path, and a body was read before the token was looked at, so that
    // anyone could make the server keep 128 MiB for each connection.
    @Test func `a large body is refused by the head, before it is read`() async throws {
        let folder = try TemporaryFolder()
        let token = "0123456789abcdef-XYZ"
        let file = try folder.write(token, to: "token")
        let server = try await ServerProcess.start(arguments: ["--admin", "0.0.0.0:0", "--admin-token-file", file])
        let url = "https://localhost:\(server.adminPort)"
        // More than other bodies may have, and more than a connection holds on its way.
        let document = try folder.write(String(repeating: " ", count: 1_199_998) + "[]", to: "document")
        let large = try folder.write(String(repeating: " ", count: 4_000_000), to: "large")
        func send(_ body: String, _ arguments: [String], _ path: String) async throws -> (status: String, sent: Int) {
            let options = [
                "--cacert", server.authority, "--output", "/dev/null", "--write-out", "%{http_code} %{size_upload}",
            ]
            let data = ["--request", "PUT", "--header", "Content-Type: application/json", "--data-binary", "@\(body)"]
            let output = try await Command.run("curl", Curl.manners + options + data + arguments + [url + path]).output
            let words = output.split(separator: " ")
            return (words.first.map(String.init) ?? "", words.last.flatMap { Int($0) } ?? -1)
        }
        let known = ["--header", "Authorization: Bearer \(token)"]
        // curl asks before it sends a megabyte or more; the answer spares it the sending.
        let stranger = try await send(large, [], "/api/v1/labs/default/registry")
        #expect(stranger.status == "401" && stranger.sent == 0, "\(stranger)")
        let elsewhere = try await send(large, known, "/nowhere")
        #expect(elsewhere.status == "413" && elsewhere.sent == 0, "\(elsewhere)")
        // Who does not ask is cut off, and may be too busy sending to see the answer.
        for more in [["--header", "Expect:"], ["--header", "Expect:", "--header", "Transfer-Encoding: chunked"]] {
            let pushing = try await send(large, known + more, "/api/v1/labs/default/clock")
            #expect(["413", "000"].contains(pushing.status) && pushing.sent < 4_000_000, "\(pushing)")
        }
        // A document may be large; this one is only no registry.
        let taken = try await send(document, known, "/api/v1/labs/default/registry")
        #expect(taken.status == "422" && taken.sent == 1_200_000, "\(taken)")
        try await server.terminate()
    }

    // Defect: workspaces were lent between planes of one loop with the bounds of whoever had them first, so that a
    // document was refused as too large after somebody had fetched the CA.
    @Test func `the listener of the certificates does not lend its bounds to the admin plane`() async throws {
        try await ServerProcess.serve(arguments: ["--pki", "127.0.0.1:0"]) { server in
            let line = try #require(server.process.output.split(separator: "\n").first { $0.contains("/ca.pem") })
            let ca = try #require(line.split(separator: " ").first { $0.hasPrefix("http://") }?.dropLast())
            for _ in 0..<3 {
                #expect(try await Command.run("curl", Curl.manners + [String(ca)]).status == 0)
                let spaces = String(repeating: " ", count: 1_200_000)
                let reply = try await AdminPlane(server)
                    .call("POST", lab + "/registry/validate", spaces + #"{"devices":[]}"#)
                #expect(reply.status == 200, "\(reply.text)")
            }
        }
    }

    // Defect: a reset came back to whatever was there at the last start, and to nothing where a device had been added
    // before the first document.
    @Test func `a reset comes back to the first document, whatever came before it and after a restart`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        let team = AdminPlane.lab("team-a")
        let document = #"{"devices":[{"serial":"FGT1","registered":true}]}"#
        try await ServerProcess.serve(data: data) { server in
            let admin = AdminPlane(server)
            _ = try await admin.post("/api/v1/labs", #"{"name":"team-a"}"#)
            #expect(try await admin.post(team + "/devices", #"{"serial":"FGT0"}"#).status == 201)
            #expect(try await admin.call("PUT", team + "/registry", document).status == 200)
            #expect(try await admin.post(team + "/devices", #"{"serial":"FGT2"}"#).status == 201)
        }
        try await ServerProcess.serve(data: data) { server in
            let admin = AdminPlane(server)
            let before = try await admin.get(team)
            #expect(before.int("devices") == 2)
            #expect(try await admin.post(team + "/reset").int("devices") == 1)
            #expect(try await admin.get(team + "/devices/FGT1").status == 200)
        }
    }

    // Defect: what was left of a lab whose removal was cut off came back with the next lab of its name, or at the next
    // start.
    @Test func `what is left of a removed lab does not come back`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        try await ServerProcess.serve(data: data) { server in
            _ = try await AdminPlane(server).post("/api/v1/labs", #"{"name":"team-a"}"#)
        }
        let labs = data + "/labs"
        try FileManager.default.moveItem(atPath: labs + "/team-a", toPath: labs + "/.team-a.removed")
        try FileManager.default.createDirectory(atPath: labs + "/team-b", withIntermediateDirectories: false)
        try await ServerProcess.serve(data: data) { server in
            let admin = AdminPlane(server)
            let gone = try await admin.get(AdminPlane.lab("team-a"))
            #expect(gone.status == 404)
            #expect(!FileManager.default.fileExists(atPath: labs + "/.team-a.removed"))
            // Not ours to fill or to delete.
            #expect(try await admin.post("/api/v1/labs", #"{"name":"team-b"}"#).status == 409)
            #expect(FileManager.default.fileExists(atPath: labs + "/team-b"))
        }
    }

    // Defect: a lab whose clock no certificate could cover any more kept the whole server from starting.
    @Test func `a lab whose certificates can't follow its clock is said, and the server starts`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        try await ServerProcess.serve(data: data) { server in
            let set = try await AdminPlane(server)
                .call(
                    "PUT",
                    lab + "/clock",
                    #"{"mode":"frozen","now":"2030-01-01T00:00:00Z","certificates":"lab"}"#
                )
            #expect(set.status == 200, "\(set.text)")
            // Ten years are a root's life.
            let far = try await AdminPlane(server).call("PUT", lab + "/clock", #"{"now":"2050-01-01T00:00:00Z"}"#)
            #expect(far.status == 409 && far.string("detail")?.contains("root") == true, "\(far.text)")
            #expect(try await AdminPlane(server).get(lab + "/clock").string("now") == "2030-01-01T00:00:00Z")
        }
        let database = data + "/labs/default/registry.sqlite"
        let change = "UPDATE facts SET value = 'frozen 2524608000' WHERE name = 'clock'"
        let python = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
        let changed = try await Command.run("python3", ["-c", python, database, change])
        #expect(changed.status == 0, "\(changed.errors)")
        try await ServerProcess.serve(data: data) { server in
            _ = try await server.logLine(with: "the lab's certificates follow the host's clock", "lab=default")
            #expect(try await Curl(server).post("{}").status == 500, "served with the ordinary certificate")
        }
    }

    // Defect: a plane on another loopback address refused every request, by its own address too.
    @Test func `a plane goes by the address that it listens on`() async throws {
        let server = try await ServerProcess.start(arguments: ["--admin", "127.0.0.2:0"])
        let result = try await Command.run("curl", Curl.manners + ["--fail", server.ready.admin + "/healthz"])
        #expect(result.status == 0 && result.output.contains("alive"), "\(result.errors)")
        try await server.terminate()
    }
}
