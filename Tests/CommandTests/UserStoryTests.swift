import Foundation
import TestKit
import Testing

/// What testers do with `fauxguard` alone, against a server that runs.
@Suite("Stories on the command line", .timeLimit(.minutes(2)))
struct UserStoryTests {
    private let unit = "FGT60FTK20000001"
    private let other = "FG4H0ETB20900993"
    private let number = "EFTM000000000001"
    private let code = "0F1E-2D3C-4B5A-6978-8796"

    /// Runs a command against a server; throws with its words unless it ends as expected.
    @discardableResult
    private func run(
        _ words: String,
        _ server: ServerProcess,
        more: [String] = [],
        input: String? = nil,
        expecting status: Int32 = 0
    ) async throws -> Command.Result {
        let result = try await Session.run(words, admin: server.ready.admin, more: more, input: input)
        guard result.status == status else {
            throw TestKitError("\(words) ended with \(result.status): \(result.errors)\(result.output)")
        }
        #expect(result.errors.isEmpty || status != 0, "\(words): \(result.errors)")
        return result
    }

    /// A field of the JSON that a command prints.
    private func field(_ name: String, of words: String, _ server: ServerProcess) async throws -> String? {
        let text = try await run(words + " --json", server).output
        return ((try JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any])?[name] as? String
    }

    private func activate(_ code: String, _ server: ServerProcess, lab: String? = nil) async throws -> String {
        let field = lab.map { ["--header", "X-FauxGuard-Lab: \($0)"] } ?? []
        return try await Curl(server).post(WireMessage.activation(code, by: unit), field).body
    }

    @Test func `a license until tomorrow is refused two days later`() async throws {
        try await ServerProcess.serve { server in
            try await run("clock freeze --at 2027-03-01T12:00:00Z", server)
            let words = "license issue --size 2 --valid-until 2027-03-02"
            let issued = try #require(try await field("code", of: words, server))
            #expect(try await field("now", of: "clock advance 2d", server) == "2027-03-03T12:00:00Z")
            let late = try await activate(issued, server)
            #expect(late.contains(WireMessage.error(14, "forticare license expired")), "\(late)")
        }
    }

    @Test func `a transfer with an hour's grace covers the former unit for an hour`() async throws {
        try await ServerProcess.serve { server in
            try await run("clock freeze", server)
            let activated = try await activate(code, server)
            let token = try #require(WireMessage.values(of: "token", in: activated).first)
            try await run("license transfer \(number) --to \(other) --grace 1h", server)
            #expect(try await field("owner", of: "license show \(number)", server) == other)
            func poll(_ serial: String) async throws -> String {
                try await Curl(server).post(WireMessage.polling([token], by: serial)).body
            }
            for serial in [unit, other] {
                let answer = try await poll(serial)
                #expect(answer.contains("\"result\":1"), "\(serial): \(answer)")
            }
            try await run("clock advance 1h", server)
            let former = try await poll(unit)
            #expect(former.contains(WireMessage.error(31, "token does not belong to product")), "\(former)")
            let present = try await poll(other)
            #expect(present.contains("\"status\":\"available\""), "\(present)")
        }
    }

    @Test func `two labs are two worlds, and a snapshot brings one of them back`() async throws {
        let folder = try TemporaryFolder()
        let document = try folder.write(
            """
            devices: [{ serial: \(unit), registered: true }]
            licenses: [{ number: \(number), code: \(code), size: 2 }]

            """,
            to: "lab.yaml"
        )
        try await ServerProcess.serve { server in
            for lab in ["team-a", "team-b"] {
                try await run("lab create \(lab)", server)
                try await run("registry import --yes --lab \(lab)", server, more: [document])
            }
            try await run("snapshot create fresh --lab team-a", server)
            #expect(try await activate(code, server, lab: "team-a").contains("\"result\":1"))
            #expect(try await field("owner", of: "license show \(number) --lab team-a", server) == unit)
            #expect(try await field("owner", of: "license show \(number) --lab team-b", server) == nil)
            #expect(try await field("owner", of: "license show \(number)", server) == nil)
            try await run("clock freeze --at 2027-03-01 --lab team-a", server)
            try await run("snapshot restore fresh --lab team-a", server)
            #expect(try await field("owner", of: "license show \(number) --lab team-a", server) == nil)
            #expect(try await field("mode", of: "clock show --lab team-a", server) == "running")
            try await run("lab delete team-a", server)
            let gone = try await run("license list --lab team-a", server, expecting: 1)
            #expect(gone.errors.hasPrefix("fauxguard: no lab \"team-a\""), "\(gone.errors)")
            #expect(try await run("lab list", server).output.contains("team-b"))
        }
    }

