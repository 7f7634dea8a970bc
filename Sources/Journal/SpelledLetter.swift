import Notation

/// One letter of a text, however it is spelled: as it is, percent-encoded (again and again, as `%252D`), or as an
/// escape of JSON.
struct SpelledLetter {
    /// What it stands for; a hyphen for every kind of dash, a blank for every escape that is one, and 0 for what is
    /// none of ASCII.
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

/// Letters and digits in a row, summed up: how many they are, and of what kinds.
struct LetterRun {
    /// Where they stand.
    private(set) var range: Range<Int>
    /// How many they are.
    private(set) var count = 0
    private var first: UInt8 = 0
    private var second: UInt8 = 0
    private var kinds: Kinds = []

    /// What the letters are: a bit a kind that was seen, or that was seen to be missing.
    private struct Kinds: OptionSet {
        let rawValue: UInt8
        /// A letter that is no hexadecimal digit.
        static let foreignToHexadecimal = Kinds(rawValue: 1)
        /// One of those that Base32 leaves out.
        static let foreignToBase32 = Kinds(rawValue: 2)
        static let digit = Kinds(rawValue: 4)
        static let upper = Kinds(rawValue: 8)
        static let lower = Kinds(rawValue: 16)
        /// Something behind the fourth letter that is no digit.
        static let lateLetter = Kinds(rawValue: 32)
    }

    /// None yet, of those that may begin at a byte.
    init(at start: Int) {
        range = start..<start
    }

    /// The next one.
    mutating func take(_ letter: SpelledLetter, at index: Int) {
        if count == 0 {
            first = letter.lowered
            range = index..<index
        }
        if count == 1 { second = letter.lowered }
        if !letter.isHexadecimal { kinds.insert(.foreignToHexadecimal) }
        switch letter.byte {
        case 0x32...0x37: kinds.insert(.digit)
        case 0x30...0x39: kinds.formUnion([.digit, .foreignToBase32])
        case 0x41...0x5A: kinds.insert(.upper)
        default: kinds.insert(.lower)
        }
        if letter.byte > 0x39, count >= 4 { kinds.insert(.lateLetter) }
        count += 1
        range = range.lowerBound..<index + letter.length
    }

    private var isHexadecimal: Bool { !kinds.contains(.foreignToHexadecimal) }
    private var isBase32: Bool { !kinds.contains(.foreignToBase32) }
    /// A number is none of what is written with the same digits.
    private var isNumber: Bool { kinds.isDisjoint(with: [.upper, .lower]) }

    /// The digits of a redemption code, or those that a phone sends of an activation code, with a few letters stuck to
    /// them that are hexadecimal digits as well; a seed's, likewise.
    ///
    /// 32 are a UUID, and 64 a SHA-256.
    var isHexadecimalSecret: Bool {
        isHexadecimal && ((16..<32).contains(count) && !isNumber || (40..<64).contains(count))
    }

    /// A seed as authenticators read it, or the code for one that is offline.
    var isLongBase32: Bool {
        count >= 32 && isBase32 && !isHexadecimal && kinds.contains([.upper, .digit]) && !kinds.contains(.lower)
    }

    /// Sixteen letters of Base32 that are no license, and no serial of a unit or a token.
    var isActivationCode: Bool {
        guard count == 16, isBase32, !isNumber else { return false }
        // Version 4 and one of the two types of token, in the ten bits of the first two characters.
        let isOurs = first == UInt8(ascii: "e") && (UInt8(ascii: "e")...UInt8(ascii: "l")).contains(second)
        if kinds.contains(.upper), kinds.contains(.lower) { return isOurs && kinds.contains(.digit) }
        if kinds.contains(.lower) { return isOurs }
        // EFTM and twelve digits is a license; F begins the serials of units and of tokens.
        let isLicense = first == UInt8(ascii: "e") && kinds.contains(.digit) && !kinds.contains(.lateLetter)
        return !isLicense && first != UInt8(ascii: "f")
    }

    /// Whether they are `be` and four more, as `Bearer` is.
    var mayBeBearer: Bool { count == 6 && first == UInt8(ascii: "b") && second == UInt8(ascii: "e") }
}
