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
struct SecretWord {
    /// All of its letters.
    private var letters: LetterRun
    /// How many hexadecimal digits it ends with, and where the last four of its letters begin.
    private var digits = 0
    private var lastFour: (Int, Int, Int, Int)

    /// Where it stands.
    var range: Range<Int> { letters.range }

    /// Reads the word that begins at a byte.
    init(in bytes: Span<UInt8>, at start: Int) {
        letters = LetterRun(at: start)
        lastFour = (start, start, start, start)
        var index = start
        while index < bytes.count {
            let letter = SpelledLetter(in: bytes, at: index)
            guard letter.isWord else { break }
            letters.take(letter, at: index)
            digits = letter.isHexadecimal ? digits + 1 : 0
            lastFour = (lastFour.1, lastFour.2, lastFour.3, index)
            index += letter.length
        }
    }

    /// Where an address ends that begins with this word; nil where it begins none.
    func addressEnd(in bytes: Span<UInt8>) -> Int? {
        // Most words are none that could be one of its groups.
        letters.count <= 4 && digits == letters.count ? AddressWord.end(in: bytes, at: range.lowerBound) : nil
    }

    /// Where a secret lies that begins in this word.
    func secret(in bytes: Span<UInt8>) -> Range<Int>? {
        let word = wordSecret(in: bytes)
        guard digits >= 4, let code = CodeGroups.find(in: bytes, at: lastFour.0, endOf: digits) else { return word }
        guard let word else { return code }
        // The first group may end what is a secret by itself.
        return word.upperBound < code.lowerBound ? word : min(word.lowerBound, code.lowerBound)..<code.upperBound
    }

    private func wordSecret(in bytes: Span<UInt8>) -> Range<Int>? {
        if letters.isHexadecimalSecret || letters.isActivationCode || letters.isLongBase32 { return range }
        if letters.mayBeBearer { return bearerToken(in: bytes) }
        guard letters.count > 16, let secret = EmbeddedSecret.find(in: bytes, within: range) else { return nil }
        return letters.count > Self.longest ? secret.lowerBound..<range.upperBound : secret
    }

    /// What follows a secret in a longer word is hidden with it: to read such a word again from behind each of its
    /// secrets would take the square of its length.
    private static let longest = 512

    /// The shortest token that is one; the admin plane takes none that is shorter, and "bearer" is a word of prose as
    /// well.
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

/// An IPv6 address in a text: its groups may have four hexadecimal digits, as a redemption code's have.
enum AddressWord {
    private static let groups = 8

    /// Where an address ends whose first group begins here: eight groups, or fewer with one double colon among or
    /// behind them (RFC 4291 section 2.2).
    ///
    /// Nil where something else stands here.
    static func end(in bytes: Span<UInt8>, at start: Int) -> Int? {
        var index = start
        var isShortened = false
        for number in 1...groups {
            guard let end = groupEnd(in: bytes, at: index) else { return isShortened ? index : nil }
            if number == groups { return end }
            guard isColon(in: bytes, at: end) else { return isShortened ? end : nil }
            index = end + SpelledLetter(in: bytes, at: end).length
            guard isColon(in: bytes, at: index) else { continue }
            guard !isShortened else { return nil }
            isShortened = true
            index += SpelledLetter(in: bytes, at: index).length
        }
        return nil
    }

    /// Where a group of one to four digits ends that is a word of its own.
    private static func groupEnd(in bytes: Span<UInt8>, at start: Int) -> Int? {
        var index = start
        var digits = 0
        while index < bytes.count {
            let letter = SpelledLetter(in: bytes, at: index)
            guard letter.isWord else { break }
            guard letter.isHexadecimal, digits < 4 else { return nil }
            digits += 1
            index += letter.length
        }
        return digits > 0 ? index : nil
    }

    private static func isColon(in bytes: Span<UInt8>, at index: Int) -> Bool {
        index < bytes.count && SpelledLetter(in: bytes, at: index).byte == UInt8(ascii: ":")
    }
}
