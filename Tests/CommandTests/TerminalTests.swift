import TestKit
import Testing

/// What is different where a person sits at the other end.
@Suite("Commands on a terminal", .timeLimit(.minutes(2)))
struct TerminalTests {
    /// Runs a command on a terminal of `columns`, with these lines typed; `script` is part of every Debian.
    private static func run(
        _ words: String,
        on server: ScriptedServer,
        columns: Int = 80,
        typed: String = "",
        variables: String = ""
    ) async throws -> Command.Result {
        let command =
            "stty cols \(columns) -echo; env -u NO_COLOR FAUXGUARD_ADMIN=\(server.url()) TERM=xterm \(variables) "
        return try await Command.run(
            "script",
            ["-qefc", command + "\(Repository.binary) \(words)", "/dev/null"],
            input: typed
        )
    }

    private static let page =
        #"{"items":[{"serial":"FGT60FTK20000001","registered":false,"model":"a model with a name that is very long"}],"next":null}"#

    @Test func `a table fits the terminal, and stands out`() async throws {
        let server = try ScriptedServer(.init(200, Self.page))
        let result = try await Self.run("device list", on: server, columns: 50)
        #expect(result.output.contains("\u{1B}[1mSERIAL"), "\(result.output)")
        #expect(result.output.contains("\u{1B}[31mno\u{1B}[0m"))
        #expect(result.output.contains("…"))
        let plain = try await Self.run("device list", on: server, columns: 50, variables: "NO_COLOR=1")
        #expect(!plain.output.contains("\u{1B}"))
        for line in plain.output.split(whereSeparator: \.isNewline) { #expect(line.count <= 50, "\(line)") }
    }

    /// Lists, what their rows hold, and what an ordinary terminal must show of it.
    private static let lists: [(words: String, items: String, shown: [String])] = [
        (
            "journal list",
            #"{"id":7,"accepted":"2026-11-30T00:53:11.123Z","client":"127.0.0.1","sni":"globalftm.fortinet.net","stage":"hello","outcome":"handshake-failed","alert":{"name":"unknown_ca","direction":"received"},"exchanges":[]},{"id":8,"client":"127.0.0.1","sni":"globalftm.fortinet.net","exchanges":[{"at":"2026-11-30T00:53:12.456Z","status":200,"type":"ActivationLicenseRequest","serial":"FGT60FTK20000001","tokens":[{"token":"FTKMOB947FDC1754","code":31}]},{"at":"2026-11-30T00:53:13.000Z","method":"GET","path":"/a/path/of/somebody/that/is/longer/than/most","status":404,"reason":"nothing is here"}]}"#,
            [
                "TIME, UTC", "00:53:11.123", "unknown_ca received", "ActivationLicenseRequest", "FGT60FTK20000001",
                "error 31 for FTKMOB947FDC1754", "404 nothing is here", "GET /a/path/of/somebody…",
            ]
        ),
        (
            "license list",
            #"{"number":"EFTM000000000001","code":"0F1E-2D3C-4B5A-6978-8796","size":5,"owner":"FGT60FTK20000001","validUntil":"2027-11-21","transferable":false},{"number":"EFTM000000000002","code":"0F1E-2D3C-4B5A-6978-8797","size":5,"validUntil":"2027-11-21"}"#,
            [
                "EFTM000000000001", "0F1E-2D3C-4B5A-6978-8796", "FGT60FTK20000001", "transferable",
                "available until", "2027-11-21",
            ]
        ),
        (
            "fault list",
            #"{"name":"flapping-service-outage","do":"http.status","when":{"serial":"FGT60FTK20000001","path":"/SoftToken/Provisioning.asmx/Process"},"stage":"request","matched":12,"acted":2,"expires":"2026-11-30T01:00:00Z"}"#,
            [
                "flapping-service-outage", "/SoftToken/Provision", "FGT60FTK20000001", "2026-11-30T01:00:00Z",
            ]
        ),
        (
            "lab list",
            #"{"name":"default","clock":{"mode":"running","now":"2026-11-30T00:53:10Z"},"devices":12,"licenses":14,"tokens":99999,"listeners":[{"name":"main","address":"127.0.0.1:8443"}]}"#,
            ["2026-11-30T00:53:10Z", "main=127.0.0.1:8443", "default"]
        ),
        (
            "snapshot list",
            #"{"name":"before-the-failover-of-the-pair-that-is-in-the-second-rack","created":"2026-11-30T00:53:10Z","bytes":123456789}"#,
            ["before-the-failover-of-the-pair-that-is-in-the-second-rack", "2026-11-30T00:53:10Z"]
        ),
    ]

    // A field report: in 80 columns results, codes, times and states were cut where people needed them.
    @Test(arguments: lists)
    func `an ordinary terminal shows names, codes, times and results whole`(
        words: String,
        items: String,
        shown: [String]
    ) async throws {
        func server() throws -> ScriptedServer {
            try ScriptedServer(
                .init(200, "{\"items\":[\(items)],\"next\":null}"),
                .init(200, #"{"mode":"frozen","now":"2027-01-01T23:00:00Z"}"#)
            )
        }
        let result = try await Self.run(words, on: try server(), variables: "NO_COLOR=1")
        for text in shown { #expect(result.output.contains(text), "\(text)\n\(result.output)") }
        for line in result.output.split(whereSeparator: \.isNewline) { #expect(line.count <= 80, "\(line)") }
        // A program finds each row in one line, whatever its length.
        let rows = try await Session.run(words, on: try server()).output.split(separator: "\n")
        let isIndented = rows.contains { $0.hasPrefix(" ") }
        #expect(!isIndented && rows.count > 1 && !rows.joined().contains("…"), "\(rows)")
    }

    @Test func `a journal of several days shows the day`() async throws {
        let items = ["29T23:59:59.999Z", "30T00:00:01.000Z"]
            .map {
                "{\"id\":7,\"accepted\":\"2026-11-\($0)\",\"sni\":\"a.name.that.takes.room.test\",\"stage\":\"close\",\"outcome\":\"closed\",\"exchanges\":[]}"
            }
        let server = try ScriptedServer(.init(200, "{\"items\":[\(items.joined(separator: ","))],\"next\":null}"))
        let shown = try await Self.run("journal list", on: server).output
        #expect(shown.contains("11-29 23:59:59") && shown.contains("11-30 00:00:01"), "\(shown)")
        // A defect: an end in good order was red.
        #expect(!shown.contains("\u{1B}[31m"), "\(shown)")
    }

    @Test(arguments: [("n\n", "", 1), ("\n", "", 1), ("y\n", "", 0), ("", "--yes", 0)])
    func `an import asks before it replaces everything`(typed: String, option: String, status: Int32) async throws {
        let server = try ScriptedServer(.init(200, #"{"devices":1,"licenses":2,"tokens":3}"#))
        let words = "registry import \(Repository.demoLab) \(option)"
        let result = try await Self.run(words, on: server, typed: typed)
        #expect(result.status == status, "\(result.output)")
        #expect(server.requests.count == (status == 0 ? 1 : 0))
        #expect(result.output.contains("[y/N]") == option.isEmpty)
        #expect(
            result.output.contains(status == 0 ? "imported: 1 device, 2 licenses, 3 tokens" : "nothing was changed")
        )
    }

    @Test func `a large import shows how far it is`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("# " + String(repeating: "x", count: 1_000_000), to: "large.yaml")
        let server = try ScriptedServer(.init(200, "{}"))
        let result = try await Self.run("registry merge \(file)", on: server)
        #expect(result.output.contains("[##############################] 100 %"), "\(result.output)")
        #expect(result.status == 0)
    }

    @Test func `what is no text is not poured onto a terminal`() async throws {
        let server = try ScriptedServer(.init(200, "x"))
        let result = try await Self.run("certs export --format der", on: server)
        #expect(result.status == 64)
        #expect(server.requests.isEmpty)
    }
}
