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
