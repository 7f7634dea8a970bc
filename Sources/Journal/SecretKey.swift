/// The keys whose values are secret, wherever in a message they stand.
///
/// They are those of docs/protocol.md sections 3 and 10, others of the same meaning, and HTTP's own.
enum SecretKey {
    private static let keys = [
        "seed", "license_activation_code", "token_activation_code", "activation_code", "qr_code", "secret",
        "client_secret", "password", "access_token", "refresh_token",
    ]
    /// Fields whose values have blanks in them, and go on to the end of the line.
    private static let fields = ["authorization", "cookie"]

    /// Where the value lies of a secret whose key begins here; nil for none.
    static func value(in bytes: Span<UInt8>, at start: Int) -> Range<Int>? {
        let first = SpelledLetter(in: bytes, at: start).lowered
        for key in keys where key.utf8.first == first {
            guard let end = end(of: key, in: bytes, at: start) else { continue }
            return value(in: bytes, behind: end, toLineEnd: false)
        }
        for field in fields where field.utf8.first == first {
            guard let end = end(of: field, in: bytes, at: start) else { continue }
            return value(in: bytes, behind: end, toLineEnd: true)
        }
        return nil
    }

    /// Where a key ends that begins here, in letters of either case; nil where another word stands here.
    static func end(of key: String, in bytes: Span<UInt8>, at start: Int) -> Int? {
        var index = start
        for expected in key.utf8 {
            guard index < bytes.count else { return nil }
            let letter = SpelledLetter(in: bytes, at: index)
            guard letter.lowered == expected else { return nil }
            index += letter.length
        }
        guard index < bytes.count else { return index }
        let letter = SpelledLetter(in: bytes, at: index)
        return letter.isWord || letter.byte == UInt8(ascii: "_") ? nil : index
    }

    /// What a value stands in.
    private struct Quote {
        let byte: UInt8
        /// Whether the whole stands in a text of its own, where quotes are escaped.
        let isEscaped: Bool
    }

    /// The value behind a key that ends at `end`: what follows a colon or an equals sign; nil for none, and for `null`.
    private static func value(in bytes: Span<UInt8>, behind end: Int, toLineEnd: Bool) -> Range<Int>? {
        var isSeparated = false
        for index in end..<bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: ">"): isSeparated = true
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard isSeparated else { continue }
                let quote = Quote(byte: byte, isEscaped: bytes[index - 1] == UInt8(ascii: "\\"))
                return valueRange(in: bytes, from: index + 1, until: .quote(quote))
            case 0x0A, 0x0D:
                // An empty field's value is not the next line.
                if toLineEnd { return nil }
            case 0x09, 0x20, UInt8(ascii: "\\"): continue
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                // A value of several parts: all that follows may belong to it.
                return isSeparated ? index..<bytes.count : nil
            default:
                return isSeparated
                    ? valueRange(in: bytes, from: index, until: toLineEnd ? .lineEnd : .separator) : nil
            }
        }
        return nil
    }

    /// What ends a value.
    private enum End {
        case quote(Quote)
        case separator
        case lineEnd
    }

    private static func valueRange(in bytes: Span<UInt8>, from start: Int, until ending: End) -> Range<Int>? {
        var index = start
        scan: while index < bytes.count {
            let byte = bytes[index]
            switch ending {
            case .separator:
                if ends.contains(byte) { break scan }
            case .lineEnd:
                if byte == 0x0A || byte == 0x0D { break scan }
            case .quote(let quote):
                if byte == quote.byte { break scan }
                if byte == UInt8(ascii: "\\") {
                    if quote.isEscaped, index + 1 < bytes.count, bytes[index + 1] == quote.byte { break scan }
                    index += 1
                }
            }
            index += 1
        }
        let end = min(index, bytes.count)
        guard end > start else { return nil }
        return isNull(bytes, start..<end) ? nil : start..<end
    }

    private static func isNull(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count == 4 else { return false }
        for (index, letter) in zip(range, "null".utf8) where bytes[index] != letter { return false }
        return true
    }

    private static let ends = Set(",}]&;<\"' \t\r\n".utf8)
}

/// Finds a secret within a word that is longer than it: something was stuck to it, as in `coupon0F1E2D3C4B5A69788796`.
///
/// It is told from what is beside it by the letters that its alphabet has not: those that are no hexadecimal digits,
/// and small letters beside capitals. An activation code is also known by how it begins.
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

    /// What an activation code begins with: version 4, one of the two types of token, and of the flags only the two
    /// that are known (docs/protocol.md section 4).
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
