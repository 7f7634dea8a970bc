import Foundation
import SoftToken
import Testing

@Suite
struct `JSON reader` {
    @Test(arguments: [
        "{}", "[]", "\"\"", "0", "-0", "-1", "12345678901234567", "0.5", "-0.5", "1.0", "1e2", "1E2", "1e+2", "1e-2",
        "0e0", "0E-0", "1.25e+10", "true", "false", "null", " {} ", "\t[\n]\r", "[1,2]", "[ 1 , 2 ]", "[[],[]]",
        "[null,true,false,0,\"\",{},[]]", #"{"a":1}"#, #"{"a":{"a":{"a":1}}}"#, #"{"":0}"#, #"{"a":1,"A":2}"#,
        #"{ "a" : 1 , "b" : 2 }"#, #"[{"a":1},{"a":2}]"#, #""\"\\\/\b\f\n\r\t""#, #""\u0000""#,
        #""\u0041\u00e4\u00E4""#,
        #""\uD83D\uDE00""#, #""\ud83d\ude00""#, #""\uDBFF\uDFFF""#, #""\uD7FF\uE000""#, #""\uFFFF\uFFFE""#,
        "\"\u{7F}\"",
        "\"\u{80}\"", "\"\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}\"", "\"\u{2028}\u{2029}\"", "\"/\"",
        "\"a b\"", #""\\u0041""#, "[1\n]", "123", "\"null\"", #"{"\u0061":1,"b":2}"#, #"{"a":[],"b":{}}"#, "1e9",
        "123456789.123456789", "[0.1,1e-7]",
    ])
    func `what RFC 8259 allows is read as Foundation reads it`(text: String) throws {
        let bytes = Array(text.utf8)
        let other = try #require(foundationReading(bytes), "Foundation reads \(text)")
        #expect(try JSONTree(bytes).matches(other), "\(text)")
    }

    @Test(arguments: ["1e400", "-1e999999", "[123456789e500]"])
    func `a number beyond every floating-point type is still JSON, where Foundation refuses it`(text: String) {
        let bytes = Array(text.utf8)
        #expect(throws: Never.self) { try JSONReader.validate(bytes.span, limit: 100) }
        #expect(foundationReading(bytes) == nil)
    }

