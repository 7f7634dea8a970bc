import Foundation
import TestKit
import Testing

/// What commands print.
@Suite("Output of commands", .timeLimit(.minutes(2)))
struct OutputTests {
    @Test func `a list is a table, fetched page by page`() async throws {
        let server = try ScriptedServer(
            .init(200, #"{"items":[{"serial":"FG1","registered":true,"model":"FortiGate-60F"}],"next":"c d"}"#),
            .init(200, #"{"items":[{"serial":"FGT60FTK20000001","registered":false}],"next":null}"#)
        )
        let result = try await Session.run("device list", on: server)
        #expect(
            result.output == """
                SERIAL            MODEL          REGISTERED
                FG1               FortiGate-60F  yes
                FGT60FTK20000001  -              no

                """
        )
        #expect(server.requests.last?.target.hasSuffix("?limit=1000&cursor=c%20d") == true)
    }

    @Test func `a limit ends the paging`() async throws {
        let server = try ScriptedServer(.init(200, #"{"items":[{"serial":"A"},{"serial":"B"}],"next":"c"}"#))
        let result = try await Session.run("token list --limit 2", on: server)
        #expect(server.requests.count == 1)
        #expect(result.output.split(separator: "\n").count == 3)
    }

    @Test func `an empty list prints no row`() async throws {
        let server = try ScriptedServer(.init(200, #"{"items":[],"next":null}"#))
        let result = try await Session.run("license list", on: server)
        #expect(result.output.isEmpty)
        #expect(result.errors == "no licenses\n")
        #expect(result.status == 0)
    }

    @Test func `with --json the answer is printed unchanged`() async throws {
        let answer = "{ \"serial\" : \"FG1\",\"new\":[1e2, \"\\u00e9\"]}"
        let server = try ScriptedServer(.init(200, answer))
        #expect(try await Session.run("device show FG1 --json", on: server).output == answer + "\n")
        let problem = try ScriptedServer(.problem(404, "no device FG2"))
        let refused = try await Session.run("device show FG2 --json", on: problem)
        #expect(refused.output.contains("urn:fauxguard:problem"))
        #expect(refused.status == 1)
    }

    @Test func `one resource is a name and a value a line, with members that are new`() async throws {
        let server = try ScriptedServer(
            .init(
                201,
                #"{"tokens":["T1","T2"],"zeta":1.5,"number":"N","code":"C","size":2,"revoked":false,"owner":null}"#
            )
        )
        let result = try await Session.run("license issue --size 2", on: server)
        #expect(
            result.output == """
                number   N
                code     C
                size     2
                revoked  no
                owner    -
                tokens   T1, T2
                zeta     1.5

                """
        )
    }

    @Test func `nothing that a peer chose can steer a terminal`() async throws {
        let server = try ScriptedServer(.init(200, #"{"serial":"\u001b[2J\u202e\n","model":"x"}"#))
        let result = try await Session.run("device show FG1", on: server)
        #expect(result.output == "serial  \\u{1B}[2J\\u{202E}\\u{A}\nmodel   x\n")
    }

    // A field report: the list of licenses told of none whether its code can be redeemed.
    @Test func `a list of licenses tells the state of each by the lab's clock`() async throws {
        let rows = [
            (#""owner":null,"validUntil":"2027-01-01","revoked":false"#, "available"),
            (#""owner":null,"validUntil":"2026-12-31","revoked":false"#, "expired"),
            (#""owner":null,"validUntil":null,"revoked":false"#, "available"),
            (#""owner":"FG1","validUntil":"2020-01-01","revoked":false"#, "active"),
            (#""owner":"FG1","validUntil":"2099-01-01","revoked":true"#, "revoked"),
            (#""owner":"FG1","validUntil":null,"revoked":false,"stale":true"#, "stale"),
        ]
        let items = rows.map { "{\"number\":\"N\",\"code\":\"C\",\"size\":2,\($0.0)}" }.joined(separator: ",")
        let server = try ScriptedServer(
            .init(200, "{\"items\":[\(items)],\"next\":null}"),
            .init(200, #"{"mode":"frozen","now":"2027-01-01T23:00:00Z"}"#)
        )
        let lines = try await Session.run("license list", on: server).output.split(separator: "\n").dropFirst()
        #expect(lines.map { $0.split(separator: " ").last.map(String.init) } == rows.map(\.1))
    }

    @Test func `what is written is said, but to a program`() async throws {
        let folder = try TemporaryFolder()
        let server = try ScriptedServer(.init(200, "PEM\n", type: "application/x-pem-file"))
        let file = folder.path(of: "ca.pem")
        #expect(try await Session.run("certs ca --out", on: server, more: [file]).output == "wrote \(file): 4 bytes\n")
        #expect(try await Session.run("certs ca --json --out", on: server, more: [file]).output.isEmpty)
    }

    @Test func `a scenario that starts names the other rules in force`() async throws {
        let server = try ScriptedServer(
            .init(200, #"{"name":"s","title":"T","faults":[{"name":"own"}],"otherRules":["mine"],"see":[]}"#)
        )
        let started = try await Session.run("scenario start s", on: server)
        #expect(started.output == "started s: T\n1 other rule in force too: mine\n")
    }

    // A field report: sentences of scenarios ran over the edge of a terminal.
    @Test func `sentences of a scenario are broken, and its commands are not`() async throws {
        let words = Array(repeating: "word", count: 40).joined(separator: " ")
        let rules = (1...20).map { "\"rule-\($0)\"" }.joined(separator: ",")
        let body =
            #"{"name":"s","title":"T","faults":[],"otherRules":[\#(rules)],"see":[{"what":"\#(words)","command":"\#(words)"}]}"#
        for verb in ["start", "show"] {
            let server = try ScriptedServer(.init(200, body))
            let lines = try await Session.run("scenario \(verb) s", on: server).output.split(separator: "\n")
            #expect(lines.filter { $0.count > 80 } == ["  \(words)"], "\(lines)")
        }
    }

    @Test func `an object without members is shown as nothing`() async throws {
        let server = try ScriptedServer(.init(200, #"{"name":"r","do":"http.empty","missed":{}}"#))
        #expect(try await Session.run("fault show r", on: server).output.hasSuffix("missed  -\n"))
    }

    // A field report: a connection was shown in the order of the alphabet, its times without a unit.
    @Test func `a connection is shown in reading order, with units`() async throws {
        let record =
            #"{"verdict":null,"alert":{"name":"unknown_ca","direction":"received"},"bytes":{"in":10,"out":20},"client":"127.0.0.1","exchanges":[{"answer":{"bytes":1,"body":"a\nb"},"code":null,"microseconds":1234,"request":{"bytes":5},"serial":"FG1","status":200,"tokens":[{"token":"T","code":31}],"type":"PollingRequest"}],"id":7,"new":1,"outcome":"closed","port":5,"timings":{"hello":1500,"handshake":null,"total":12000000},"tls":{"version":"TLSv1.3","cipher":"X","alpn":null,"resumed":true}}"#
        let server = try ScriptedServer(.init(200, record))
        let shown = try await Session.run("journal show 7 --bodies", on: server).output
        #expect(
            shown == """
                id       7
                client   127.0.0.1, port 5
                outcome  closed
                alert    unknown_ca, received
                tls      TLSv1.3, X, resumed
                timings  hello 1.500 ms, total 12 s
                bytes    10 in, 20 out
                verdict  -
                new      1

                type     PollingRequest
                serial   FG1
                tokens   T: error 31
                code     -
                status   200
                took     1.234 ms
                request  5 bytes
                answer   1 byte

                answer, body
                  a
                  b

                """
        )
    }

    private static let connection =
        #"{"id":7,"accepted":"2026-11-27T19:00:00.000Z","client":"127.0.0.1","sni":"a.test","stage":"handshake","outcome":"failed","reason":null,"alert":{"name":"unknown_ca","direction":"received"},"exchanges":[]}"#
    private static let exchange =
        #"{"id":8,"accepted":"x","client":"127.0.0.1","sni":null,"stage":"answer","outcome":null,"alert":null,"exchanges":[{"id":9,"at":"2026-11-27T19:00:01.000Z","method":"POST","path":"/p","status":200,"type":"PollingRequest","serial":"FG1","code":null,"reason":null,"tokens":[{"token":"T","code":31}]},{"id":10,"at":"2026-11-27T19:00:02.000Z","method":"GET","path":"/x","status":404,"type":null,"code":null,"reason":"nothing here"}]}"#

    @Test func `the journal is a row an exchange, and one a connection without any`() async throws {
        let server = try ScriptedServer(.init(200, "{\"items\":[\(Self.connection),\(Self.exchange)],\"next\":null}"))
        let lines = try await Session.run("journal list", on: server).output.split(separator: "\n")
            .map { $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ") }
        #expect(
            lines == [
                "ID TIME CLIENT SNI WHAT SERIAL RESULT",
                "7 2026-11-27T19:00:00.000Z 127.0.0.1 a.test (handshake) - unknown_ca received",
                "8 2026-11-27T19:00:01.000Z 127.0.0.1 - PollingRequest FG1 error 31 for T",
                "8 2026-11-27T19:00:02.000Z 127.0.0.1 - GET /x - 404 nothing here",
            ]
        )
    }

    // A field report: a request whose line could not be read was shown as "- -", and a filter that nothing matched as
    // an empty journal.
    @Test func `what came to no request line, and what nothing matches, is said`() async throws {
        let exchange = #"{"at":"x","status":400,"method":null,"path":null,"reason":"bareLineFeed"}"#
        let server = try ScriptedServer(.init(200, #"{"items":[{"id":1,"exchanges":[\#(exchange)]}],"next":null}"#))
        #expect(try await Session.run("journal list", on: server).output.contains("(request)"))
        let empty = try ScriptedServer(.init(200, #"{"items":[],"next":null}"#))
        let filtered = try await Session.run("journal list --where serial=FG1", on: empty)
        #expect(filtered.errors == "nothing in the journal matches\n" && filtered.output.isEmpty)
        #expect(try await Session.run("journal list", on: empty).errors == "nothing in the journal\n")
    }

    /// A list over a journal that had run over looked like all there was.
    @Test(arguments: ["journal list", "journal list --limit 9", "journal list --json", "journal list --canonical"])
    func `a journal that ran over is told of on standard error`(words: String) async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-FauxGuard-Dropped: 7\r\nContent-Length: "
        let body = #"{"items":[],"next":null,"dropped":7}"#
        let server = try ScriptedServer(.init(raw: head + "\(body.utf8.count)\r\n\r\n" + body))
        let result = try await Session.run(words, on: server)
        #expect(result.status == 0)
        #expect(result.errors.contains("the journal ran over: 7 older entries are gone"), "\(result.errors)")
    }

    @Test func `a request that a rule holds has no answer yet`() async throws {
        let exchange = #"{"id":4,"at":"x","type":"PollingRequest","status":null,"pending":true,"answer":{"bytes":0}}"#
        let server = try ScriptedServer(.init(200, #"{"items":[{"id":1,"exchanges":[\#(exchange)]}],"next":null}"#))
        let result = try await Session.run("journal list", on: server)
        #expect(result.output.contains("no answer yet"), "\(result.output)")
    }

    @Test func `tail prints events as they come, until there are enough`() async throws {
        let events =
            ": hello\n\nid: 1\nevent: connection\ndata: \(Self.connection)\n\nevent: lost\ndata: {}\n\nid: 2\ndata: \(Self.exchange)\n\n"
        let raw = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + events
        let server = try ScriptedServer(.init(raw: raw, hangs: true))
        let people = try await Session.run("journal tail --count 2 --where client=127.0.0.1", on: server)
        #expect(people.status == 0)
        #expect(people.output.split(separator: "\n").count == 3)
        // Rows come one by one, and stand below each other all the same.
        let rows = people.output.split(separator: "\n").map(Array.init)
        #expect(Set(rows.map { $0.firstIndex(of: "2") }) == [7], "\(people.output)")
        #expect(Set(rows.map { String($0[33..<42]) }) == ["127.0.0.1"], "\(people.output)")
        #expect(people.errors == "fauxguard: some entries were missed\n")
        #expect(server.requests.first?.target.hasSuffix("/journal/stream?client=127.0.0.1") == true)
        #expect(server.requests.first?.fields["accept"] == "text/event-stream")
        let scripts = try await Session.run("journal tail --count 1 --json", on: server)
        #expect(scripts.output == Self.connection + "\n")
    }

    @Test func `a stream that ends too early is said to`() async throws {
        let server = try ScriptedServer(.init(200, "data: {}\n\n", type: "text/event-stream"))
        let result = try await Session.run("journal tail --count 2", on: server)
        #expect(result.status == 2)
        #expect(result.errors == "fauxguard: the server ended the stream\n")
    }

    @Test func `an export is a file for its owner alone, and no file where it is refused`() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path(of: "lab.yaml")
        try folder.write("before", to: "lab.yaml")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        let server = try ScriptedServer(.init(200, "devices: []\n", type: "application/yaml"), .problem(404, "no lab"))
        #expect(try await Session.run("registry export", on: server, more: [file]).status == 0)
        #expect(server.requests.first?.fields["accept"] == "application/yaml")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "devices: []\n")
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let other = folder.path(of: "other.json")
        #expect(try await Session.run("registry export", on: server, more: [other]).status == 1)
        let nowhere = try await Session.run("registry export", on: server, more: [folder.path(of: "nowhere/lab.yaml")])
        #expect(nowhere.errors.contains("No such file or directory"), "\(nowhere.errors)")
        #expect(folder.names == ["lab.yaml"])
    }

    @Test func `an export to a device goes there and leaves it in place`() async throws {
        let server = try ScriptedServer(.init(200, "devices: []\n"))
        #expect(try await Session.run("registry export /dev/null", on: server).status == 0)
        #expect(
            try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
                == .typeCharacterSpecial
        )
    }

    @Test func `completions offer what the server has`() async throws {
        let server = try ScriptedServer(
            .init(200, #"{"items":[{"number":"EFTM1"},{"number":"FTMTRIAL1"}],"next":null}"#)
        )
        let words = [
            "---completion", "license", "show", "--", "positional@0", "3", "0", "fauxguard", "license", "show", "E",
        ]
        let result = try await Session.run("", on: server, more: words, environment: ["SAP_SHELL": "bash"])
        #expect(result.output.contains("EFTM1"), "\(result.output) \(result.errors)")
        #expect(server.requests.first?.target == "/api/v1/labs/default/licenses?limit=1000")
    }
}
