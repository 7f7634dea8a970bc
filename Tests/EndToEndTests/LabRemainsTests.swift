import Foundation
import TestKit
import Testing

/// What a start makes of what a kill, or someone with a shell, left in the data folder.
@Suite("What is left of labs", .timeLimit(.minutes(1)))
struct LabRemainsTests {
    /// Drafts of snapshots stayed for ever, and a half-removed lab came back at the next start.
    @Test func `what a kill left half made or half removed goes at the next start`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        try await ServerProcess.serve(data: data) { server in
            let made = try await AdminPlane(server).post(AdminPlane.lab() + "/snapshots", "{}")
            #expect(made.status == 201)
        }
        let files = FileManager.default
        let before = try files.subpathsOfDirectory(atPath: data + "/labs").sorted()
        for name in [".team-a.new", ".team-b.removed"] {
            try files.createDirectory(atPath: data + "/labs/" + name, withIntermediateDirectories: false)
            try Data().write(to: URL(filePath: data + "/labs/\(name)/registry.sqlite"))
        }
        for name in ["origin.sqlite.77.new", "snapshots/s.sqlite.77.new"] {
            try Data("half".utf8).write(to: URL(filePath: data + "/labs/default/" + name))
        }
        try await ServerProcess.serve(data: data) { server in
            let labs = try await AdminPlane(server).get("/api/v1/labs")
            #expect((labs["items"] as? [Any])?.count == 1)
            // A name is free again whatever was left of it.
            #expect(try await AdminPlane(server).post("/api/v1/labs", #"{"name":"team-a"}"#).status == 201)
            #expect(try await AdminPlane(server).call("DELETE", AdminPlane.lab("team-a")).status == 204)
        }
        #expect(try files.subpathsOfDirectory(atPath: data + "/labs").sorted() == before)
    }

    /// A lab that any port would do for had another one after each restart, and whoever was told of it was lost.
    @Test func `a lab's own listener keeps its port over a restart, and a reset, unless somebody else has it`()
        async throws
    {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        var address = ""
        try await ServerProcess.serve(data: data) { server in
            // An address of its own: the servers of other tests take free ports of 127.0.0.1, this one between two
            // starts too.
            let made = try await AdminPlane(server).post("/api/v1/labs", #"{"name":"team-a","listen":"127.0.0.77:0"}"#)
            address = try #require(made.string("listeners.0.address"))
            #expect(try await AdminPlane(server).post(AdminPlane.lab("team-a") + "/reset", "").status == 200)
        }
        try await ServerProcess.serve(data: data) { server in
            #expect(server.ready.listeners["team-a"] == address)
        }
        var other = ""
        try await ServerProcess.serve(arguments: ["--listen", "taker=\(address)"]) { _ in
            try await ServerProcess.serve(data: data) { server in
                other = try #require(server.ready.listeners["team-a"])
                #expect(other != address)
                _ = try await server.logLine(with: " warning ", "another port", "was=\(address)", "address=\(other)")
            }
        }
        try await ServerProcess.serve(data: data) { server in
            #expect(server.ready.listeners["team-a"] == other, "what it was told last")
        }
    }

    /// A lab whose certificates follow its clock kept the server from starting once the root was minted anew.
    @Test func `a clock at which the root does not count is no reason not to start`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        let clock = AdminPlane.lab() + "/clock"
        var last = 0
        try await ServerProcess.serve(data: data) { server in
            // A root counts from an hour before it was minted.
            last = Int(Date.now.timeIntervalSince1970) - 3598
            let now = Date(timeIntervalSince1970: TimeInterval(last)).formatted(.iso8601)
            let set = try await AdminPlane(server)
                .call("PUT", clock, "{\"mode\":\"frozen\",\"now\":\"\(now)\",\"certificates\":\"lab\"}")
            #expect(set.status == 200, "\(set.text)")
        }
        try FileManager.default.removeItem(atPath: data + "/pki")
        try await Deadline(in: .seconds(20))
            .wait(until: "a root that begins later") { Int(Date.now.timeIntervalSince1970) > last + 3601 }
        try await ServerProcess.serve(data: data) { server in
            let line = try await server.logLine(with: " error ", "certificates")
            #expect(line.contains("lab=default"))
            #expect(try await Curl(server).reply(to: [], path: Curl.page).status == 200)
            let back = try await AdminPlane(server).call("PUT", clock, #"{"certificates":"host"}"#)
            #expect(back.status == 200, "\(back.text)")
        }
    }
}
