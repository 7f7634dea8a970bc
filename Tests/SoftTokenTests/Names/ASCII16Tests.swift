import SoftToken
import Testing

@Suite
struct `Packed text` {
    private static let texts = [
        "!", "~", "A", "AB", "@", "ABCDEFG", "ABCDEFGH", "ABCDEFGHI", "ABCDEFGH0", "ABCDEFGHIJKLMNO",
        "ABCDEFGHIJKLMNOP",
        "@@@@@@@@", "@@@@@@@@@@@@@@@@", "        ".replacing(" ", with: "`"), "-", "--", "0-", "FG1", "FG10", "FG2",
    ]

    @Test(arguments: texts)
    func `text of any length comes back with its length`(text: String) throws {
        let bytes = Array(text.utf8)
        let text16 = try #require(packed(bytes))
        #expect(text16.count == bytes.count)
        #expect(text16.description == text)
        #expect((0..<20).map { text16[$0] } == bytes + Array(repeating: 0, count: 20 - bytes.count))
        var appended = Array("=".utf8)
        text16.append(to: &appended)
        #expect(appended == Array("=\(text)".utf8))
    }

    @Test(arguments: texts)
    func `the order is that of the bytes`(text: String) throws {
        for other in Self.texts {
            let (left, right) = (Array(text.utf8), Array(other.utf8))
            let (first, second) = (try #require(packed(left)), try #require(packed(right)))
            #expect((first < second) == left.lexicographicallyPrecedes(right), "\(text) and \(other)")
            #expect((first == second) == (left == right))
            #expect(first.hasPrefix(other) == left.starts(with: right), "\(text) begins with \(other)?")
        }
    }

    @Test(
        arguments: [[], Array(repeating: 0x41, count: 17), [0x20], [0x7F], [0x41, 0x00], [0x41, 0x80], [0x0A]]
            as [[UInt8]]
    )
    func `other bytes are not packed`(bytes: [UInt8]) {
        #expect(packed(bytes) == nil)
    }

    private func packed(_ bytes: [UInt8]) -> ASCII16? { ASCII16(bytes.span) }
}
