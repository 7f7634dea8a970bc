import Foundation
import SoftToken
import Testing

@Suite
struct `JSON strictness` {
    @Test(arguments: [
        (#"{"a":1,"a":1}"#, 7), (#"{"a":1,"b":2,"a":3}"#, 13), (#"{"a":1,"\u0061":2}"#, 7),
        (#"{"\u0061":1,"a":2}"#, 12),
        (#"{"\uD83D\uDE00":1,"😀":2}"#, 18), (#"{"x":{"y":1,"y":2}}"#, 12), (#"[{"":1,"":2}]"#, 7),
        (#"{"\/":1,"/":2}"#, 8),
    ])
    func `a key that stands twice is refused, where Foundation keeps one`(text: String, offset: Int) {
        let bytes = Array(text.utf8)
        #expect(throws: JSONError(.duplicateKey, at: offset)) { try JSONReader.validate(bytes.span, limit: 100) }
        #expect(foundationReading(bytes) != nil)
    }

    @Test(arguments: [1, 15, 16, 17, 18, 40, 400])
    func `a duplicate is found among any number of keys`(count: Int) {
        let members = (0..<count).map { "\"key\($0)\":\($0)" }
        let unique = Array("{\(members.joined(separator: ","))}".utf8)
        #expect(throws: Never.self) { try JSONReader.validate(unique.span, limit: JSONTree.limit) }
        for repeated in [0, count / 2, count - 1] {
            let bytes = Array("{\(members.joined(separator: ",")),\"k\\u0065y\(repeated)\":0}".utf8)
            #expect(throws: JSONError(.duplicateKey, at: unique.count)) {
                try JSONReader.validate(bytes.span, limit: JSONTree.limit)
            }
        }
    }

    @Test(arguments: ["[", "{\"a\":"])
    func `nesting is bounded, where Foundation reads on`(opening: String) {
        let closing = opening == "[" ? "]" : "}"
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: opening, count: depth) + "0" + String(repeating: closing, count: depth)).utf8)
        }
        let bound = JSONError(.tooDeep, at: opening.utf8.count * JSONReader.maximumDepth)
        let deepest = nested(JSONReader.maximumDepth)
        #expect(throws: Never.self) { try JSONReader.validate(deepest.span, limit: JSONTree.limit) }
        let deeper = nested(JSONReader.maximumDepth + 1)
        #expect(throws: bound) { try JSONReader.validate(deeper.span, limit: JSONTree.limit) }
        #expect(foundationReading(deeper) != nil)
        let abyss = nested(1_000_000)
        #expect(throws: bound) { try JSONReader.validate(abyss.span, limit: JSONTree.limit) }
    }

    @Test func `arrays that are closed do not count as depth`() {
        let bytes = Array(("[" + String(repeating: "[],", count: 1_000) + "{}]").utf8)
        #expect(throws: Never.self) { try JSONReader.validate(bytes.span, limit: bytes.count) }
    }

    /// Every reader of the admin plane skipped one, and the service refused it.
    @Test func `a byte order mark before a document is skipped, and nothing else of its kind`() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        try JSONReader.validate((mark + Array("{}".utf8)).span, limit: 100)
        #expect(try JSONTree(mark + Array("[1]".utf8)) == JSONTree(Array("[1]".utf8)))
        for bytes in [mark, mark + mark + Array("{}".utf8), Array("{".utf8) + mark + Array("}".utf8), [0xEF, 0xBB]] {
            #expect(throws: JSONError.self) { try JSONReader.validate(bytes.span, limit: 100) }
        }
    }

    @Test func `a mark inside a string is kept, where Foundation drops it`() throws {
        let bytes = Array("\"\u{FEFF}\"".utf8)
        #expect(try JSONTree(bytes) == .string("\u{FEFF}"))
        #expect(foundationReading(bytes) as? String == "")
    }

    @Test(arguments: [("[1,]", 3), (#"{"a":1,}"#, 7), ("[[],]", 4)])
    func `a comma behind the last element is refused, where Foundation takes it`(text: String, offset: Int) {
        let bytes = Array(text.utf8)
        #expect(throws: JSONError(.unexpectedByte, at: offset)) { try JSONReader.validate(bytes.span, limit: 100) }
        #expect(foundationReading(bytes) != nil)
    }

    @Test(arguments: [String.Encoding.utf16LittleEndian, .utf16BigEndian, .utf32LittleEndian])
    func `other encodings are refused, where Foundation guesses them`(encoding: String.Encoding) throws {
        let bytes = Array(try #require(#"{"d":1}"#.data(using: encoding)))
        #expect(throws: JSONError.self) { try JSONReader.validate(bytes.span, limit: 100) }
        #expect(foundationReading(bytes) != nil)
    }

    @Test func `the caller's limit counts every byte`() {
        let bytes = Array("[1, 2]".utf8)
        #expect(throws: Never.self) { try JSONReader.validate(bytes.span, limit: 6) }
        #expect(throws: JSONError(.tooLarge, at: 5)) { try JSONReader.validate(bytes.span, limit: 5) }
    }
}
