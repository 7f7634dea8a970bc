import Notation
import Testing

@Suite struct VisibleTextTests {
    // A field report: a rule's refusal repeated an escape sequence as it was, and the terminal obeyed.
    @Test(arguments: [
        ("a\u{1B}[31m", "a?[31m"), ("a\nb", "a?b"), ("\u{202E}a", "?a"), ("\u{9B}2J", "?2J"), ("é – 日本", "é – 日本"),
        ("", ""),
    ])
    func `what does anything to a terminal is a question mark`(text: String, shown: String) {
        #expect(VisibleText.shown(text) == shown)
        #expect(VisibleText.quoted(text) == "\"\(shown)\"")
    }

    @Test func `a long text is cut, and says so`() {
        #expect(VisibleText.shown(String(repeating: "a", count: 5_000), upTo: 4) == "aaaa…")
        #expect(VisibleText.shown("aaaa", upTo: 4) == "aaaa")
    }

    // The first three groups of a code were shown, which are no code any more.
    @Test func `what is cut is not cut within a word`() {
        #expect(VisibleText.shown("a note: 0F1E-2D3C-4B5A-6978-8796", upTo: 24) == "a note: …")
        #expect(VisibleText.shown("a note of many words", upTo: 12) == "a note of …")
    }
}
