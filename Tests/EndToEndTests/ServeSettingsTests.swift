import TestKit
import Testing

/// Flags beat the environment, which beats the file, which beats the defaults.
@Suite("serve, settings", .serialized, .timeLimit(.minutes(1)))
struct ServeSettingsTests {
    @Test func `each layer beats the ones below it`() async throws {
        let folder = try TemporaryFolder()
        let file = ["--config", try folder.write("seed: 2\nlog:\n  level: debug\n", to: "fauxguard.yaml")]
        let environment = ["FAUXGUARD_SEED": "3"]
        let cases: [(arguments: [String], environment: [String: String], seed: UInt64)] = [
            ([], [:], 1),
            (file, [:], 2),
            (file, environment, 3),
            (file + ["--seed", "4"], environment, 4),
            (["--seed", "4"], [:], 4),
            ([], environment, 3),
        ]
        for (arguments, environment, seed) in cases {
            try await ServerProcess.serve(arguments: arguments, environment: environment) { server in
                #expect(server.ready.seed == seed, "\(arguments) \(environment)")
            }
        }
    }

    @Test func `the environment may name the configuration file`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("seed: 9", to: "lab.yaml")
        try await ServerProcess.serve(environment: ["FAUXGUARD_CONFIG": file]) { server in
            #expect(server.ready.seed == 9)
        }
    }

    @Test func `a setting of the file takes effect`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            limits: { bodyBytes: 2048 }
            errors:
              licenseNotFound: { code: 77, message: no such card }
            """,
            to: "fauxguard.yaml"
        )
        try await ServerProcess.serve(arguments: ["--config", file]) { server in
            let curl = Curl(server)
            let unknown = try await curl.post(
                WireMessage.activation("FFFF-0000-FFFF-0000-FFFF", by: "FGT60FTK20000001")
            )
            #expect(unknown.body.contains(WireMessage.error(77, "no such card")))
            #expect(try await curl.post(String(repeating: " ", count: 2049)).status == 413)
        }
    }

    @Test(
        arguments: [
            ("seed: 1\nsed: 2\n", ":2: sed: no setting has this name"),
            ("log:\n  level: info\n  volume: 11\n", ":3: log.volume: no setting has this name"),
            ("# a comment\n\nseed: many\n", ":3: seed: \"many\" is no whole number"),
            // The later one won in silence.
            ("log: {level: error}\nlog.level: debug\n", ":2: log.level: stands twice; it is set on line 1 already"),
            ("shutdownGrace: 5\n", ":1: shutdownGrace: \"5\" is no duration"),
            ("seed: [1, 2]\n", ":1: seed: takes one value, not a list"),
            ("- seed\n", ": configuration: is no mapping"),
            ("seed: [1\n", ":2: configuration: no valid YAML: "),
            ("errors:\n  licenseExpired: { code: 99 }\n", "licenseExpired"),
        ]
    )
    func `what is wrong in the file is named with its line`(_ text: String, _ words: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(text, to: "fauxguard.yaml")
        let process = try ServerProcess.launch(
            ["--config", file, "--ephemeral", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]
                + ["--registry", Repository.demoLab],
            directory: folder.path
        )
        #expect(try await process.wait() == .exited(1))
        let line = try #require(process.errors.split(separator: "\n").last)
        #expect(line.hasPrefix("fauxguard: "), "\(process.errors)")
        #expect(line.contains(words.hasPrefix(":") ? file + words : words), "\(process.errors)")
    }

    @Test func `a variable that sets nothing is named`() async throws {
        let folder = try TemporaryFolder()
        let process = try ServerProcess.launch(
            ["--ephemeral"],
            directory: folder.path,
            environment: ["FAUXGUARD_SED": "1"]
        )
        #expect(try await process.wait() == .exited(1))
        #expect(process.errors.hasPrefix("fauxguard: FAUXGUARD_SED: "), "\(process.errors)")
        #expect(process.errors.split(separator: "\n").count == 1, "\(process.errors)")
    }

    @Test func `a configuration file that is not there is named`() async throws {
        let folder = try TemporaryFolder()
        let process = try ServerProcess.launch(["--config", "/nowhere/fauxguard.yaml"], directory: folder.path)
        #expect(try await process.wait() == .exited(1))
        #expect(process.errors.hasPrefix("fauxguard: /nowhere/fauxguard.yaml: "), "\(process.errors)")
    }
}