    @Test(
        arguments: [
            ("", .truncated, 0), (" ", .truncated, 1), ("{", .truncated, 1), ("[", .truncated, 1),
            ("[1", .truncated, 2),
            ("[1,", .truncated, 3), (#"{"a"#, .truncated, 3), (#"{"a""#, .truncated, 4), (#"{"a":"#, .truncated, 5),
            (#"{"a":1"#, .truncated, 6), ("\"", .truncated, 1), (#""\"#, .truncated, 2), ("tru", .truncated, 3),
            ("-", .truncated, 1), ("1.", .truncated, 2), ("1e", .truncated, 2), ("1e+", .truncated, 3),
        ] as [(String, JSONError.Kind, Int)]
    )
    func `a document that ends early is refused there`(text: String, kind: JSONError.Kind, offset: Int) {
        expectRefusal(text, kind, offset)
    }

    @Test(arguments: [
        ("}", 0), ("]", 0), (",", 0), (":", 0), ("[,1]", 1), ("[1 2]", 3), ("[1,,2]", 3), ("[1}", 2),
        (#"{,"a":1}"#, 1), (#"{"a" 1}"#, 5), (#"{"a",1}"#, 4), (#"{"a":}"#, 5), (#"{"a"::1}"#, 5),
        (#"{"a":1 "b":2}"#, 7), (#"{"a":1]"#, 6), ("{a:1}", 1), ("{'a':1}", 1), ("{1:1}", 1), ("{null:1}", 1),
        ("'a'", 0), ("True", 0), ("nULL", 1), ("nan", 1), ("NaN", 0), ("Infinity", 0), ("trve", 2), ("+1", 0),
        (".5", 0), ("/* */1", 0), ("\u{A0}1", 0), ("\u{0C}1", 0), ("[1,//\n2]", 3),
    ])
    func `a byte that no grammar rule allows is refused`(text: String, offset: Int) {
        expectRefusal(text, .unexpectedByte, offset)
    }

    @Test(
        arguments: [
            ("-a", .invalidNumber, 1), ("01", .invalidNumber, 0), ("-01", .invalidNumber, 1), ("00", .invalidNumber, 0),
            ("1.e1", .invalidNumber, 2), ("1.a", .invalidNumber, 2), ("1ea", .invalidNumber, 2),
            ("1e+-2", .invalidNumber, 3), ("-Infinity", .invalidNumber, 1), ("[1e]", .invalidNumber, 3),
            ("1 2", .trailingBytes, 2), ("{}{}", .trailingBytes, 2), ("[]]", .trailingBytes, 2),
            ("nulll", .trailingBytes, 4), ("0x10", .trailingBytes, 1), ("1a", .trailingBytes, 1),
            ("{}#", .trailingBytes, 2),
            ("\"a\"b", .trailingBytes, 3), ("[1]\u{0}", .trailingBytes, 3),
        ] as [(String, JSONError.Kind, Int)]
    )
    func `a malformed number and a second document are refused`(text: String, kind: JSONError.Kind, offset: Int) {
        expectRefusal(text, kind, offset)
    }

    @Test(
        arguments: [
            ("\"a\nb\"", .controlCharacter, 2), ("\"a\tb\"", .controlCharacter, 2), ("\"\u{0}\"", .controlCharacter, 1),
            ("\"\u{1F}\"", .controlCharacter, 1), (#""\a""#, .invalidEscape, 1), (#""\'""#, .invalidEscape, 1),
            (#""\U0041""#, .invalidEscape, 1), (#""\x41""#, .invalidEscape, 1), (#""\0""#, .invalidEscape, 1),
            (#""\u004""#, .invalidEscape, 1), (#""\u00 1""#, .invalidEscape, 1), (#""\u00g1""#, .invalidEscape, 1),
            (#""\u+041""#, .invalidEscape, 1), (#""\uD800""#, .loneSurrogate, 1), (#""\uDC00""#, .loneSurrogate, 1),
            (#""\uD800\uD800""#, .loneSurrogate, 1), (#""\uDC00\uD800""#, .loneSurrogate, 1),
            (#""\uD800\n""#, .loneSurrogate, 1), (#""\uD800x""#, .loneSurrogate, 1),
            (#""\uD800\u0041""#, .loneSurrogate, 1),
            (#"{"\uDFFF":1}"#, .loneSurrogate, 2),
        ] as [(String, JSONError.Kind, Int)]
    )
    func `a malformed string is refused`(text: String, kind: JSONError.Kind, offset: Int) {
        expectRefusal(text, kind, offset)
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xC3, 0xC3],
            [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF],
            [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x28, 0x80],
            [0xF0, 0x9F, 0x98, 0x28], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xF8, 0x88, 0x80, 0x80, 0x80],
            [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]]
    )
    func `malformed UTF-8 is refused at its first byte`(sequence: [UInt8]) {
        let document = Array("[\"ab".utf8) + sequence + Array("\"]".utf8)
        #expect(throws: JSONError(.invalidUTF8, at: 4)) { try JSONReader.validate(document.span, limit: 100) }
        #expect(foundationReading(document) == nil)
        let key = Array("{\"ab".utf8) + sequence + Array("\":1}".utf8)
        #expect(throws: JSONError(.invalidUTF8, at: 4)) { try JSONReader.validate(key.span, limit: 100) }
    }

    @Test func `a sequence cut by the end of the document is malformed`() {
        let document: [UInt8] = [0x22, 0xF0, 0x9F, 0x98]
        #expect(throws: JSONError(.invalidUTF8, at: 1)) { try JSONReader.validate(document.span, limit: 100) }
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("7", 7), ("-7", -7), ("4320", 4_320), ("9223372036854775807", Int.max),
            ("-9223372036854775808", Int.min), ("9223372036854775808", nil), ("-9223372036854775809", nil),
            ("99999999999999999999999", nil), ("1.0", nil), ("1e2", nil), ("0e0", nil), ("-1.5", nil),
        ] as [(String, Int?)]
    )
    func `an integer is one in plain notation that fits`(text: String, value: Int?) throws {
        let bytes = Array(text.utf8)
        var reader = try JSONReader(bytes.span, limit: 100)
        #expect(try reader.readNumber(in: bytes.span).integer(in: bytes.span) == value)
    }

    @Test func `an error says rule and place and nothing of the document`() {
        let bytes = Array(#"{"seed":"A84E2C\q"}"#.utf8)
        let error = #expect(throws: JSONError.self) { try JSONReader.validate(bytes.span, limit: 100) }
        #expect(error?.description == "malformed escape in a string at byte 15")
    }

    private func expectRefusal(_ text: String, _ kind: JSONError.Kind, _ offset: Int) {
        let bytes = Array(text.utf8)
        #expect(throws: JSONError(kind, at: offset), "\(text)") { try JSONTree(bytes) }
        #expect(throws: JSONError(kind, at: offset), "\(text)") { try JSONReader.validate(bytes.span, limit: 100) }
        #expect(foundationReading(bytes) == nil, "Foundation refuses \(text)")
    }
}
