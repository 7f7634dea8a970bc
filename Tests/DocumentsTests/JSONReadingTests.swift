import Documents
import Testing

@Suite("JSON that is read") struct JSONReadingTests {
    @Test(arguments: [
        (
            "{\"a\": [1, -0.5e3, true, false, null, \"x\"], \"b\": {}}",
            "{a: ['1, '-0.5e3, 'true, 'false, 'null, x], b: {}}"
        ),
        ("\u{FEFF}[]", "[]"), ("\u{FEFF} \"a\"", "a"), ("12", "'12"), ("null", "'null"),
        ("\"\\ud83d\\ude00\\n\"", "😀\n"),
        ("[[], {}, [{}]]", "[[], {}, [{}]]"), ("{\"<<\": 1, \"\": 2}", "{<<: '1, : '2}"),
    ])
    func `a document is read`(text: String, shape: String) throws {
        #expect(try DocumentNode.read(Array(text.utf8), as: .json).shape == shape)
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "[1 2]",
        "nul", "True",
        "01", "1.", ".5", "+1", "0x1", "\"\n\"", "\"\\x\"", "\"\\ud800\"", "{a: 1}", "1 2", "[]]", "}",
        "{\"a\":1,\"a\":2}", "// x\n1",
        "\u{FEFF}\u{FEFF}1", "[\u{FEFF}1]", "NaN", "Infinity", "'a'", "{1: 2}", "[1}", "{\"a\":1]",
    ])
    func `what is no JSON is refused`(text: String) {
        #expect(throws: DocumentError.self) { try DocumentNode.read(Array(text.utf8), as: .json) }
    }
}
