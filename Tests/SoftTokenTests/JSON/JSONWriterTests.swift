import SoftToken
import Testing

@Suite
struct `JSON writer` {
    @Test func `members and elements stand in the order of the calls, without spaces`() {
        var writer = JSONWriter(appendingTo: Array("head:".utf8))
        writer.beginObject()
        writer.key("empty")
        writer.beginObject()
        writer.endObject()
        writer.key("list")
        writer.beginArray()
        writer.integer(1)
        writer.null()
        writer.string("two")
        writer.string("3")
        writer.beginArray()
        writer.endArray()
        writer.beginObject()
        writer.endObject()
        writer.endArray()
        writer.key("serial")
        writer.string("FG-1")
        writer.key("last")
        writer.null()
        writer.endObject()
        let text = String(decoding: writer.finish(), as: UTF8.self)
        #expect(text == #"head:{"empty":{},"list":[1,null,"two","3",[],{}],"serial":"FG-1","last":null}"#)
    }

    @Test(arguments: [
        ("", #""""#), ("plain", #""plain""#), ("\"", #""\"""#), ("\\", #""\\""#), ("/", #""/""#),
        ("\u{7F}", "\"\u{7F}\""),
        ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#), ("\u{0}\u{1}\u{B}\u{1F}", #""\u0000\u0001\u000B\u001F""#),
        ("ä😀", #""ä😀""#),
        ("\u{2028}", "\"\u{2028}\""),
    ])
    func `exactly what must be escaped is escaped`(text: String, written: String) {
        var writer = JSONWriter()
        writer.string(text)
        #expect(String(decoding: writer.finish(), as: UTF8.self) == written)
    }

    @Test(arguments: [0, 7, -7, 10, 99, 100, 4_320, -10_080, Int.max, Int.min])
    func `an integer is written in full`(value: Int) {
        var writer = JSONWriter()
        writer.integer(value)
        #expect(String(decoding: writer.finish(), as: UTF8.self) == "\(value)")
    }

    @Test(arguments: 0..<UInt64(20))
    func `any text comes back from both readers as it was`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            var text = ""
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                let limit: UInt32 = Bool.random(using: &random) ? 0x80 : 0x10FFFF
                guard let scalar = Unicode.Scalar(UInt32.random(in: 0...limit, using: &random)) else { continue }
                text.unicodeScalars.append(scalar)
            }
            var writer = JSONWriter()
            writer.string(text)
            let bytes = writer.finish()
            let tree = try JSONTree(bytes)
            guard case .string(let read) = tree else {
                Issue.record("seed \(seed): a string was written")
                return
            }
            #expect(Array(read.utf8) == Array(text.utf8), "seed \(seed)")
            #expect(tree.matches(try #require(foundationReading(bytes))), "seed \(seed)")
        }
    }
}