    @Test(arguments: ["yaml", "json"])
    func `an export comes back by import as it was, secrets and all`(form: String) async throws {
        let folder = try TemporaryFolder()
        let (first, second) = (folder.path(of: "first.\(form)"), folder.path(of: "second.\(form)"))
        try await ServerProcess.serve { server in
            let token = try #require(WireMessage.values(of: "token", in: try await activate(code, server)).first)
            let provisioned = try await Curl(server).post(WireMessage.provision([token], by: unit)).body
            let activation = try #require(WireMessage.values(of: "token_activation_code", in: provisioned).first)
            try await run("registry export", server, more: [first])
            try await run("token lock \(token)", server)
            try await run("license issue --size 3", server)
            let text = try String(contentsOfFile: first, encoding: .utf8)
            #expect(text.contains(activation))
            // Through a pipe, as `export - | import -` does it.
            let piped = try await run("registry export - --format \(form)", server).output
            #expect(piped != text)
            try await run("registry import - --yes", server, input: text)
            try await run("registry export", server, more: [second])
            #expect(try String(contentsOfFile: second, encoding: .utf8) == text)
            let phone = WireMessage.mobile(WireMessage.digits(ofActivationCode: activation))
            let claimed = try await Curl(server).post(phone, to: Curl.mobile).body
            #expect(claimed.contains("\"token\":\"\(token)\""), "\(claimed)")
        }
    }

    @Test func `one process waits for the handshake that fails in another`() async throws {
        try await ServerProcess.serve { server in
            let words = "journal wait --where alert=unknown_ca,client=127.0.0.1 --timeout 30s"
            async let waited = run(words, server)
            // Without the lab's CA, curl refuses the chain.
            #expect(try await Command.run("curl", Curl.manners + [server.url]).status == 60)
            #expect(try await waited.status == 0)

            let other = "journal wait --where alert=unknown_ca,client=192.0.2.0/24 --timeout 1s"
            let missed = try await run(other, server, expecting: 1)
            let lines = missed.errors.split(separator: "\n").map(String.init)
            #expect(lines.first?.hasPrefix("fauxguard: ") == true, "\(missed.errors)")
            let near = lines.filter { $0.hasPrefix("  near miss ") }
            #expect(near.contains { $0.hasSuffix("client is 127.0.0.1, not 192.0.2.0/24") }, "\(missed.errors)")
        }
    }

    @Test func `a wrong number is answered with the right one`() async throws {
        try await ServerProcess.serve { server in
            let wrong = try await run("license show EFTM000000000011", server, expecting: 1)
            #expect(wrong.errors.hasPrefix("fauxguard: no license EFTM000000000011; did you mean "), "\(wrong.errors)")
            #expect(wrong.errors.contains(number))
            #expect(wrong.errors.split(separator: "\n").count == 1)
        }
    }

    // A field report: these were told without what was meant, or what a serial looks like.
    @Test func `what is nearly a name is answered with the right one`() async throws {
        try await ServerProcess.serve { server in
            try await run("snapshot create before-failover", server)
            for (words, told) in [
                ("snapshot restore befor", "did you mean before-failover?"),
                ("snapshot delete before-failovr", "did you mean before-failover?"),
                ("fault add tls.certificate --with profile=expird", "did you mean expired"),
                ("certs device fgt", "such as FGT60FTK20000001, not \"fgt\""),
                ("license list --owner nope", "such as FGT60FTK20000001, not \"nope\""),
                ("token list --license bogus", "such as EFTM000000000001, not \"bogus\""),
                ("lab create x --listen 127.0.0.1", "such as 127.0.0.1:0"),
                ("license issue --number 12 --code 1234 --token x", "  tokens[0]: must be FTKMOB"),
            ] {
                let wrong = try await run(words, server, expecting: 1)
                #expect(wrong.errors.contains(told), "\(wrong.errors)")
            }
            // A trial has no code that could be found.
            #expect(try await run("license revoke FTMTRIAL02062407", server).output == "revoked FTMTRIAL02062407\n")
        }
    }

    @Test func `a server that is gone is status 2`() async throws {
        let server = try await ServerProcess.start()
        try await run("license list", server)
        try await server.terminate()
        let gone = try await run("license list", server, expecting: 2)
        #expect(
            gone.errors
                == "fauxguard: no admin plane at \(server.ready.admin): connection refused; is \"fauxguard serve\" running?\n"
        )
    }
}
