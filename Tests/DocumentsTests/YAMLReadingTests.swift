import Documents
import Testing

@Suite("YAML that is read") struct YAMLReadingTests {
    @Test(arguments: [
        ("a: 1", "{a: '1}"), ("- x\n- \"y\"\n- 'z'\n", "['x, y, z]"),
        ("a:\n  b: [c, {d: e}]", "{a: {b: ['c, {d: 'e}]}}"),
        ("--- # one\na: b\n...\n", "{a: 'b}"), ("%YAML 1.2\n---\na: b", "{a: 'b}"), ("%YAML 1.1\n---\na: b", "{a: 'b}"),
        ("a: |\n  b\n  c\n", "{a: b\nc\n}"), ("a: >\n  b\n  c\n", "{a: b c\n}"), ("? a\n: b\n", "{a: 'b}"),
        ("{\"a\": [1, true, null, \"\\u00e9\\/\"]}", "{a: ['1, 'true, 'null, é/]}"), ("a:", "{a: '}"),
        ("\"a\": b", "{a: 'b}"),
        ("\u{FEFF}a: b\nc: d\n", "{a: 'b, c: 'd}"), ("\u{FEFF}# one\na: b\n", "{a: 'b}"),
        ("1: a\ntrue: b", "{1: 'a, true: 'b}"),
        ("!!str 12", "12"), ("!!int \"12\"", "'12"), ("!!bool 'True'", "'True"), ("!!map {a: !!null ''}", "{a: '}"),
        ("!!seq [!!float 1.5]", "['1.5]"), ("\"<<\": a", "{<<: 'a}"), ("a: '&b *c'", "{a: &b *c}"),
        ("a: b&c*d", "{a: 'b&c*d}"),
        ("- &\n".dropLast(2).description + "a", "['a]"),
    ])
    func `a document is read with what is plain`(text: String, shape: String) throws {
        #expect(try DocumentNode.read(Array(text.utf8), as: .yaml).shape == shape)
    }

    @Test(arguments: ["\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}"])
    func `each of the parser's line ends begins a line, and is counted as one`(end: String) throws {
        let node = try DocumentNode.read(Array(["# c", "a: 1", "b: 2"].joined(separator: end).utf8), as: .yaml)
        #expect(node.shape == "{a: '1, b: '2}")
        guard case .mapping(let members) = node.content else { return }
        #expect(members.map(\.key.line) == [2, 3])
    }

    @Test func `lines are those on which values begin`() throws {
        let node = try DocumentNode.read(Array("# one\nlist:\n  - a\n  - { b: c }\n".utf8), as: .yaml)
        guard case .mapping(let members) = node.content, case .list(let items) = members[0].value.content else {
            return
        }
        #expect([members[0].key.line] + items.map(\.line) == [2, 3, 4])
    }

    @Test func `a long text and many keys are read in one go`() throws {
        let long = String(repeating: "x", count: 4 << 20)
        #expect(try DocumentNode.read(Array("a: \"\(long)\"".utf8), as: .yaml).shape.utf8.count == long.utf8.count + 5)
        let keys = (0..<20_000).map { "k\($0): \($0)\n" }.joined()
        guard case .mapping(let members) = try DocumentNode.read(Array(keys.utf8), as: .yaml).content else { return }
        #expect(members.count == 20_000)
    }

    @Test(arguments: ["", "# nothing\n", "\u{FEFF}", "\u{FEFF}# nothing\r# more", "  \n\n", "%YAML 1.2\n# x\n"])
    func `nothing is told from an empty value`(text: String) {
        let error = #expect(throws: DocumentError.self) { try DocumentNode.read(Array(text.utf8), as: .yaml) }
        if !text.hasPrefix("%") { #expect(error?.kind == .empty) }
    }
}

extension DocumentNode {
    /// The value in one line; a plain scalar has a mark before it.
    var shape: String {
        switch content {
        case .scalar(let text, let isPlain): (isPlain ? "'" : "") + text
        case .list(let items): "[" + items.map(\.shape).joined(separator: ", ") + "]"
        case .mapping(let members):
            "{" + members.map { "\($0.key.text ?? "?"): \($0.value.shape)" }.joined(separator: ", ") + "}"
        }
    }
}
