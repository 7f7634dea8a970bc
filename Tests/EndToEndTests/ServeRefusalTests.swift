import Foundation
import TestKit
import Testing

/// Starts that cannot work: one line that says what and where, and exit status 1.
@Suite("serve, refusing to start", .serialized, .timeLimit(.minutes(1)))
struct ServeRefusalTests {
    /// Arguments with which a server would start.
    private static let working = [
        "--ephemeral", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--registry", Repository.demoLab,
    ]

    /// Runs a start that is to fail and returns its one line.
    private func refusal(
        _ arguments: [String],
        environment: [String: String] = [:],
        status: Int32 = 1
    ) async throws -> String {
        let folder = try TemporaryFolder()
        let process = try ServerProcess.launch(
            Self.working + arguments,
            directory: folder.path,
            environment: environment.merging(["TMPDIR": folder.path]) { $1 }
        )
        #expect(try await process.wait() == .exited(status), "\(process.errors)")
        let lines = process.errors.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // A start that comes as far as minting or opening things has logged that; the reason is the last line.
        let reasons = lines.filter { $0.hasPrefix("fauxguard: ") }
        #expect(reasons.count == 1, "\(process.errors)")
        #expect(lines.suffix(2) == reasons.suffix(1) + [""], "\(process.errors)")
        #expect(process.output.isEmpty, "no banner")
        #expect(folder.names.isEmpty, "an ephemeral start that failed leaves nothing behind: \(folder.names)")
        return reasons.first ?? ""
    }

    @Test(arguments: ["--listen", "--admin"])
    func `a port that is taken is named`(_ flag: String) async throws {
        try await ServerProcess.serve { server in
            let line = try await refusal([flag, "127.0.0.1:\(server.port)"])
            #expect(line.contains("127.0.0.1:\(server.port)"))
            #expect(line.contains("in use"))
        }
    }

