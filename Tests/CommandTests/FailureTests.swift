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

    // Defect: what was refused was repeated as it was, from an older server and from the words of the command line.
    @Test func `a refusal repeats no secret, and steers no terminal`() async throws {
        let code = "0F1E-2D3C-4B5A-6978-8796"
        let server = try ScriptedServer(.problem(404, "no license \(code)", #","suggestions":["\#(code)"]"#))
        let result = try await Session.run("license show \(code)", on: server)
        #expect(result.errors == "fauxguard: no license ***; did you mean ***?\n")
        let typed = try await Session.run("fault add http.empty --when", more: ["serial=\(code)"])
        #expect(typed.status == 64 && typed.errors.contains("when.serial") && !typed.errors.contains(code))
        let surplus = try await Session.run("license show EFTM000000000001", more: [code, "\u{1B}[31m"])
        #expect(surplus.status == 64 && !surplus.errors.contains(code) && !surplus.errors.contains("\u{1B}"))
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

    // A field report: a wrong token was told as a missing one.
    @Test func `a wrong token is told with the file that it came from`() async throws {
        let folder = try TemporaryFolder()
        let token = try folder.write("0123456789abcdef", to: "token")
        let server = try ScriptedServer(.problem(401, "the Authorization field does not hold the token"))
        let result = try await Session.run("clock show", on: server, more: ["--token-file", token])
        #expect(result.status == 1)
        #expect(
            result.errors.hasSuffix("hold the token; the one that was sent is that of \(token)\n"),
            "\(result.errors)"
        )
    }

    @Test func `a missing token is told with the option that gives it`() async throws {
        let server = try ScriptedServer(.problem(401, "this admin plane needs its bearer token"))
        let result = try await Session.run("clock show", on: server)
        #expect(result.status == 1)
        #expect(result.errors.contains("--token-file"))
    }

    // A field report: a value that begins with a dash printed the help with status 0, or was told as missing.
    @Test(arguments: [
        ("clock advance", "-1h"), ("clock set", "-2027-01-01"), ("clock freeze --at", "-5"),
        ("journal wait --times", "-1"), ("journal verify --at-least", "-2"), ("journal wait --timeout", "-1s"),
        ("journal list --limit", "-5"), ("journal tail --count", "-5"), ("journal show", "-7"),
        ("license issue --size", "-1"), ("license issue --valid-until", "-1"), ("lab create a --seed", "-1"),
        ("license transfer EFTM000000000001 --to A --grace", "-1h"), ("fault add http.empty --skip", "-1"),
        ("fault add http.empty --times", "-1"), ("fault add http.empty --for", "-10m"),
        ("fault add http.empty --probability", "-0.5"), ("clock show", "-xh"), ("clock", "-1h"), ("", "-1h"),
    ])
    func `a value that begins with a dash is wrong usage, and named`(words: String, value: String) async throws {
        let server = try ScriptedServer(.init(200, "{}"))
        let result = try await Session.run(words, on: server, more: [value])
        #expect(result.status == 64, "\(result.output)")
        #expect(result.errors.contains(value) && !result.errors.contains("Missing value"), "\(result.errors)")
        #expect(server.requests.isEmpty)
    }

    // A field report: what is wrong was named without what would be right.
    @Test(arguments: [
        ("clock advance", "2x", "such as 250ms, 1.5h or 2d12h"), ("clock advance", "250ms", "such as 90s"),
        ("journal wait --timeout", "11m", "such as 30s"), ("journal list --limit", "many", "such as 5"),
        ("journal show", "x", "such as 17"), ("clock set", "tomorrow", "such as 2027-01-01"),
        ("license issue --valid-until", "2027-02-30", "such as 2027-11-21"),
        ("fault add http.empty --when", "serial=fgt", "such as FGT60FTK20000001"),
        ("fault add http.empty --for", "0.5s", "such as 30s"), ("clock advance", "1h90m", "59m at most"),
        ("clock advance", "99999999999d", "over 1000000000"), ("clock set --certificates", "foo", "host or lab"),
        ("token list --state", "bogus", "available, pending"), ("certs export --format", "p7b", "pem, der or fortios"),
        ("journal wait --count", "bytes", "exchanges or connections"),
        ("fault add http.empty --name", "A_b!", "such as slow-poll"),
        ("serve --log-level", "loud", "trace, debug, info"), ("lab create a --seed", "-1", "such as 7"),
    ])
    func `a wrong value is echoed with the form and an example`(words: String, value: String, form: String)
        async throws
    {
        let server = try ScriptedServer(.init(200, "{}"))
        let result = try await Session.run(words, on: server, more: [value])
        #expect(result.status == 64)
        let echoed = value.split(separator: "=").last.map(String.init) ?? value
        #expect(result.errors.contains(echoed) && result.errors.contains(form), "\(result.errors)")
    }

    // A field report: a slip in a filter that only the server judges had the status of an expectation that failed, so
    // that a script's `! fauxguard journal wait …` passed.
    @Test(arguments: [
        "journal wait --where type=Polling", "journal verify --where outcome=foo", "journal list --where serial=fgt",
        "journal list --canonical --where serial=fgt", "journal tail --where serial=fgt",
    ])
    func `a filter that the server refuses is wrong usage`(words: String) async throws {
        // Also one that contradicts another, or what the lab has; an expectation that failed has another kind.
        for (kind, status, exit) in [("invalid", 422, 64), ("conflict", 409, 64), ("not-observed", 409, 1)]
            as [(String, Int, Int32)]
        {
            let body =
                "{\"type\":\"urn:fauxguard:problem:\(kind)\",\"status\":\(status),\"detail\":\"type must be one of a, b\"}"
            let server = try ScriptedServer(.init(status, body, type: "application/problem+json"))
            let result = try await Session.run(words, on: server)
            #expect(
                result.status == exit && result.errors.hasPrefix("fauxguard: type must be one of a, b"),
                "\(result.errors)"
            )
        }
    }

    // A field report: a name that was left empty was answered with "nothing is at this path", or with a status of
    // files.
    @Test(arguments: [
        ("license list --lab", "no lab"), ("device show", "no device"), ("fault remove", "no fault"),
        ("lab reset", "no lab"), ("lab show", "no lab"), ("license remove", "no license"), ("token lock", "no token"),
        ("snapshot restore", "no snapshot"), ("scenario start", "no scenario"), ("registry export", "no file"),
        ("certs ca --out", "no file"), ("registry import --yes", "no file"), ("fault add --file", "no file"),
        ("license list --token-file", "no file"),
    ])
    func `an empty name is wrong usage, and nothing is asked`(words: String, what: String) async throws {
        let server = try ScriptedServer(.init(200, "{}"))
        let result = try await Session.run(words, on: server, more: [""])
        #expect(result.status == 64, "\(result.errors)")
        #expect(result.errors.hasPrefix("fauxguard: an empty text names \(what)"), "\(result.errors)")
        #expect(server.requests.isEmpty)
    }

    // A defect: a password that was left out was the server's to refuse, with the status of what is not allowed.
    @Test(arguments: ["", "\n", "a\0b\n"])
    func `a PKCS#12 file without a password is wrong usage`(content: String) async throws {
        let folder = try TemporaryFolder()
        let server = try ScriptedServer(.init(200, "x"))
        let file = try folder.write(content, to: "password")
        let words = "certs device FG1 --format pkcs12 --out x.p12"
        for more in [[], ["--password-file", file]] {
            let result = try await Session.run(words, on: server, more: more)
            #expect(result.status == 64 && result.errors.contains("--password-file FILE"), "\(result.errors)")
        }
        #expect(server.requests.isEmpty)
    }

    @Test func `a seed is as large as the API takes it`() async throws {
        let server = try ScriptedServer(.init(201, "{}"))
        #expect(try await Session.run("lab create a --seed 5000000000", on: server).status == 0)
        #expect(server.requests.first?.body.contains("5000000000") == true)
    }

    @Test(arguments: [
        ("1", "exchanges", "1 exchange"), ("2", "connections", "2 connections"), ("1", "connections", "1 connection"),
    ])
    func `what was observed is counted in words`(observed: String, counted: String, words: String) async throws {
        let server = try ScriptedServer(
            .init(200, "{\"holds\":true,\"observed\":\(observed),\"counted\":\"\(counted)\"}")
        )
        #expect(try await Session.run("journal verify", on: server).output == "holds: \(words) observed\n")
    }

    @Test(arguments: [("1.5h", 5400), ("2d12h", 216_000), ("0.5m", 30)])
    func `a duration may have a fraction, and several units`(text: String, seconds: Int) async throws {
        let server = try ScriptedServer(.init(200, "{}"))
        #expect(try await Session.run("clock advance", on: server, more: [text]).status == 0)
        #expect(server.requests.first?.body == "{\"seconds\":\(seconds)}")
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

    // A defect: an export to a full disk, or a device's key, was lost with status 0 and without a word.
    @Test(arguments: [
        ("registry export -", ">/dev/full", "No space left on device"),
        ("registry export -", ">&-", "Bad file descriptor"),
        ("certs device FG1", ">/dev/full", "No space left on device"),
        ("device show FG1", ">&-", "Bad file descriptor"),
        ("device list --json", ">/dev/full", "No space left on device"),
        ("journal tail", ">/dev/full", "No space left on device"), ("--help", ">/dev/full", "No space left on device"),
        ("serve --help-settings", ">&-", "Bad file descriptor"), ("--version", ">/dev/full", "No space left on device"),
    ])
    func `what cannot be written is status 2, and said`(words: String, target: String, reason: String) async throws {
        let stream = words == "journal tail"
        let server = try ScriptedServer(
            .init(
                200,
                stream ? "data: {}\n\n" : #"{"items":[],"serial":"FG1"}"#,
                type: stream ? "text/event-stream" : "application/json"
            )
        )
        let command = "FAUXGUARD_ADMIN=\(server.url()) exec \(Repository.binary) \(words) \(target)"
        let result = try await Command.run("/bin/sh", ["-c", command])
        #expect(result.status == 2, "\(result.output)\(result.errors)")
        #expect(result.errors == "fauxguard: write standard output: \(reason)\n")
    }

    // A defect: the help of a command that does not exist was that of the whole, with status 0.
    @Test(arguments: [("help foo", "foo"), ("help licence", "did you mean license?"), ("help license lst", "list")])
    func `help of no command is wrong usage`(words: String, told: String) async throws {
        let result = try await Session.run(words)
        #expect(result.status == 64 && result.errors.contains(told) && result.output.isEmpty, "\(result.errors)")
        #expect(try await Session.run("help license list").output.contains("--owner"))
    }

    @Test func `a reader that has left is no failure`() async throws {
        let server = try ScriptedServer(.init(200, "devices: []\n"))
        // Bash tells the status of the first command; Python, which ran this test perhaps, ignores the signal.
        let command =
            "trap '' PIPE; FAUXGUARD_ADMIN=\(server.url()) \(Repository.binary) registry export - | true; exit ${PIPESTATUS[0]}"
        let result = try await Command.run("bash", ["-c", command])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    }

    @Test func `serve passes over the URL that is meant for the clients`() async throws {
        try await ServerProcess.serve(environment: ["FAUXGUARD_ADMIN": "http://127.0.0.1:1", "FAUXGUARD_LAB": "x"]) {
            server in
            #expect(server.adminPort > 1)
        }
    }
}
