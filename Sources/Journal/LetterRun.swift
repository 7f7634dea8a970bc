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

    /// The digits of a redemption code, or those that a phone sends of an activation code, with a few letters stuck to them
    /// that are hexadecimal digits as well; a seed's, likewise.
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