    @Test func `a registry document that is wrong is named with path and line`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            devices:
              - { serial: FGT60FTK20000001, registered: true }
            licenses:
              - number: EFTM000000000101
                code: 0101-0101
                size: 2
            """,
            to: "wrong.yaml"
        )
        let line = try await refusal(["--registry", file])
        #expect(line.contains("\(file): "))
        #expect(line.contains("licenses[0].code"))
        #expect(line.contains("line 5"))
        #expect(!line.contains("0101-0101"), "a code is repeated: \(line)")
    }

    // Defect: what was refused was repeated as it was, so that a code in a wrong place stood on the terminal and in
    // whatever keeps its output.
    @Test func `a secret in a wrong place of a registry is not repeated`() async throws {
        let folder = try TemporaryFolder()
        let code = "0F1E-2D3C-4B5A-6978-8796"
        let file = try folder.write(
            "licenses:\n- { number: \(code), code: 1A2B-3C4D-5E6F-7081-92A3, size: 5 }\n",
            to: "wrong.yaml"
        )
        let line = try await refusal(["--registry", file])
        #expect(line.contains("licenses[0].number") && line.contains("***"), "\(line)")
        #expect(!line.contains(code))
    }

    @Test func `a registry document that is not there is named`() async throws {
        #expect(try await refusal(["--registry", "/nowhere/registry.yaml"]).contains("/nowhere/registry.yaml"))
    }

    @Test func `a registry document that is no YAML is named with its line`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("devices:\n  - { serial: \"FGT\n", to: "broken.yaml")
        let line = try await refusal(["--registry", file])
        #expect(line.contains("\(file): "))
        #expect(line.contains("line "))
    }

    @Test(arguments: ["pki/ca.pem", "pki/server.key", "pki/server.pem"])
    func `a key or certificate that cannot be read is named`(_ name: String) async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        try await ServerProcess.serve(data: data) { _ in }
        let files = try FileManager.default.contentsOfDirectory(atPath: data + "/pki").sorted()
        let file = try #require(files.first { "pki/" + $0 == name }, "the folder holds \(files)")
        try Data("no PEM\n".utf8).write(to: URL(filePath: data + "/pki/" + file))
        let process = try ServerProcess.launch(
            ["--data", data] + Self.working.dropFirst(),
            directory: folder.path
        )
        #expect(try await process.wait() == .exited(1))
        #expect(process.errors.contains("fauxguard: \(data)/\(name): "), "\(process.errors)")
        #expect(process.errors.split(separator: "\n").count == 1, "\(process.errors)")
    }

    @Test func `a data folder that another server holds is named`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        try await ServerProcess.serve(data: data) { _ in
            let process = try ServerProcess.launch(
                ["--data", data] + Self.working.dropFirst(),
                directory: folder.path
            )
            #expect(try await process.wait() == .exited(1))
            #expect(
                process.errors.contains("fauxguard: registry \(data)/labs/default/registry.sqlite"),
                "\(process.errors)"
            )
            #expect(process.errors.split(separator: "\n").count == 1, "\(process.errors)")
        }
    }

    @Test func `a data folder that is a file is named`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("", to: "file")
        let process = try ServerProcess.launch(
            ["--data", file] + Self.working.dropFirst(),
            directory: folder.path
        )
        #expect(try await process.wait() == .exited(1))
        #expect(process.errors.hasPrefix("fauxguard: data folder \(file): "), "\(process.errors)")
        #expect(process.errors.split(separator: "\n").count == 1, "\(process.errors)")
    }

    @Test func `an admin plane off loopback needs a token`() async throws {
        let line = try await refusal(["--admin", "0.0.0.0:0"])
        #expect(line.contains("admin 0.0.0.0:0"))
        #expect(line.contains("adminTokenFile"))
        let missing = try await refusal(["--admin", "0.0.0.0:0", "--admin-token-file", "/nowhere/token"])
        #expect(missing.contains("/nowhere/token"))
        let folder = try TemporaryFolder()
        let short = try await refusal(["--admin-token-file", try folder.write("tooshort", to: "token")])
        #expect(short.contains("16"))
        #expect(!short.contains("tooshort"), "a token is repeated: \(short)")
    }

    @Test(
        arguments: [
            (["--listen", "127.0.0.1:0,lab=Team"], "\"Team\" can be no lab's name"),
            (["--listen", "a=127.0.0.1:0", "--listen", "a=127.0.0.1:0"], "two listeners are named \"a\""),
        ] as [([String], String)]
    )
    func `what only the whole tells to be wrong is named`(_ arguments: [String], _ words: String) async throws {
        #expect(try await refusal(arguments).contains(words))
    }

    // A field report: a value that begins with a dash was told as a missing one.
    @Test(
        arguments: [
            (["--listen", "127.0.0.1:99999"], "127.0.0.1:99999"),
            (["--listen", "nonsense"], "nonsense"),
            (["--seed", "-1"], "--seed: \"-1\" is no whole number"),
            (["--loops", "-1"], "--loops: \"-1\" is no whole number"), (["--listen", "-1"], "\"-1\" is no HOST:PORT"),
            (["--admin", "foo"], "--admin: \"foo\" is no HOST:PORT"),
            (["--pki", "::1"], "--pki: \"::1\" is no HOST:PORT"),
            (["--log-level", "loud"], "\"loud\" is none of trace, debug"),
            (["--log-format", "xml"], "\"xml\" is none of text, json"),
        ] as [([String], String)]
    )
    func `a flag's value that makes no sense is wrong usage, and named`(
        _ arguments: [String],
        _ words: String
    ) async throws {
        #expect(try await refusal(arguments, status: 64).contains(words))
    }

    /// Which setting it was had to be guessed, and some said nothing of the value.
    @Test(
        arguments: [
            (["--listen", "*:0"], nil, ["address \"*:0\": listen: "]),
            (["--admin", "256.1.1.1:0"], nil, ["address \"256.1.1.1:0\": admin: "]),
            (["--pki", "no such host:0"], nil, ["address \"no such host:0\": pkiListener: "]),
            (["--admin-token-file", "missing"], nil, ["missing: adminTokenFile: No such file"]),
            (
                [], "pki:\n  names: [lab.test, '*.lab.test']\n",
                [":2: pki.names: ", "\"*.lab.test\" is neither a host name"]
            ),
        ] as [([String], String?, [String])]
    )
    func `what can't be used is named with its setting`(
        _ arguments: [String],
        _ file: String?,
        _ words: [String]
    ) async throws {
        let folder = try TemporaryFolder()
        let more = try file.map { ["--config", try folder.write($0, to: "fauxguard.yaml")] } ?? []
        let line = try await refusal(arguments + more)
        for word in words { #expect(line.contains(word), "\(line)") }
    }

    @Test(arguments: [["--no-such-flag"], ["--seed"], ["surplus"], ["--ephemeral=true"]])
    func `wrong usage exits 64`(_ arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        let process = try ServerProcess.launch(arguments, directory: folder.path)
        #expect(try await process.wait() == .exited(64))
        #expect(process.errors.contains("Usage: fauxguard serve "))
        let unknown = try await Command.run(Repository.binary, ["bake"])
        #expect(unknown.status == 64)
    }

    @Test(arguments: [
        (
            "--help",
            [
                "--config", "--data", "--listen", "--admin", "--admin-token-file", "--registry", "--ephemeral",
                "--seed", "--ready-file", "--log-level", "--log-format", "--help-settings", "EXAMPLES",
            ]
        ), ("--help-settings", ["shutdownGrace: 5s", "limits.bodyBytes", "pki.names", "errors.NAME.code", "2d12h"]),
    ])
    func `help exits 0 and shows every flag, or every setting`(flag: String, words: [String]) async throws {
        let result = try await Command.run(Repository.binary, ["serve", flag])
        #expect(result.status == 0)
        for word in words { #expect(result.output.contains(word), "\(word) is missing") }
    }
}
