import Testing

@testable import fauxguard

/// What the parser would take for flags, and is a value.
@Suite("Words of the command line") struct CommandWordsTests {
    // A field report: `clock advance -1h` printed its help and exited 0, `--times -1` was a missing value.
    @Test(arguments: [
        ("clock advance -1h", "clock advance -- -1h"), ("clock advance -1h --json", "clock advance --json -- -1h"),
        ("journal verify --times -1", "journal verify --times=-1"), ("journal tail -xh", "journal tail -- -xh"),
        ("a --limit -5 -6", "a --limit=-5 -- -6"), ("a --at --5", "a --at=--5"), ("a -.5h", "a -- -.5h"),
        ("a -1 -- -2 b", "a -- -1 -2 b"),
        // A flag takes no value, and a letter behind one dash is a flag that the parser does not know.
        ("clock advance --json -1h", "clock advance --json -- -1h"), ("serve --ephemeral -v", "serve --ephemeral -v"),
        ("fault add -f rules.json", "fault add -f rules.json"),
        // These are what they seem.
        ("clock advance -h", "clock advance -h"), ("registry import -", "registry import -"),
        ("clock show --json --lab a", "clock show --json --lab a"), ("a -- b", "a -- b"), ("a --x=-1 b", "a --x=-1 b"),
        ("---completion a -1", "---completion a -1"), ("", ""),
    ])
    func `a value may begin with a dash`(typed: String, arranged: String) {
        #expect(CommandWords.arranged(typed.split(separator: " ").map(String.init)).joined(separator: " ") == arranged)
    }
}
