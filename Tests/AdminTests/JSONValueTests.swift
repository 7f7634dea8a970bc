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
        let value = try JSONValue.read(Array(text.utf8))
        #expect(String(decoding: value.bytes, as: UTF8.self) == text)
    }

    @Test(arguments: ["", "{", "[1 2]", "{\"a\"}", "nul", "\"\n\"", "1 2"])
    func `what is no JSON is none`(text: String) {
        #expect(throws: JSONTextError.self) { try JSONValue.read(Array(text.utf8)) }
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

    // The last of two members of a name was taken in silence.
    @Test(
        arguments: [
            (#"{"size":1,"size":2}"#, #"the member "size" stands twice in an object (line 1, column 11)"#),
            ("{\n \"a\": 1,\n \"\\u0061\": 1}", #"the member "a" stands twice in an object (line 3, column 2)"#),
            (
                #"{"where":{"ä":1,"b":[{"ä":1,"ä":2}]}}"#,
                #"the member "ä" stands twice in an object (line 1, column 29)"#
            ),
        ]
    )
    func `a member that stands twice is refused by its name and place`(text: String, said: String) {
        let error = #expect(throws: JSONTextError.self) { try JSONValue.read(Array(text.utf8)) }
        #expect(error?.description == said)
    }

    @Test func `a byte order mark before the text is skipped, and one within is none`() throws {
        #expect(try JSONValue.read([0xEF, 0xBB, 0xBF] + Array("{}".utf8)) == .object([]))
        #expect(throws: JSONTextError.self) { try JSONValue.read(Array("{\u{FEFF}}".utf8)) }
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
