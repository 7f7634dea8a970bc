import Foundation
import Notation
import Testing

@Suite struct JSONEscapesTests {
    private static func written(_ text: String, _ escapes: JSONEscapes) -> String {
        var bytes: [UInt8] = []
        escapes.append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let all = [JSONEscapes.wire, .plane, .document, .shown, .log]

    @Test func `each place writes the escapes that it always wrote`() {
        let text = "a\"\\/\u{8}\t\n\u{C}\r\u{1F}\u{7F}\u{85}é\u{2028}\u{FEFF}\u{10FFFF}"
        let rest = "\u{85}é\u{2028}\u{FEFF}\u{10FFFF}\""
        #expect(Self.written(text, .wire) == #""a\"\\/\b\t\n\f\r\u001F"# + "\u{7F}" + rest)
        #expect(Self.written(text, .plane) == #""a\"\\/\u0008\u0009\n\u000c\u000d\u001f\u007f"# + rest)
        #expect(
            Self.written(text, .document)
                == #""a\"\\/\u0008\u0009\u000A\u000C\u000D\u001F\u007F\u0085é\u2028\uFEFF"# + "\u{10FFFF}\""
        )
        #expect(Self.written(text, .shown) == #""a\"\\/\b\t\n\f\r\u001f"# + "\u{7F}" + rest)
        #expect(Self.written(text, .log) == #""a\"\\/\u0008\t\n\u000c\r\u001f\u007f"# + rest)
    }

    @Test func `what is shown is what Foundation writes`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        for scalar in (0..<0x300).compactMap({ Unicode.Scalar($0) }) {
            let text = "<\(Character(scalar))>"
            #expect(Self.written(text, .shown) == String(decoding: try encoder.encode(text), as: UTF8.self))
        }
    }

    @Test func `Foundation reads what any place writes`() throws {
        let text = String(
            (0..<0x300).compactMap { Unicode.Scalar($0).map(Character.init) } + ["\u{2028}", "😀", "\u{FFFF}"]
        )
        for escapes in Self.all {
            let read = try JSONSerialization.jsonObject(
                with: Data(Self.written(text, escapes).utf8),
                options: .fragmentsAllowed
            )
            #expect(read as? String == text)
        }
    }

    @Test func `a refusal is one object and a line's end, whatever its reason says`() {
        var body = Array("x".utf8)
        JSONValue.appendRefusal("no \"b\"\n", to: &body)
        #expect(String(decoding: body, as: UTF8.self) == #"x{"error":"no \"b\"\n"}"# + "\n")
    }
}
