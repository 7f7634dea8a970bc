import Foundation
import TestKit
import Testing

/// Fault rules of the configuration.
@Suite("serve, with fault rules", .timeLimit(.minutes(1)))
struct ServeFaultTests {
    private let unit = "FGT60FTK20000001"

    @Test func `rules of the file are in force when the server is ready`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            faults:
              - name: down
                do: http.status
                with: { code: 503 }
                times: 1
              - do: http.contentType   # makes its name up
                with: { value: 12 }

            """,
            to: "lab.yaml"
        )
        try await ServerProcess.serve(arguments: ["--config", file]) { server in
            #expect(try await Curl(server).post(WireMessage.polling([], by: unit)).status == 503)
            #expect(try await Curl(server).post(WireMessage.polling([], by: unit)).status == 200)
            let rules = try await AdminPlane(server).get(AdminPlane.lab() + "/faults")
            #expect(rules.string("items.0.name") == "down" && rules.string("items.1.name") == "http.contentType-1")
            #expect(rules.string("items.1.with.value") == "12", "a text in YAML needs no quotes")
        }
    }

    @Test func `a variable holds them too, and beats the file`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("faults: [{ do: http.hang }]\n", to: "lab.yaml")
        let rule = "[{ do: http.status, with: { code: 429 } }]"
        try await ServerProcess.serve(arguments: ["--config", file], environment: ["FAUXGUARD_FAULTS": rule]) {
            server in
            let answer = try await Curl(server).post(WireMessage.polling([], by: unit))
            #expect(answer.status == 429)
        }
    }

    /// The file's text below `faults:`, the line that is named, and the words behind it.
    static let refused: [(text: String, line: Int, words: String)] = [
        (
            "  - do: http.empty\n  - do: http.status\n    with:\n      code: 99\n", 5,
            "faults[1].with.code: 99 is out of range"
        ),
        ("  - do: http.emtpy\n", 2, "faults[0].do: no effect has the name \"http.emtpy\""),
        (
            "  - name: a\n    do: http.empty\n    when: { listener: nowhere }\n", 2,
            "faults[0].when.listener: no listener"
        ),
        (
            "  - do: http.empty\n    name: a\n  - do: http.lost\n    name: a\n", 4,
            "faults[1].name: a rule is called a already"
        ),
        ("  do: http.empty\n", 2, "faults: it is no list of rules"),
    ]

    // A field report: of several rules that were refused when they came into force the first alone was told.
    @Test func `all rules that cannot work are told at once`() async throws {
        let folder = try TemporaryFolder()
        let rules = [
            "{ do: http.empty, when: { listener: nope } }", "{ do: tls.certificate, with: { profile: expird } }",
            "{ do: http.empty }", "{ do: http.lost, when: { listener: nowhere } }",
        ]
        let file = try folder.write("faults:\n" + rules.map { "  - \($0)\n" }.joined(), to: "lab.yaml")
        let process = try ServerProcess.launch(
            ["--config", file, "--ephemeral", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"],
            directory: folder.path,
            environment: ["TMPDIR": folder.path]
        )
        #expect(try await process.wait() == .exited(1), "\(process.errors)")
        for words in [
            ":2: faults[0].when.listener: no listener", ":3: faults[1].with.profile: no profile is called \"expird\"",
            "did you mean expired", ":5: faults[3].when.listener: no listener",
        ] { #expect(process.errors.contains(words), "\(words)\n\(process.errors)") }
    }

    @Test(arguments: refused)
    func `a rule that cannot work keeps the server from starting, with its line`(
        text: String,
        line: Int,
        words: String
    ) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("faults:\n" + text, to: "lab.yaml")
        let process = try ServerProcess.launch(
            [
                "--config", file, "--ephemeral", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--registry",
                Repository.demoLab,
            ],
            directory: folder.path,
            environment: ["TMPDIR": folder.path]
        )
        #expect(try await process.wait() == .exited(1), "\(process.errors)")
        let reason = process.errors.split(separator: "\n").last ?? ""
        #expect(reason.hasPrefix("fauxguard: \(file):\(line): \(words)"), "\(process.errors)")
    }
}
