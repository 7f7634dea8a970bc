import Documents
import Faults
import Notation
import Testing

/// Rules as documents hold them.
@Suite struct RuleDocumentTests {
    private func read(_ text: String, _ format: DocumentFormat = .yaml) throws -> [RuleDocument
        .Entry]
    {
        try RuleDocument.read(Array(text.utf8), as: format)
    }

    @Test func `a rule and a list of rules are read, with their lines`() throws {
        #expect(try read("do: http.empty\n").map(\.line) == [1])
        let rules = try read("\n- do: http.empty\n- name: b\n  do: http.lost\n")
        #expect(rules.map(\.line) == [2, 3])
        #expect(rules.map(\.rule.effect.name) == ["http.empty", "http.lost"])
        #expect(try read(#"[{"do":"http.empty"},{"do":"http.lost"}]"#, .json).count == 2)
        #expect(try read("[]").isEmpty)
    }

    /// What `fault list --json` prints was refused: "items: a rule has name, …".
    @Test func `a page of rules is read as it is printed`() throws {
        let page =
            #"{"items":[{"name":"a","when":{},"do":"http.empty","with":{},"skip":0,"times":null,"#
            + #""probability":1,"for":null,"stage":"answer","matched":3,"acted":3,"missed":{"it lets 1 pass first":1},"#
            + #""retired":false,"expires":null,"notes":[]},{"name":"b","do":"http.lost"}],"next":null}"#
        for format in [DocumentFormat.json, .yaml] {
            #expect(try read(page, format).map(\.rule.name) == ["a", "b"])
        }
        #expect(try read(#"{"items":[]}"#, .json).isEmpty)
        let wrong = #expect(throws: DocumentError.self) { try read("items:\n- do: http.empty\n- do: http.satus\n") }
        #expect(wrong?.path == "items[1].do" && wrong?.line == 3)
        let other = #expect(throws: DocumentError.self) { try read("items: []\nname: a\n") }
        #expect(other?.description.contains("known are items, next") == true)
    }

    @Test(arguments: ["1.2", "\"1.2\"", "'1.2'"])
    func `a text in YAML needs no quotes where a text is wanted`(text: String) throws {
        let rules = try read("do: tls.version\nwith: { max: \(text) }\n")
        #expect(rules[0].rule.arguments == [.init("max", "1.2")])
    }

    @Test func `JSON is taken at its word`() {
        let error = #expect(throws: DocumentError.self) {
            try read(#"{"do":"tls.version","with":{"max":1.2}}"#, .json)
        }
        #expect(error?.path == "with.max")
        let name = #expect(throws: DocumentError.self) { try read("do: http.empty\nname: 5\n") }
        #expect(name?.path == "name")
    }

    /// Only the first rule that was wrong used to be told, and a byte order mark made a file of rules no YAML.
    @Test func `all rules of a file that are wrong are told, whatever mark it begins with`() throws {
        let text = "\u{FEFF}- do: http.satus\n- do: http.empty\n- do: http.status\n  with: { code: 99 }\n"
        let error = try #require(throws: DocumentError.self) { try read(text) }
        #expect(error.all.map(\.path) == ["[0].do", "[2].with.code"])
        #expect(error.all.map(\.line) == [1, 4])
        #expect(error.description.contains("did you mean http.status"))
        #expect(try read("\u{FEFF}- do: http.empty\n- do: http.lost\n").count == 2)
        #expect(try read("\u{FEFF}[{\"do\":\"http.empty\"}]", .json).count == 1)
    }

    @Test func `headers keep their order and their words`() throws {
        let rule = try read("do: http.status\nwith: { code: 503, headers: { X-B: 1, X-A: true text } }\n")[0].rule
        #expect(
            rule.arguments.last == .init("headers", ["X-B": "1", "X-A": "true text"])
        )
    }

    @Test(
        arguments: [
            ("- do: http.empty\n- do: http.status\n  with:\n    code: 99\n", "[1].with.code", 4, []),
            ("do: http.satus\n", "do", 1, ["http.status"]),
            ("do: http.empty\nwhen:\n  listener: a\n  serail: b\n", "when.serail", 4, ["serial"]),
            ("do: http.status\nwith: { cod: 1 }\n", "with.cod", 2, ["code"]),
            ("name: a\nname: b\ndo: http.empty\n", "", 2, []),
            ("name: &a b\ndo: http.empty\n", "", 1, []),
            ("", "", nil, []),
            ("x", "", 1, []),
        ] as [(String, String, Int?, [String])]
    )
    func `what is wrong is named with its line and what may be meant`(
        text: String,
        path: String,
        line: Int?,
        suggestions: [String]
    ) {
        let error = #expect(throws: DocumentError.self) { try read(text) }
        #expect(error?.path == path)
        #expect(error?.line == line, "\(error.debugDescription)")
        #expect(error?.suggestions == suggestions)
    }
}
