import Foundation
import Testing

@testable import Admin

@Suite struct JSONValueTests {
    @Test(
        arguments: [
            "null", "true", "false", "0", "-7", "1.5", "\"\"", "\"é\\\"\\\\\\n\\u0001\"", "[]", "[1,[2]]", "{}",
            "{\"a\":{\"b\":[null]}}",
        ]
    )
    func `text that was read is written the same`(text: String) throws {
        let value = try #require(JSONValue.parse(Array(text.utf8)))
        #expect(String(decoding: value.bytes, as: UTF8.self) == text)
    }

    @Test(arguments: ["", "{", "[1 2]", "{\"a\"}", "nul", "\"\n\"", "1 2"])
    func `what is no JSON is none`(text: String) {
        #expect(JSONValue.parse(Array(text.utf8)) == nil)
    }

    @Test func `a truth value is no number, and a number no truth value`() {
        #expect(JSONValue.parse(Array("true".utf8)) == .flag(true))
        #expect(JSONValue.parse(Array("1".utf8)) == .integer(1))
        #expect(JSONValue.parse(Array("0".utf8)) == .integer(0))
    }

    @Test func `members keep the order in which they were written down`() {
        let value: JSONValue = ["b": 1, "a": "x", "c": .text("{\"made\":\"elsewhere\"}")]
        #expect(String(decoding: value.bytes, as: UTF8.self) == #"{"b":1,"a":"x","c":{"made":"elsewhere"}}"#)
    }

    @Test func `Foundation reads whatever is written`() throws {
        let scalars = (0..<0x300).compactMap { Unicode.Scalar($0).map(Character.init) } + ["\u{2028}", "😀"]
        let text = String(scalars)
        let value: JSONValue = ["text": .string(text), "list": [.number(0.25), .integer(.max)]]
        let read = try JSONSerialization.jsonObject(with: Data(value.bytes)) as? [String: Any]
        #expect(read?["text"] as? String == text)
    }
}
