import Foundation
import TestKit
import Testing

/// What the CA's listener tells of revocation, by the host's clock and by those that labs' certificates follow.
@Suite("Revocation at the lab's time", .timeLimit(.minutes(1)))
struct LabRevocationTests {
    private static let day = 86_400
    private static let year = 365 * day
    private static let arguments = ["--pki", "127.0.0.1:0", "--listen", "second=127.0.0.1:0,lab=other"]

    /// An authority's list, read by `openssl`.
    private struct List {
        let pem: String
        let lastUpdate: Int
        let nextUpdate: Int
        let number: Int

        init(of authority: String, at base: String) async throws {
            pem = try await Command.run("curl", Curl.manners + [base + "/\(authority).crl.pem"]).output
            let options = ["crl", "-noout", "-lastupdate", "-nextupdate", "-crlnumber", "-dateopt", "iso_8601"]
            let text = try await Command.run("openssl", options, input: pem).output
            func value(_ name: String) throws -> Substring {
                try #require(text.split(separator: "\n").first { $0.hasPrefix(name + "=") }, "\(text)")
                    .dropFirst(name.count + 1)
            }
            func moment(_ name: String) throws -> Int {
                let date = try Date(String(value(name)).replacing(" ", with: "T"), strategy: .iso8601)
                return Int(date.timeIntervalSince1970)
            }
            lastUpdate = try moment("lastUpdate")
            nextUpdate = try moment("nextUpdate")
            number = try #require(Int(try value("crlNumber").dropFirst("0x".count), radix: 16))
        }
    }

