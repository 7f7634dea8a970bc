import Notation
import Testing

@Suite struct WordingTests {
    // A field report: "1 connections match", "1 rules".
    @Test func `one is told in the singular`() {
        #expect(Wording.count(1, "rule") == "1 rule")
        #expect(Wording.count(0, "rule") == "0 rules")
        #expect(Wording.count(2, "entry", "entries") == "2 entries")
    }

    // A field report: "did you mean http.drip or http.hang or http.lost".
    @Test(arguments: [
        ([], ""), (["a"], "; did you mean a?"), (["a", "b"], "; did you mean a or b?"),
        (["a", "b", "c"], "; did you mean a, b or c?"),
    ])
    func `what may have been meant is one list`(names: [String], text: String) {
        #expect(Wording.suggestion(names) == text)
    }
}
