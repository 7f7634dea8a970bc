import Documents
import Testing

@Suite("YAML that is refused") struct YAMLRefusalTests {
    private func refusal(_ bytes: [UInt8]) -> DocumentError? {
        do throws(DocumentError) {
            _ = try DocumentNode.read(bytes, as: .yaml)
            return nil
        } catch {
            return error
        }
    }

    /// A scan for aliases once knew only LF as a line's end, the parser five more: what stood behind a comment that
    /// ended in one of them was expanded, nine levels of it without end.
    @Test(arguments: ["\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}"])
    func `aliases are refused whatever ends the comment before them`(end: String) {
        var lines = ["# c", "a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
        for level in 1..<30 {
            lines.append("a\(level): &a\(level) [\(repeatElement("*a\(level - 1)", count: 10).joined(separator: ","))]")
        }
        let error = refusal(Array(lines.joined(separator: end).utf8))
        #expect(error?.line == 2)
        #expect(error?.reason.contains("alias") == true)
    }

    @Test(arguments: [
        ("a: *b", 1), ("*a : b", 1), ("- x\n- *a", 2), ("a: &b c", 1), ("&a b: c", 1), ("a: &b [c]", 1),
        ("a:\n  &b\n  c: d", 2),
        ("[&a x]", 1), ("&a\n- b", 1), ("{a: *b}", 1), ("<<: *a", 1), ("? *a\n: b", 1), ("--- &a\nb: c", 1),
        ("a: !!str &b c", 1),
    ])
    func `anchors and aliases are refused at their event, in any place`(text: String, line: Int) {
        let error = refusal(Array(text.utf8))
        #expect(error?.reason.contains("anchors and aliases") == true, "\(error.map(\.description) ?? "read")")
        // It is valid, and was called otherwise.
        #expect(error?.reason.contains("no valid YAML") == false)
        #expect(error?.line == line)
    }

    @Test(arguments: [
        ("<<: {a: b}", "merge keys"), ("{<<: [{a: b}]}", "merge keys"), ("? [a]\n: b", "a key is a list"),
        ("{{a: b}: c}", "a key is a mapping"), ("[a, b]: c", "a key is a list"), ("? a: b\n: c", "a key is a mapping"),
        ("~: a", "a key is null"), ("null: a", "a key is null"), (": a", "no valid YAML"),
        ("{Null: a}", "a key is null"),
        ("a: 1\nb: 2\na: 3", "'a' stands twice"), ("a: 1\n\"a\": 3", "'a' stands twice"),
        ("{a: {b: 1, b: 2}}", "'b' stands twice"),
        // A fuzzer's finding: a key with a line end in it broke the message into two lines.
        ("\"a\\nb\": 1\n\"a\\nb\": 2", "'a?b' stands twice"),
        ("a: 1\n---\nb: 2", "more than one document"), ("a\n...\nb", "more than one document"),
        ("{}\n---\n", "more than one document"),
        ("a: !!binary aGk=", "!!binary"), ("!!set {a}", "!!set"), ("a: !mine b", "!mine"),
        ("!<tag:x.test,2026:y> a", "tag:x.test"),
        ("!!str [a]", "the tag"), ("!!map [a]", "the tag"), ("a: !!int b", "is not of its tag"),
        ("a: !!bool yes", "is not of its tag"),
        ("a: !!null b", "is not of its tag"), ("%TAG ! tag:x.test,2026:\n---\na", "%TAG directives"),
        ("%YAML 1.2\n%YAML 1.2\n---\na", "two %YAML"), ("%YAML 2.0\n---\na", "no valid YAML"),
        ("%MINE x\n---\na", "no valid YAML"),
        ("\ta: b", "no valid YAML"), ("a:\n\tb: c", "no valid YAML"), ("a: [", "no valid YAML"),
        ("a: \"", "no valid YAML"),
        ("a: b: c", "no valid YAML"), ("@a", "no valid YAML"), ("`a`", "no valid YAML"),
        ("a: \"\\uD800\"", "no valid YAML"),
        ("a: \"\\x\"", "no valid YAML"), ("a: \u{0}", "no valid YAML"), ("a: \u{1}", "no valid YAML"),
        ("a: }", "no valid YAML"),
        ("a: b\n\u{FEFF}c: d", "no valid YAML"),
    ])
    func `what is not read here is named`(text: String, reason: String) {
        let error = refusal(Array(text.utf8))
        let words = reason.replacing("!!binary", with: "binary").replacing("!!set", with: ":set")
        #expect(error?.reason.contains(words) == true, "\(error.map(\.description) ?? "read")")
        #expect(error?.line != nil)
    }

    @Test(
        arguments: [
            ([0xFF, 0xFE, 0x61, 0, 0x3A, 0], "UTF-16"), ([0xFE, 0xFF, 0, 0x61], "UTF-16"),
            ([0x61, 0, 0x3A, 0], "UTF-16"),
            ([0, 0x61, 0, 0x3A], "UTF-16"), ([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], "UTF-32"),
            ([0, 0, 0xFE, 0xFF], "UTF-32"),
            ([0x61, 0x3A, 0x20, 0xFF], "byte 3"), ([0x61, 0x3A, 0x20, 0xED, 0xA0, 0x80], "byte 3"),
            ([0xC3], "no UTF-8"),
            ([0xE2, 0x82], "no UTF-8"), ([0xF4, 0x90, 0x80, 0x80], "no UTF-8"), ([0xC0, 0x80], "no UTF-8"),
        ] as [([UInt8], String)]
    )
    func `bytes of another encoding are named, in JSON as well`(bytes: [UInt8], reason: String) {
        #expect(refusal(bytes)?.reason.contains(reason) == true, "\(refusal(bytes).map(\.description) ?? "read")")
        let error = #expect(throws: DocumentError.self) { try DocumentNode.read(bytes, as: .json) }
        #expect(error?.reason.contains(reason) == true)
    }

    /// Some thousands of `%TAG` lines took the square of their number within one event, and so before any bound.
    @Test(.timeLimit(.minutes(1)))
    func `directives without end are refused at the first, before a document and behind one`() {
        let tags = (0..<200_000).map { "%TAG !t\($0)! tag:x.test,2026:\($0)\n" }.joined()
        #expect(refusal(Array((tags + "---\na").utf8))?.reason.contains("%TAG") == true)
        #expect(refusal(Array(("a\n...\n" + tags + "---\na").utf8))?.reason.contains("more than one document") == true)
    }

    /// Mappings as keys of mappings, 900 deep and side by side, once cost the square of their size.
    @Test(.timeLimit(.minutes(1)), arguments: ["{", "[", "- ", "? ", "{a: ", "[[", "{? "])
    func `nesting without end is refused at its bound`(opening: String) {
        let error = refusal(Array(String(repeating: opening, count: 500_000).utf8))
        #expect(error?.kind == .notation, "\(error.map(\.description) ?? "read")")
        let once = String(repeating: "{", count: 900) + "a: 1" + String(repeating: "}", count: 900)
        #expect(
            refusal(Array("[\(repeatElement(once, count: 400).joined(separator: ","))]".utf8))?.reason.contains("key")
                == true
        )
    }