    @Test func `lists count by the host's clock and by the furthest lab's, and each has a higher number`() async throws
    {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        let now = Int(Date.now.timeIntervalSince1970)
        var last = 0
        /// The lists' end, in seconds since the test began, after a check of what holds at any time.
        func reach(_ base: String, isSame: Bool = false) async throws -> Int {
            let lists = [
                try await List(of: "root", at: base), try await List(of: "service", at: base),
                try await List(of: "device", at: base),
            ]
            for list in lists {
                #expect(list.lastUpdate <= now && now <= list.nextUpdate)
                #expect(isSame ? list.number == last : list.number > last)
                #expect(list.nextUpdate == lists[0].nextUpdate && list.number == lists[0].number)
            }
            last = lists[0].number
            return lists[0].nextUpdate - now - 7 * Self.day
        }
        try await ServerProcess.serve(data: data, arguments: Self.arguments) { server in
            let (admin, base) = (AdminPlane(server), try server.authorityListener())
            let (main, other) = (AdminPlane.lab() + "/clock", AdminPlane.lab("other") + "/clock")
            let short = 0...60
            #expect(short.contains(try await reach(base)))
            // A clock that certificates do not follow changes nothing.
            _ = try await admin.call("PUT", main, Self.body(frozenAt: now + 4 * Self.year, certificates: "host"))
            #expect(short.contains(try await reach(base, isSame: true)))
            _ = try await admin.call("PUT", main, #"{"certificates":"lab"}"#)
            #expect(try await reach(base) == 4 * Self.year)
            _ = try await admin.call("PUT", other, Self.body(frozenAt: now + 2 * Self.year, certificates: "lab"))
            #expect(try await reach(base) == 4 * Self.year)
            _ = try await admin.post(other + "/advance", "{\"seconds\":\(3 * Self.year)}")
            #expect(try await reach(base) == 5 * Self.year)
            _ = try await admin.call("PUT", other, #"{"certificates":"host"}"#)
            #expect(try await reach(base) == 4 * Self.year)
            let made = try await admin.post("/api/v1/labs", #"{"name":"brief","listen":"127.0.0.1:0"}"#)
            #expect(made.status == 201, "\(made.text)")
            let brief = AdminPlane.lab("brief")
            let ahead = Self.body(frozenAt: now + 6 * Self.year, certificates: "lab")
            #expect(try await admin.call("PUT", brief + "/clock", ahead).status == 200)
            #expect(try await reach(base) == 6 * Self.year)
            #expect(try await admin.call("DELETE", brief).status == 204)
            #expect(try await reach(base) == 4 * Self.year)
        }
        // What a server finds in its labs when it starts counts as what it is told later.
        try await ServerProcess.serve(data: data, arguments: Self.arguments) { server in
            #expect(try await reach(try server.authorityListener()) == 4 * Self.year)
            _ = try await AdminPlane(server).post(AdminPlane.lab() + "/reset")
            let base = try server.authorityListener()
            #expect(0...60 ~= (try await reach(base)))
        }
    }

    @Test func `a lab four years ahead finds its own chain on no list, and the revoked one on the list`() async throws {
        try await ServerProcess.serve(
            arguments: Self.arguments,
            environment: ["FAUXGUARD_PKI_PROFILES": Repository.profiles]
        ) { server in
            let (admin, base) = (AdminPlane(server), try server.authorityListener())
            let (main, second) = (try #require(server.ready.listeners["main"]), server.ready.listeners["second"])
            let now = Int(Date.now.timeIntervalSince1970)
            let ahead = now + 4 * Self.year
            let clock = AdminPlane.lab() + "/clock"
            #expect(try await admin.call("PUT", clock, Self.body(frozenAt: ahead, certificates: "lab")).status == 200)
            let moved = try await PresentedChain(of: main)
            let ordinary = try await PresentedChain(of: try #require(second))
            let rule = FaultRule.json("tls.certificate", named: "back", with: ["profile": "revoked"])
            #expect(try await admin.post(AdminPlane.lab() + "/faults", rule).status == 201)
            let revoked = try await PresentedChain(of: main)
            let lists = [try await List(of: "root", at: base), try await List(of: "service", at: base)]
            let folder = try TemporaryFolder()
            let check = ["-crl_check_all", "-CRLfile", try folder.write(lists.map(\.pem).joined(), to: "lists.pem")]
            #expect(try await moved.verdict(by: server, at: ahead, check) == "OK")
            #expect(try await ordinary.verdict(by: server, at: now, check) == "OK")
            #expect(try await revoked.verdict(by: server, at: ahead) == "OK")
            #expect(try await revoked.verdict(by: server, at: ahead, check).contains("error 23 at 0 depth"))
            // By OCSP, whose verifier takes no other time than the host's: the answer counts then, and at the lab's.
            for (chain, state) in [(moved, "good"), (revoked, "revoked")] {
                let leaf = try folder.write(chain.certificates[0], to: "leaf.pem")
                let asked = try await Command.run(
                    "openssl",
                    ["ocsp", "-url", base + "/ocsp", "-CAfile", server.authority, "-resp_text"]
                        + ["-issuer", server.certificateFile("service.pem"), "-cert", leaf]
                )
                #expect(asked.errors.contains("Response verify OK"), "\(asked.errors)")
                #expect(asked.output.contains("leaf.pem: \(state)\n"), "\(asked.output)")
                let end = try #require(asked.output.firstMatch(of: /Next Update: (.+) GMT/)?.output.1)
                let formatter = DateFormatter()
                formatter.locale = Locale(identifier: "en_US_POSIX")
                formatter.timeZone = .gmt
                formatter.dateFormat = "MMM d HH:mm:ss yyyy"
                let moment = try #require(formatter.date(from: String(end).replacing("  ", with: " ")))
                #expect(Int(moment.timeIntervalSince1970) == ahead + Self.day)
            }
        }
    }

    @Test func `a snapshot's clock brings along the certificates of rules`() async throws {
        try await ServerProcess.serve(environment: ["FAUXGUARD_PKI_PROFILES": Repository.profiles]) { server in
            let admin = AdminPlane(server)
            let lab = AdminPlane.lab()
            let now = Int(Date.now.timeIntervalSince1970)
            let ahead = now + 4 * Self.year
            _ = try await admin.call("PUT", lab + "/clock", Self.body(frozenAt: ahead, certificates: "lab"))
            #expect(try await admin.post(lab + "/snapshots", #"{"name":"ahead"}"#).status == 201)
            let back = Self.body(frozenAt: now, certificates: "lab")
            #expect(try await admin.call("PUT", lab + "/clock", back).status == 200)
            let rule = FaultRule.json("tls.certificate", with: ["profile": "trusted"])
            #expect(try await admin.post(lab + "/faults", rule).status == 201)
            let before = try await PresentedChain(of: server.ready.listen[0])
            #expect(try await before.verdict(by: server, at: ahead).contains("has expired"))
            #expect(try await admin.post(lab + "/snapshots/ahead/restore").status == 200)
            let after = try await PresentedChain(of: server.ready.listen[0])
            #expect(try await after.verdict(by: server, at: ahead) == "OK")
        }
    }

    private static func body(frozenAt seconds: Int, certificates: String) -> String {
        let now = Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
        return "{\"mode\":\"frozen\",\"now\":\"\(now)\",\"certificates\":\"\(certificates)\"}"
    }
}
