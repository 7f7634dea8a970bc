/// Letters and digits without anything between them, and whether they have a secret's form (PROTOCOL.md section 4).
///
/// | hidden | form |
/// | --- | --- |
/// | redemption codes | five or more groups of four hexadecimal digits, or twenty digits |
/// | seeds | 40 to 63 hexadecimal digits, also with other letters beside them; 32 or 64 characters of Base32 |
/// | activation codes | 16 characters of Base32, or the 16 hexadecimal digits that a phone sends |
/// | bearer tokens | what follows `Bearer` |
///
/// Left to be read are the names of units (which begin with F), licenses and tokens, numbers, the 64 digits of a SHA-256
/// and of a phone's registration, UUIDs, and the three parts of a JA4. A SHA-1, and an identifier of 16 digits, can't be
/// told from a secret and are hidden.
struct SecretWord {
    /// Where it stands.
    let range: Range<Int>
    private let count: Int
    private let first: UInt8
    private let second: UInt8
    /// Where a run of a seed's length stands in it.
    private let seed: Range<Int>?
    private let kinds: Kinds

    /// What its letters are: a bit a kind that was seen, or that was seen to be missing.
    private struct Kinds: OptionSet {
        let rawValue: UInt8
        /// A letter that is no hexadecimal digit.
        static let foreignToHexadecimal = Kinds(rawValue: 1)
        /// One of those that Base32 leaves out.
        static let foreignToBase32 = Kinds(rawValue: 2)
        static let digit = Kinds(rawValue: 4)
        static let upper = Kinds(rawValue: 8)
        static let lower = Kinds(rawValue: 16)
        /// A digit that is none of Base32.
        static let otherThanDigit = Kinds(rawValue: 32)
        /// Something behind the fourth letter that is no digit.
        static let lateLetter = Kinds(rawValue: 64)
    }

    /// A seed's digits, alone or with a few more stuck to it; the 64 of a SHA-256 are none.
    private static let seedDigits = 40..<64

    /// Reads the word that begins at a byte.
    init(in bytes: Span<UInt8>, at start: Int) {
        var index = start
        var count = 0
        var (first, second): (UInt8, UInt8) = (0, 0)
        var kinds: Kinds = []
        var seed: Range<Int>?
        var (runStart, run) = (start, 0)
        while index < bytes.count {
            let letter = SpelledLetter(in: bytes, at: index)
            guard letter.isWord else { break }
            if count == 0 { first = letter.lowered }
            if count == 1 { second = letter.lowered }
            if letter.isHexadecimal {
                if run == 0 { runStart = index }
                run += 1
            } else {
                kinds.insert(.foreignToHexadecimal)
                if Self.seedDigits.contains(run) { seed = runStart..<index }
                run = 0
            }
            switch letter.byte {
            case 0x32...0x37: kinds.insert(.digit)
            case 0x30...0x39: kinds.formUnion([.digit, .foreignToBase32])
            case 0x41...0x5A: kinds.insert(.upper)
            default: kinds.insert(.lower)
            }
            if letter.byte > 0x39 {
                kinds.insert(.otherThanDigit)
                if count >= 4 { kinds.insert(.lateLetter) }
            }
            count += 1
            index += letter.length
        }
        if Self.seedDigits.contains(run) { seed = runStart..<index }
        range = start..<index
        self.count = count
        self.first = first
        self.second = second
        self.seed = seed
        self.kinds = kinds
    }

    private var isHexadecimal: Bool { !kinds.contains(.foreignToHexadecimal) }
    private var isBase32: Bool { !kinds.contains(.foreignToBase32) }
    /// A number is none of what is written with the same digits.
    private var isNumber: Bool { !kinds.contains(.otherThanDigit) }

    /// Where a secret lies that begins with this word.
    func secret(in bytes: Span<UInt8>) -> Range<Int>? {
        if let seed { return seed }
        switch count {
        case 4 where isHexadecimal: return groups(in: bytes)
        case 6 where first == UInt8(ascii: "b") && second == UInt8(ascii: "e"): return bearerToken(in: bytes)
        case 16 where isHexadecimal && !isNumber || isActivationCode: return range
        case 20 where isHexadecimal && !isNumber: return range
        case 32 where isLongBase32, 64 where isLongBase32: return range
        default: return nil
        }
    }

    /// A seed as authenticators read it, or the code for one that is offline.
    private var isLongBase32: Bool {
        isBase32 && !isHexadecimal && kinds.contains([.upper, .digit]) && !kinds.contains(.lower)
    }

    private var isActivationCode: Bool {
        guard isBase32, !isNumber else { return false }
        // Version 4 and one of the two types of token, in the ten bits of the first two characters.
        let isOurs = first == UInt8(ascii: "e") && (UInt8(ascii: "e")...UInt8(ascii: "l")).contains(second)
        if kinds.contains(.upper), kinds.contains(.lower) { return isOurs && kinds.contains(.digit) }
        if kinds.contains(.lower) { return isOurs }
        // EFTM and twelve digits is a license; F begins the serials of units and of tokens.
        let isLicense = first == UInt8(ascii: "e") && kinds.contains(.digit) && !kinds.contains(.lateLetter)
        return !isLicense && first != UInt8(ascii: "f")
    }

    /// This group and those that follow it, where they are five or more.
    private func groups(in bytes: Span<UInt8>) -> Range<Int>? {
        var end = range.upperBound
        var groups = 1
        var isMarked = !isNumber
        var areHyphens = true
        while end < bytes.count {
            let separator = SpelledLetter(in: bytes, at: end)
            guard "-_ +.".utf8.contains(separator.byte) else { break }
            var index = end + separator.length
            var digits = 0
            var hasLetter = false
            while index < bytes.count {
                let letter = SpelledLetter(in: bytes, at: index)
                guard letter.isWord else { break }
                guard letter.isHexadecimal, digits < 4 else {
                    digits = 5
                    break
                }
                if letter.byte > 0x39 { hasLetter = true }
                digits += 1
                index += letter.length
            }
            guard digits == 4 else { break }
            if separator.byte != UInt8(ascii: "-") { areHyphens = false }
            if hasLetter { isMarked = true }
            groups += 1
            end = index
        }
        // Numbers stand side by side for many reasons; between hyphens they are a code all the same.
        return groups >= 5 && (isMarked || areHyphens) ? range.lowerBound..<end : nil
    }

    /// The shortest token that is one; the admin plane takes none that is shorter, and "bearer" is a word of prose as well.
    private static let shortestToken = 16

    private func bearerToken(in bytes: Span<UInt8>) -> Range<Int>? {
        guard SecretKey.end(of: "bearer", in: bytes, at: range.lowerBound) == range.upperBound else { return nil }
        var index = range.upperBound
        // Blanks, in whatever spelling; a few, so that a long run of them is not gone through again and again.
        for _ in 0..<8 where index < bytes.count {
            let letter = SpelledLetter(in: bytes, at: index)
            guard " \t+:=\"".utf8.contains(letter.byte) else { break }
            index += letter.length
        }
        let start = index
        var count = 0
        while index < bytes.count {
            let letter = SpelledLetter(in: bytes, at: index)
            guard letter.isWord || "-._~+/=".utf8.contains(letter.byte) else { break }
            count += 1
            index += letter.length
        }
        return start > range.upperBound && count >= Self.shortestToken ? start..<index : nil
    }
}