    @Test func `values up to the bound nest, and no deeper`() {
        let depth = DocumentBounds.depth
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(refusal(nested(depth)) == nil)
        #expect(refusal(nested(depth + 1))?.reason.contains("nest deeper than \(depth)") == true)
        #expect(throws: DocumentError.self) { try DocumentNode.read(nested(depth + 1), as: .json) }
        #expect(throws: Never.self) { try DocumentNode.read(nested(depth), as: .json) }
    }

    @Test func `more values than a tree may hold are refused`() {
        let many = "[" + String(repeating: "a,", count: DocumentBounds.nodes + 1) + "]"
        #expect(refusal(Array(many.utf8))?.reason.contains("more than \(DocumentBounds.nodes) values") == true)
    }

    @Test func `a reading that nobody wants any more ends, in YAML and in JSON`() {
        for format in DocumentFormat.allCases {
            let error = #expect(throws: DocumentError.self) {
                try DocumentNode.read(Array("[1, 2]".utf8), as: format, while: { false })
            }
            #expect(error?.kind == .stopped)
        }
    }

    @Test func `no refusal repeats the text around what is wrong`() {
        let error = refusal(Array("a: SECRET\nb: \"SECRET".utf8))
        #expect(error?.description.contains("SECRET") == false)
    }
}
