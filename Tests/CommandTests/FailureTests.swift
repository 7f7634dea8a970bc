import Foundation
import IO
import TLS
import TestKit
import Testing

/// How commands end that do not do what they were asked.
@Suite("Failures of commands", .timeLimit(.minutes(2)))
struct FailureTests {
    @Test(arguments: [
        ("", "no license EFTM000000000009"),
        (",\"suggestions\":[\"EFTM000000000001\"]", "no license EFTM000000000009; did you mean EFTM000000000001?"),
        (",\"suggestions\":[\"A\",\"B\",\"C\"]", "no license EFTM000000000009; did you mean A, B or C?"),
    ])
    func `a refusal is one line and status 1`(members: String, line: String) async throws {
        let server = try ScriptedServer(.problem(404, "no license EFTM000000000009", members))
        let result = try await Session.run("license show EFTM000000000009", on: server)
        #expect(result.status == 1)
        #expect(result.errors == "fauxguard: \(line)\n")
        #expect(result.output.isEmpty)
    }

    @Test func `a verification that fails names the near misses`() async throws {
        let misses =
            #","observed":0,"nearMisses":[{"id":"17","differs":[{"filter":"alert","wanted":"unknown_ca","found":null}]}]"#
        let server = try ScriptedServer(.problem(409, "0 connections match, not exactly 1", misses))
        let result = try await Session.run("journal wait --where alert=unknown_ca --times 1 --timeout 1s", on: server)
        #expect(result.status == 1)
        #expect(
            result.errors == """
                fauxguard: 0 connections match, not exactly 1
                  near miss 17: alert is -, not unknown_ca

                """
        )
    }

    @Test func `a verification that fails says what became of the fault rules`() async throws {
        let rules =
            #","rules":[{"name":"a","matched":3,"acted":0,"missed":{"chance let it pass":2,"serial is another":1}},{"name":"b","matched":0,"acted":0,"missed":{}}]"#
        let server = try ScriptedServer(.problem(409, "0 connections match, not at least 1", rules))
        let result = try await Session.run("journal verify --where rule=a", on: server)
        #expect(result.status == 1)
        #expect(
            result.errors == """
                fauxguard: 0 connections match, not at least 1
                  rule a: matched 3, acted 0; not because chance let it pass (2), serial is another (1)
                  rule b: matched 0, acted 0

                """
        )
    }

    @Test func `a bad document is told with file, line, path and reason`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("x", to: "lab.yaml")
        let members = #","line":12,"path":"licenses[3].size","reason":"is no whole number""#
        let server = try ScriptedServer(.problem(422, "bad", members))
        for verb in ["import", "merge", "validate"] {
            let result = try await Session.run("registry \(verb)", on: server, more: [file])
            #expect(result.status == 1)
            #expect(result.errors == "fauxguard: \(file):12: licenses[3].size: is no whole number\n")
        }
    }

    @Test func `no server is status 2 and says what to do`() async throws {
        let address = try ListeningSocket.open(SocketAddress(host: .v4(0x7F00_0001), port: 0)).address
        let result = try await Session.run("license list", admin: "http://\(address)")
        #expect(result.status == 2)
        #expect(
            result.errors
                == "fauxguard: no admin plane at http://\(address): connection refused; is \"fauxguard serve\" running?\n"
        )
    }

    @Test func `what is no admin plane is status 2`() async throws {
        let server = try ScriptedServer(.init(raw: "SSH-2.0-x\r\n"))
        let result = try await Session.run("license list", on: server)
        #expect(result.status == 2)
        #expect(result.errors.hasPrefix("fauxguard: \(server.url()): the answer is not HTTP/1.x"))
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test func `an https plane is asked under its CA, and not under another`() async throws {
        let folder = try TemporaryFolder()
        let now = Int64(Date.now.timeIntervalSince1970)
        let pki = try PKI.open(at: folder.path(of: "pki"), names: [], now: now)
        _ = try PKI.open(at: folder.path(of: "other"), names: [], now: now)
        let token = try folder.write("0123456789abcdef", to: "token")
        let server = try ScriptedServer(identity: pki.server) { _ in .init(200, "{\"mode\":\"running\"}") }
        let url = server.url(host: "localhost")
        func run(_ ca: String) async throws -> Command.Result {
            let more = ["--ca", folder.path(of: ca), "--token-file", token]
            return try await Session.run("clock show", admin: url, more: more)
        }
        let refused = try await run("other/ca.pem")
        #expect(refused.status == 2)
        #expect(refused.errors.hasPrefix("fauxguard: \(url) is not trusted: "), "\(refused.errors)")
        #expect(refused.errors.hasSuffix("; give its CA with --ca FILE\n"))
        #expect(server.plainBytes == 0)
        let done = try await run("pki/ca.pem")
        #expect(done.status == 0, "\(done.errors)")
        #expect(server.requests.first?.fields["authorization"] == "Bearer 0123456789abcdef")
        let missing = try await run("nowhere.pem")
        #expect(missing.status == 2)
        #expect(missing.errors.contains("nowhere.pem: No such file or directory"))
    }

    @Test func `a token does not leave the machine in clear`() async throws {
        let folder = try TemporaryFolder()
        let token = try folder.write("0123456789abcdef", to: "token")
        let result = try await Session.run("clock show", admin: "http://192.0.2.1:1", more: ["--token-file", token])
        #expect(result.status == 2)
        #expect(result.errors == "fauxguard: the token would go to http://192.0.2.1:1 in clear; use https://\n")
    }

    @Test func `a missing token is told with the option that gives it`() async throws {
        let server = try ScriptedServer(.problem(401, "this admin plane needs its bearer token"))
        let result = try await Session.run("clock show", on: server)
        #expect(result.status == 1)
        #expect(result.errors.contains("--token-file"))
    }

    @Test(arguments: [
        "license", "license shw", "license show", "clock advance 2x", "clock advance 250ms", "clock set",
        "clock set tomorrow",
        "device set FG1", "device list --registered --unregistered", "token list --state new", "license list --limit 0",
        "journal wait --where alert", "journal wait --where nothing=1", "journal wait --where alert=a,alert=b",
        "journal wait --times 1 --at-least 2", "journal wait --count bytes", "journal wait --where verdict=passed",
        "journal list --limit 0", "journal list --limit 1 --canonical", "journal wait --timeout 601s", "journal show x",
        "registry import",
        "registry export --format xml",
        "certs export --format p7b", "license issue --valid-until 2027-02-29", "clock show --admin ftp://x",
    ])
    func `wrong usage is status 64, and nothing is asked`(words: String) async throws {
        let server = try ScriptedServer(.init(200, "{}"))
        let result = try await Session.run(words, on: server)
        // A noun alone prints its help, as it should for people who look around.
        #expect(result.status == (words == "license" ? 0 : 64), "\(result.errors)")
        #expect(result.errors.isEmpty == (words == "license"))
        #expect(server.requests.isEmpty)
    }

    @Test func `serve passes over the URL that is meant for the clients`() async throws {
        try await ServerProcess.serve(environment: ["FAUXGUARD_ADMIN": "http://127.0.0.1:1", "FAUXGUARD_LAB": "x"]) {
            server in
            #expect(server.adminPort > 1)
        }
    }
}
