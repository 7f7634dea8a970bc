import Foundation
import Notation
import SoftToken
import Testing

@Suite struct JSONValueTests {
    @Test(
        arguments: [
            "null", "true", "false", "0", "-7", "1.5", "\"\"", "\"é\\\"\\\\\\n\\u0001\"", "[]", "[1,[2]]", "{}",
            "{\"a\":{\"b\":[null]}}",
        ]
    )
    func `text that was read is written the same`(text: String) throws {
        let value = try JSONValue.read(Array(text.utf8))
        #expect(String(decoding: value.bytes, as: UTF8.self) == text)
    }

    @Test(arguments: ["", "{", "[1 2]", "{\"a\"}", "nul", "\"\n\"", "1 2"])
    func `what is no JSON is none`(text: String) {
        #expect(throws: JSONError.self) { try JSONValue.read(Array(text.utf8)) }
    }

    @Test func `a truth value is no number, and a number no truth value`() throws {
        #expect(try JSONValue.read(Array("true".utf8)) == .flag(true))
        #expect(try JSONValue.read(Array("1".utf8)) == .integer(1))
        #expect(try JSONValue.read(Array("0".utf8)) == .integer(0))
    }

    // A number that schemas call whole was refused, or taken, by how it was written.
    @Test(arguments: [
        ("1.0", JSONValue.integer(1)), ("1e2", .integer(100)), ("0.5", .number(0.5)), ("-2.0", .integer(-2)),
    ])
    func `a number without a fraction is whole, however it is written`(text: String, value: JSONValue) throws {
        #expect(try JSONValue.read(Array(text.utf8)) == value)
    }

    @Test func `a byte order mark before the text is skipped, and one within is none`() throws {
        #expect(try JSONValue.read([0xEF, 0xBB, 0xBF] + Array("{}".utf8)) == .object([]))
        #expect(throws: JSONError.self) { try JSONValue.read(Array("{\u{FEFF}}".utf8)) }
    }

    @Test func `members keep the order in which they were written down`() {
        let value: JSONValue = ["b": 1, "a": "x", "c": .written("{\"made\":\"elsewhere\"}")]
        #expect(String(decoding: value.bytes, as: UTF8.self) == #"{"b":1,"a":"x","c":{"made":"elsewhere"}}"#)
    }

    @Test func `Foundation reads whatever is written`() throws {
        let scalars = (0..<0x300).compactMap { Unicode.Scalar($0).map(Character.init) } + ["\u{2028}", "😀"]
        let text = String(scalars)
        let value: JSONValue = ["text": .string(text), "list": [.number(0.25), .integer(.max)]]
        let read = try JSONSerialization.jsonObject(with: Data(value.bytes)) as? [String: Any]
        #expect(read?["text"] as? String == text)
    }

    @Test func `a member that stands twice is refused, with its place`() {
        let error = #expect(throws: JSONError.self) { try JSONValue.read(Array(#"{"a":1,"\u0061":2}"#.utf8)) }
        #expect(error == JSONError(.duplicateKey, at: 7))
    }

    @Test func `members are set in their place, or behind the others, and taken out`() {
        var members: [JSONValue.Member] = [.init("b", 1), .init("a", 2)]
        members["b"] = 3
        members["c"] = nil
        members["d"] = "x"
        #expect(members.remove("a") == 2)
        #expect(members.remove("a") == nil)
        #expect(members == [.init("b", 3), .init("d", "x")])
        #expect(JSONValue.object(members)["d"].string == "x")
        #expect(JSONValue.object(members)["a"] == .null)
        #expect(JSONValue.null["a"] == .null)
    }
}
