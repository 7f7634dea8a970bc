import Faults
import TestKit
import Testing

/// `fauxguard fault`: what it takes, what it refuses, what it prints.
@Suite("Fault rules on the command line", .timeLimit(.minutes(2)))
struct FaultCommandTests {
    /// Words behind `fault add`, and what they are told.
    static let refused: [(String, String)] = [
        ("", "Give an effect, or --file."),
        ("http.satus --with code=503", "do: no effect has the name \"http.satus\""),
        ("http.satus --with code=503", "did you mean http.status?"),
        ("http.status", "with.code: http.status needs it"),
        ("http.status --with cod=503", "did you mean code?"),
        ("http.status --with code=99", "with.code: 99 is out of range: 200 to 599"),
        ("http.status --with code=many", "with.code: it is a string, not a whole number"),
        ("http.status --with code", "\"code\" is no parameter=value"),
        ("http.status --with code=503 --with code=500", "with.code: it is given twice"),
        ("http.status --with code=503 --with headers=X", "\"X\" is no NAME:VALUE"),
        ("http.empty --when serail=FG1", "did you mean serial?"),
        ("http.empty --when serial", "\"serial\" is no key=value"),
        ("http.empty --when serial=A --when serial=B", "when.serial: it is given twice"),
        ("http.empty --times 0", "times: it is a whole number from 1 on"),
        ("http.empty --for 10", "for: it is a duration"),
        ("http.empty --probability 2", "probability: it is a number from 0 to 1"),
        ("http.empty --file rules.yaml", "Give an effect with its options, or --file"),
    ]

    @Test(arguments: refused)
    func `wrong words are refused before anything is asked`(words: String, reason: String) async throws {
        let server = try ScriptedServer(.init(200, "{}"))
        let result = try await Session.run("fault add \(words)", on: server)
        #expect(result.status == 64)
        #expect(result.errors.contains(reason), "\(result.errors)")
        #expect(server.requests.isEmpty)
    }

    @Test func `a file's rules are added one by one, and named`() async throws {
        let folder = try TemporaryFolder()
        let text = "- { do: http.empty, name: a }\n- do: tls.version\n  with: { max: 1.2 }\n"
        let server = try ScriptedServer(
            .init(201, #"{"name":"a","do":"http.empty","stage":"answer"}"#),
            .init(201, #"{"name":"tls.version-1","do":"tls.version","stage":"hello"}"#)
        )
        let result = try await Session.run("fault add --file", on: server, more: [folder.write(text, to: "rules.yaml")])
        #expect(result.output == "added a: http.empty, at answer\nadded tls.version-1: tls.version, at hello\n")
        let path = "POST /api/v1/labs/default/faults"
        #expect(
            server.lines == [
                "\(path) {\"do\":\"http.empty\",\"name\":\"a\"}",
                "\(path) {\"do\":\"tls.version\",\"with\":{\"max\":\"1.2\"}}",
            ]
        )
    }

    @Test(
        arguments: [
            ("- do: http.empty\n- do: http.status\n  with:\n    code: 99\n", "4: [1].with.code: 99 is out of range"),
            ("do: http.emtpy\n", "1: do: no effect has the name \"http.emtpy\""),
            ("do: [\n", ": no valid YAML"),
        ]
    )
    func `a file with a wrong rule is told with its line, and nothing is added`(text: String, reason: String)
        async throws
    {
        let server = try ScriptedServer(.init(201, "{}"))
        let result = try await Session.run("fault add --file -", on: server, input: text)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("fauxguard: standard input:"), "\(result.errors)")
        #expect(result.errors.contains(reason), "\(result.errors)")
        #expect(server.requests.isEmpty)
    }

    @Test func `what the server refuses of a file is told with the rule's line`() async throws {
        let server = try ScriptedServer(.problem(409, "a rule is called a already", ""))
        let result = try await Session.run("fault add --file -", on: server, input: "\n- { do: http.empty, name: a }\n")
        #expect(result.status == 1)
        #expect(result.errors == "fauxguard: standard input:2: a rule is called a already\n")
    }

    @Test func `a story: add, list, show, remove`() async throws {
        try await ServerProcess.serve { server in
            func run(_ words: String, expecting status: Int32 = 0) async throws -> String {
                let result = try await Session.run(words, admin: server.ready.admin)
                #expect(result.status == status, "\(words): \(result.errors)")
                return result.output + result.errors
            }
            let added = try await run("fault add http.status --with code=503 --when message=PollingRequest --times 1")
            #expect(added == "added http.status-1: http.status, at request\n")
            _ = try await Curl(server).post(WireMessage.polling([], by: "FGT60FTK20000001"))
            let rows = try await run("fault list").split(separator: "\n")
            #expect(rows.count == 2)
            #expect(
                rows[0].split(separator: " ").map(String.init) == [
                    "NAME", "EFFECT", "WHEN", "STAGE", "MATCHED", "ACTED", "STATE",
                ]
            )
            #expect(rows[1].hasSuffix("retired") && rows[1].contains("message PollingRequest"), "\(rows)")
            #expect(try await run("fault show http.status-1").contains("with     code 503"))
            #expect(try await run("fault show http.status-2", expecting: 1).contains("did you mean http.status-1?"))
            #expect(try await run("fault remove http.status-1") == "removed http.status-1\n")
            #expect(try await run("fault list") == "no fault rules\n")
            let effects = try await run("fault catalogue")
            for entry in Catalogue.effects { #expect(effects.contains("\n\(entry.name) "), "\(entry.name)") }
            let effect = try await run("fault catalogue http.status")
            for word in ["PARAMETER", "retryAfter", "(needed)", "200 to 599", "CLIENT", "curl"] {
                #expect(effect.contains(word), "\(effect)")
            }
            #expect(try await run("fault clear") == "removed all fault rules of the lab default\n")
        }
    }

    @Test func `the document's effects are what the catalogue makes`() async throws {
        let made = try await Command.run(Repository.binary, ["faults-page"])
        #expect(made.status == 0, "\(made.errors)")
        let document = try Repository.text("docs/faults.md")
        #expect(document.hasSuffix("\n" + made.output), "docs/faults.md is old: make docs/faults.md")
        for entry in Catalogue.effects { #expect(made.output.contains("\n#### `\(entry.name)`\n"), "\(entry.name)") }
    }
}
