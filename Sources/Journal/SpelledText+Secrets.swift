import Notation

/// Letters and digits with nothing between them, and whether they have a secret's form (docs/protocol.md section 4).
///
/// - redemption codes: five or more groups of four hexadecimal digits, whatever stands between them (``CodeGroups``),
///   or twenty digits
/// - seeds: 40 to 63 hexadecimal digits; 32 or more characters of Base32, in capitals
/// - activation codes: 16 characters of Base32, or the 16 hexadecimal digits that a phone sends
/// - bearer tokens: what follows `Bearer`
///
/// Other letters may be stuck to all but the last (``EmbeddedSecret``). Where these are hexadecimal digits too, nothing
/// tells them apart, so that everything of 16 to 31 such digits is hidden.
///
/// Left to be read are the names of units (which begin with F), licenses and tokens, numbers, the 64 digits of a
/// SHA-256 and of a phone's registration, UUIDs, the three parts of a JA4, and IPv6 addresses (``AddressWord``). A
/// SHA-1, and an identifier of 16 digits, can't be told from a secret and are hidden.
extension SpelledText {
    /// Where a secret lies that begins in a word; nil for none.
    func secret(in word: Range<Int>) -> Range<Int>? {
        let digits = trailingDigits(of: word)
        guard digits >= 4, let code = CodeGroups.find(in: self, at: word.upperBound - 4, endOf: digits) else {
            return secretWithin(word)
        }
        guard let secret = secretWithin(word) else { return code }
        // The first group may end what is a secret by itself.
        return secret.upperBound < code.lowerBound ? secret : min(secret.lowerBound, code.lowerBound)..<code.upperBound
    }

    /// How many hexadecimal digits a word ends with.
    private func trailingDigits(of word: Range<Int>) -> Int {
        var start = word.upperBound
        while start > word.lowerBound, self[start - 1].isHexadecimal { start -= 1 }
        return word.upperBound - start
    }

    private func secretWithin(_ word: Range<Int>) -> Range<Int>? {
        guard word.count >= 16 else { return word.count == 6 ? bearerToken(behind: word) : nil }
        let run = LetterRun(letters: letters[word])
        if run.isHexadecimalSecret || run.isActivationCode || run.isLongBase32 { return word }
        guard word.count > 16, let secret = EmbeddedSecret.find(in: self, within: word) else { return nil }
        return word.count > Self.longest ? secret.lowerBound..<word.upperBound : secret
    }

    /// What follows a secret in a longer word is hidden with it: to read such a word again from behind each of its
    /// secrets would take the square of its length.
    private static let longest = 512

    /// The shortest token that is one; the admin plane takes none that is shorter, and "bearer" is a word of prose as
    /// well.
    private static let shortestToken = 16

    private func bearerToken(behind word: Range<Int>) -> Range<Int>? {
        guard end(of: "bearer", at: word.lowerBound) == word.upperBound else { return nil }
        // Blanks, in whatever spelling; a few, so that a long run of them is not gone through again and again.
        let blanks = letters[word.upperBound...].prefix(8).prefix { " \t+:=\"".utf8.contains($0) }
        let token = letters[blanks.endIndex...].prefix { $0.isASCIIAlphanumeric || "-._~+/=".utf8.contains($0) }
        return !blanks.isEmpty && token.count >= Self.shortestToken ? token.indices : nil
    }
}

/// Letters and digits in a row, and whether they are a secret by themselves.
struct LetterRun {
    let letters: ArraySlice<UInt8>

    private var isHexadecimal: Bool { letters.allSatisfy(\.isHexadecimal) }
    /// Base32 has only some of the digits.
    private var isBase32: Bool { !letters.contains { $0.isASCIIDigit && !(0x32...0x37).contains($0) } }
    /// A number is none of what is written with the same digits.
    private var isNumber: Bool { letters.allSatisfy(\.isASCIIDigit) }
    private var hasDigit: Bool { letters.contains(where: \.isASCIIDigit) }
    private var hasUpper: Bool { letters.contains(where: \.isASCIIUppercase) }
    private var hasLower: Bool { letters.contains(where: \.isASCIILowercase) }

    /// The digits of a redemption code, or those that a phone sends of an activation code, with a few letters stuck to
    /// them that are hexadecimal digits as well; a seed's, likewise.
    ///
    /// 32 are a UUID, and 64 a SHA-256.
    var isHexadecimalSecret: Bool {
        (16..<32).contains(letters.count) && isHexadecimal && !isNumber
            || (40..<64).contains(letters.count) && isHexadecimal
    }

