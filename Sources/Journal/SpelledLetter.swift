import Notation

/// One letter of a text, however it is spelled: as it is, percent-encoded (again and again, as `%252D`), or as an escape of
/// JSON.
struct SpelledLetter {
    /// What it stands for; a hyphen for every kind of dash, a blank for every escape that is one, and 0 for what is none of
    /// ASCII.
    let byte: UInt8
    /// How many bytes it takes.
    let length: Int

    /// The letter that begins at a byte.
    init(in bytes: Span<UInt8>, at index: Int) {
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: "%"):
            self = Self.percentEncoded(in: bytes, at: index)
        case UInt8(ascii: "\\"): self = Self.escaped(in: bytes, at: index)
        // The dashes of word processors, U+2010 to U+2015.
        case 0xE2 where index + 2 < bytes.count && bytes[index + 1] == 0x80 && (0x90...0x95).contains(bytes[index + 2]):
            self.byte = UInt8(ascii: "-")
            length = 3
        default:
            self.byte = byte
            length = 1
        }
    }

    private init(byte: UInt8, length: Int) {
        self.byte = byte
        self.length = length
    }

    /// A percent sign may be encoded itself, as `%25`, as often as the text was encoded.
    private static func percentEncoded(in bytes: Span<UInt8>, at start: Int) -> SpelledLetter {
        var index = start
        while index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "2"), bytes[index + 2] == UInt8(ascii: "5") {
            index += 2
        }
        // No control character but a line's end or a tab: what begins a code may follow a percent sign, as in `%0F1E`.
        guard let value = hexadecimal(in: bytes, at: index + 1, count: 2), value >= 0x20 || [9, 10, 13].contains(value)
        else { return SpelledLetter(byte: UInt8(ascii: "%"), length: index + 1 - start) }
        return SpelledLetter(byte: UInt8(truncatingIfNeeded: value), length: index + 3 - start)
    }

    /// A text in a text has its backslashes escaped again, so that there may be many of them.
    private static func escaped(in bytes: Span<UInt8>, at start: Int) -> SpelledLetter {
        var index = start
        while index < bytes.count, bytes[index] == UInt8(ascii: "\\") { index += 1 }
        guard index < bytes.count else { return SpelledLetter(byte: UInt8(ascii: "\\"), length: index - start) }
        switch bytes[index] {
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "b"), UInt8(ascii: "f"):
            return SpelledLetter(byte: UInt8(ascii: " "), length: index + 1 - start)
        case UInt8(ascii: "u"):
            guard let value = hexadecimal(in: bytes, at: index + 1, count: 4) else { break }
            let byte = value < 0x80 ? UInt8(value) : (0x2010...0x2015).contains(value) ? UInt8(ascii: "-") : 0
            return SpelledLetter(byte: byte, length: index + 5 - start)
        case UInt8(ascii: "/"): return SpelledLetter(byte: UInt8(ascii: "/"), length: index + 1 - start)
        default: break
        }
        return SpelledLetter(byte: UInt8(ascii: "\\"), length: index - start)
    }

    private static func hexadecimal(in bytes: Span<UInt8>, at start: Int, count: Int) -> UInt16? {
        guard start + count <= bytes.count else { return nil }
        var value: UInt16 = 0
        for index in start..<start + count {
            guard let digit = Hexadecimal.value(of: bytes[index]) else { return nil }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    /// Whether it is a letter or a digit.
    var isWord: Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    /// Whether it is a hexadecimal digit.
    var isHexadecimal: Bool { Hexadecimal.value(of: byte) != nil }

    /// The letter in lower case.
    var lowered: UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
