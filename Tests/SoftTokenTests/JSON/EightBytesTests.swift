import Notation
import SoftToken
import Testing

/// Texts are looked at eight bytes at a time and the rest one by one, so each rule is held at every place of both.
@Suite
struct `Texts read eight bytes at a time` {
    @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 17, 24], [0, 1, 6, 7, 8, 20])
    func `a string's rules hold at every place`(length: Int, bytesBehind: Int) {
        let behind = Array(repeating: UInt8(0x20), count: bytesBehind)
        let plain = Array("\"".utf8) + Array(repeating: 0x7F, count: length) + Array("\"".utf8)
        #expect(throws: Never.self) { try JSONReader.validate((plain + behind).span, limit: 100) }
        for place in 1..<(length + 1) {
            let faults: [(UInt8, JSONError.Kind, Int)] = [
                (0x00, .controlCharacter, place), (0x1F, .controlCharacter, place), (0x5C, .invalidEscape, place),
                (0x80, .invalidUTF8, place), (0xFF, .invalidUTF8, place), (0x22, .trailingBytes, place + 1),
            ]
            for (byte, kind, offset) in faults {
                var document = plain
                document[place] = byte
                let isAtEnd = byte == 0x5C && place == length
                guard !isAtEnd else { continue }
                #expect(throws: JSONError(kind, at: offset), "\(byte) at \(place)") {
                    try JSONReader.validate((document + behind).span, limit: 100)
                }
            }
        }
    }

    @Test(arguments: 1...18)
    func `what must be escaped is escaped at every place`(length: Int) {
        for place in 0..<length {
            for (character, escaped) in [("\"", #"\""#), ("\\", #"\\"#), ("\n", #"\n"#), ("\u{1F}", #"\u001F"#)] {
                let (before, after) = (String(repeating: "é~", count: place), String(repeating: " ", count: length))
                var writer = JSONWriter()
                writer.string(before + character + after)
                #expect(String(decoding: writer.finish(), as: UTF8.self) == "\"\(before)\(escaped)\(after)\"")
            }
        }
    }

    @Test(arguments: 1...16)
    func `each byte of a serial is checked`(length: Int) {
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-".utf8)
        for place in 0..<length {
            for byte in UInt8.min...UInt8.max {
                var bytes = Array(repeating: UInt8(ascii: "A"), count: length)
                bytes[place] = byte
                #expect((Serial(bytes.span) != nil) == allowed.contains(byte), "\(byte) at \(place) of \(length)")
                let isPacked = ASCII16(bytes.span) != nil
                #expect(isPacked == (0x21...0x7E).contains(byte), "\(byte) at \(place) of \(length)")
            }
        }
    }

    @Test(arguments: 0..<16)
    func `each byte of a token serial is checked`(place: Int) {
        let valid = Array("FTKMOB947FDC1754".utf8)
        for byte in UInt8.min...UInt8.max {
            var bytes = valid
            bytes[place] = byte
            let isDigit = "0123456789ABCDEF".utf8.contains(byte)
            #expect((TokenSerial(bytes.span) != nil) == (place < 6 ? byte == valid[place] : isDigit), "\(byte)")
        }
    }

    @Test(arguments: 0..<16)
    func `each digit of a number is read`(place: Int) {
        let digits = Array("0123456789ABCDEFabcdef".utf8)
        for byte in UInt8.min...UInt8.max {
            var bytes = Array("7fEDcba987654321".utf8)
            bytes[place] = byte
            let expected = digits.contains(byte) ? UInt64(String(decoding: bytes, as: UTF8.self), radix: 16) : nil
            #expect(Hexadecimal.number(in: bytes.span, at: 0, byteCount: 8) == expected, "\(byte)")
        }
    }

    @Test(arguments: [1, 2, 8, 15, 16, 17, 18, 40], [1, 7, 8, 9, 63, 64, 65])
    func `a key is a duplicate however many of its length stand before it`(count: Int, length: Int) throws {
        let names = (0..<count)
            .map { number in
                String(repeating: "k", count: max(0, length - 2)) + (number < 10 ? "0\(number)" : "\(number)")
            }
        let members = names.map { "\"\($0)\":0" }.joined(separator: ",")
        let distinct = Array("{\(members)}".utf8)
        #expect(throws: Never.self) { try JSONReader.validate(distinct.span, limit: 10_000) }
        for name in names {
            for repeated in [name, name.replacingLast(with: "\\u003\(name.suffix(1))")] {
                let document = Array("{\(members),\"\(repeated)\":0}".utf8)
                #expect(throws: JSONError(.duplicateKey, at: distinct.count), "\(repeated)") {
                    try JSONReader.validate(document.span, limit: 10_000)
                }
            }
        }
    }
}

extension String {
    fileprivate func replacingLast(with text: String) -> String { dropLast() + text }
}