    /// A seed as authenticators read it, or the code for one that is offline.
    var isLongBase32: Bool {
        letters.count >= 32 && isBase32 && !isHexadecimal && hasUpper && hasDigit && !hasLower
    }

    /// Sixteen letters of Base32 that are no license, and no serial of a unit or a token.
    var isActivationCode: Bool {
        guard letters.count == 16, isBase32, !isNumber else { return false }
        let (first, second) = (letters[letters.startIndex].lowered, letters[letters.startIndex + 1].lowered)
        // Version 4 and one of the two types of token, in the ten bits of the first two characters.
        let isOurs = first == UInt8(ascii: "e") && (UInt8(ascii: "e")...UInt8(ascii: "l")).contains(second)
        if hasUpper, hasLower { return isOurs && hasDigit }
        if hasLower { return isOurs }
        // EFTM and twelve digits is a license; F begins the serials of units and of tokens.
        let isLicense = first == UInt8(ascii: "e") && hasDigit && letters.dropFirst(4).allSatisfy(\.isASCIIDigit)
        return !isLicense && first != UInt8(ascii: "f")
    }
}

/// Finds a secret within a word that is longer than it: something was stuck to it, as in `coupon0F1E2D3C4B5A69788796`.
///
/// It is told from what is beside it by the letters that its alphabet has not: those that are no hexadecimal digits,
/// and small letters beside capitals. An activation code is also known by how it begins.
enum EmbeddedSecret {
    /// Where the first one lies in a word; nil for none.
    static func find(in text: SpelledText, within word: Range<Int>) -> Range<Int>? {
        // Where what may be a secret begins: of hexadecimal digits, and of what Base32 has without small letters.
        var (digits, capitals) = (word.lowerBound, word.lowerBound)
        func run(_ range: Range<Int>) -> LetterRun { LetterRun(letters: text.letters[range]) }
        func isCapitalSecret(_ range: Range<Int>) -> Bool {
            run(range).isActivationCode || run(range).isLongBase32
        }
        for index in word {
            let letter = text[index]
            if !letter.isHexadecimal {
                if run(digits..<index).isHexadecimalSecret { return digits..<index }
                digits = index + 1
            }
            if !letter.isASCIIUppercase, !(0x32...0x37).contains(letter) {
                if isCapitalSecret(capitals..<index) { return capitals..<index }
                capitals = index + 1
            }
            if letter.lowered == UInt8(ascii: "e"), isActivationCode(text.letters[index...].prefix(16)) {
                return index..<index + 16
            }
        }
        if run(digits..<word.upperBound).isHexadecimalSecret { return digits..<word.upperBound }
        return isCapitalSecret(capitals..<word.upperBound) ? capitals..<word.upperBound : nil
    }

    /// What an activation code begins with: version 4, one of the two types of token, and of the flags only the two
    /// that are known (docs/protocol.md section 4).
    ///
    /// Two letters alone would be found in too many names.
    private static let beginning = ["e", "ei", "aiqy"]

    /// Whether these are an activation code, in letters of one case, a digit among them.
    private static func isActivationCode(_ letters: ArraySlice<UInt8>) -> Bool {
        guard letters.count == 16, zip(letters, beginning).allSatisfy({ $1.utf8.contains($0.lowered) }) else {
            return false
        }
        let (hasUpper, hasLower) = (
            letters.contains(where: \.isASCIIUppercase), letters.contains(where: \.isASCIILowercase)
        )
        return hasUpper != hasLower && letters.contains(where: \.isASCIIDigit)
            && letters.allSatisfy { $0.isASCIIUppercase || $0.isASCIILowercase || (0x32...0x37).contains($0) }
    }
}

/// An IPv6 address in a text: its groups may have four hexadecimal digits, as a redemption code's have.
enum AddressWord {
    private static let groups = 8

    /// Where an address ends whose first group begins here: eight groups, or fewer with one double colon among or
    /// behind them (RFC 4291 section 2.2).
    ///
    /// Nil where something else stands here.
    static func end(in text: SpelledText, at start: Int) -> Int? {
        func isColon(at index: Int) -> Bool { index < text.count && text[index] == UInt8(ascii: ":") }
        var index = start
        var isShortened = false
        for number in 1...groups {
            let start = index
            while index < text.count, text[index].isHexadecimal { index += 1 }
            let isGroup = (1...4).contains(index - start) && !(index < text.count && text[index].isASCIIAlphanumeric)
            guard isGroup else { return isShortened ? start : nil }
            guard number < groups else { return index }
            guard isColon(at: index) else { return isShortened ? index : nil }
            index += 1
            guard isColon(at: index) else { continue }
            guard !isShortened else { return nil }
            isShortened = true
            index += 1
        }
        return nil
    }
}
