import Testing

@testable import SoftToken

@Suite
struct `JSON editor` {
    private func edit(_ text: String, _ path: String, _ change: ([UInt8]) -> [UInt8]?) throws -> (String, Int)? {
        let path = try #require(JSONPath(path))
        return JSONEditor.edit(Array(text.utf8), at: path, change)
            .map { (String(decoding: $0.bytes, as: UTF8.self), $0.count) }
    }

    @Test(
        arguments: [
            (#"{"a":1,"b":2}"#, "a", #"{"a":9,"b":2}"#, 1),
            (#"{"a":1,"b":2}"#, "b", #"{"a":1,"b":9}"#, 1),
            (#"{"a":{"b":{"c":[]}}}"#, "a.b.c", #"{"a":{"b":{"c":9}}}"#, 1),
            (#"{"l":[1,2,3]}"#, "l[1]", #"{"l":[1,9,3]}"#, 1),
            (#"{"l":[1,2,3]}"#, "l[*]", #"{"l":[9,9,9]}"#, 3),
            (#"{"l":[{"x":1},{"y":1},{"x":2}]}"#, "l[*].x", #"{"l":[{"x":9},{"y":1},{"x":9}]}"#, 2),
            (#"{"l":[[1,2],[3]]}"#, "l[*][0]", #"{"l":[[9,2],[9]]}"#, 2),
            (#"{"a":1}"#, "b", #"{"a":1}"#, 0),
            (#"{"a":1}"#, "a.b", #"{"a":1}"#, 0),
            (#"{"l":[1]}"#, "l[1]", #"{"l":[1]}"#, 0),
            (#"{"l":{"0":1}}"#, "l[0]", #"{"l":{"0":1}}"#, 0),
            (#"{"l":[]}"#, "l[*]", #"{"l":[]}"#, 0),
            (#"[1]"#, "a", #"[1]"#, 0),
        ]
    )
    func `values at a path are replaced and counted`(text: String, path: String, result: String, count: Int) throws {
        let edited = try #require(try edit(text, path) { _ in Array("9".utf8) })
        #expect(edited.0 == result)
        #expect(edited.1 == count)
    }

    @Test(
        arguments: [
            (#"{"a":1,"b":2,"c":3}"#, "a", #"{"b":2,"c":3}"#), (#"{"a":1,"b":2,"c":3}"#, "b", #"{"a":1,"c":3}"#),
            (#"{"a":1,"b":2,"c":3}"#, "c", #"{"a":1,"b":2}"#), (#"{"a":1}"#, "a", "{}"),
            (#"{"l":[1,2,3]}"#, "l[0]", #"{"l":[2,3]}"#), (#"{"l":[1,2,3]}"#, "l[2]", #"{"l":[1,2]}"#),
            (#"{"l":[1,2]}"#, "l[*]", #"{"l":[]}"#),
            (#"{"l":[{"x":1},{"x":2,"y":3}]}"#, "l[*].x", #"{"l":[{},{"y":3}]}"#),
        ]
    )
    func `values at a path are dropped with their commas`(text: String, path: String, result: String) throws {
        #expect(try edit(text, path) { _ in nil }?.0 == result)
    }

    @Test func `a change sees the text of its value, and other bytes mean what they did`() throws {
        var seen: [String] = []
        let text = " {\"a\" : [ 1.50e+1 , \"\\u00e9\\/\" ],\n \"\\u0062\":{\"c\":null} , \"d\":true} "
        let edited = try #require(
            try edit(text, "b.c") { value in
                seen.append(String(decoding: value, as: UTF8.self))
                return Array("[1, 2]".utf8)
            }
        )
        #expect(seen == ["null"])
        #expect(edited.1 == 1, "a key may be written with escapes")
        #expect(edited.0.contains("1.50e+1") && edited.0.contains("\\u00e9\\/") && edited.0.contains("\\u0062"))
        #expect(edited.0.contains("[1, 2]"))
        let nested = try #require(try edit(#"{"a":{"b": "x"}}"#, "a") { $0 })
        #expect(nested.0 == #"{"a":{"b": "x"}}"#)
    }

    @Test(arguments: ["", "{", #"{"a":}"#, "nonsense", #"{"a":1}}"#, #"{"a":1"#, #"{"a":1,"a":2}"#])
    func `what is no JSON is left to its sender`(text: String) throws {
        #expect(try edit(text, "a") { $0 } == nil)
    }
}

@Suite
struct `JSON path` {
    @Test(
        arguments: [
            ("a", [.key("a")]), ("d.error", [.key("d"), .key("error")]),
            ("d.tokens[0].seed", [.key("d"), .key("tokens"), .index(0), .key("seed")]),
            ("tokens[*]", [.key("tokens"), .all]), ("a[0][*][12]", [.key("a"), .index(0), .all, .index(12)]),
            ("__clustered_sns[*].error", [.key("__clustered_sns"), .all, .key("error")]),
        ] as [(String, [JSONPath.Step])]
    )
    func `a path is read`(text: String, steps: [JSONPath.Step]) {
        #expect(JSONPath(text)?.steps == steps)
    }

    @Test(arguments: [
        "", ".", "a.", ".a", "a..b", "[0]", "a[", "a[]", "a[0", "a[-1]", "a[+1]", "a[x]", "a[1]b", "a]b[",
    ])
    func `what is no path is none`(text: String) {
        #expect(JSONPath(text) == nil)
    }
}
