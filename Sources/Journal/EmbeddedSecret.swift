/// Finds a secret within a word that is longer than it: something was stuck to it, as in `coupon0F1E2D3C4B5A69788796`.
///
/// It is told from what is beside it by the letters that its alphabet has not: those that are no hexadecimal digits, and
/// small letters beside capitals. An activation code is also known by how it begins.
struct EmbeddedSecret {
    private var digits: LetterRun
    private var capitals: LetterRun

    private init(at start: Int) {
        digits = LetterRun(at: start)
        capitals = LetterRun(at: start)
    }

    /// Where the first one lies in a word; nil for none.
    static func find(in bytes: Span<UInt8>, within word: Range<Int>) -> Range<Int>? {
        var search = EmbeddedSecret(at: word.lowerBound)
        var index = word.lowerBound
        while index < word.upperBound {
            let letter = SpelledLetter(in: bytes, at: index)
            if let secret = search.secret(before: letter, at: index) { return secret }
            if letter.lowered == UInt8(ascii: "e"), let code = activationCode(in: bytes, at: index) { return code }
            index += letter.length
        }
        return search.digits.isHexadecimalSecret ? search.digits.range : search.capitalSecret
    }

    /// Takes the next letter, which may end a secret.
    private mutating func secret(before letter: SpelledLetter, at index: Int) -> Range<Int>? {
        if letter.isHexadecimal {
            digits.take(letter, at: index)
        } else {
            if digits.isHexadecimalSecret { return digits.range }
            digits = LetterRun(at: index)
        }
        switch letter.byte {
        case 0x32...0x37, 0x41...0x5A: capitals.take(letter, at: index)
        default:
            if let capitalSecret { return capitalSecret }
            capitals = LetterRun(at: index)
        }
        return nil
    }

    private var capitalSecret: Range<Int>? {
        capitals.isActivationCode || capitals.isLongBase32 ? capitals.range : nil
    }

    /// What an activation code begins with: version 4, one of the two types of token, and of the flags only the two that are
    /// known (docs/protocol.md section 4).
    ///
    /// Two letters alone would be found in too many names.
    private static let beginning = ["e", "ei", "aiqy"].map { Array($0.utf8) }

    /// Where an activation code ends that begins here, in letters of one case, a digit among them.
    private static func activationCode(in bytes: Span<UInt8>, at start: Int) -> Range<Int>? {
        var index = start
        var (hasDigit, hasUpper, hasLower) = (false, false, false)
        for place in 0..<16 {
            guard index < bytes.count else { return nil }
            let letter = SpelledLetter(in: bytes, at: index)
            guard place >= beginning.count || beginning[place].contains(letter.lowered) else { return nil }
            switch letter.byte {
            case 0x32...0x37: hasDigit = true
            case 0x41...0x5A: hasUpper = true
            case 0x61...0x7A: hasLower = true
            default: return nil
            }
            index += letter.length
        }
        return hasDigit && hasUpper != hasLower ? start..<index : nil
    }
}
