/// Puts `***` in the place of seeds and codes, in heads and bodies that may be anything.
///
/// What makes a secret is its key, looked for wherever it stands, so that broken JSON, forms and text hide theirs too: a
/// key, then a colon or an equals sign, then the value to its quote or to the next separator. Seeds and redemption codes
/// have a form of their own and are hidden wherever they stand.
enum Redaction {
    /// The keys of messages whose values are secret (PROTOCOL.md section 3).
    private static let keys = [
        "seed", "license_activation_code", "token_activation_code", "activation_code", "qr_code",
    ]
    .map { Array($0.utf8) }
    private static let mark = Array("***".utf8)
    /// Digits of a seed, alone or with a few more stuck to it; the 64 of a SHA-256 are none.
    private static let seedDigits = 40..<64

    /// The bytes without their secrets.
    static func redacted(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let all = Array(bytes)
        // Text in two bytes a character has a NUL beside each letter, and keys must be found in it as well.
        if all.contains(0) {
            let letters = all.filter { $0 != 0 }
            let hidden = redactedText(letters)
            return hidden == letters ? all : hidden
        }
        return redactedText(all)
    }

    private static func redactedText(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if let value = valueOfSecret(in: bytes, at: index) {
                result += bytes[index..<value.lowerBound]
                result += mark
                index = value.upperBound
            } else if let end = endOfForm(in: bytes, at: index) {
                result += mark
                index = end
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// Where the value lies of a secret whose key begins here.
    private static func valueOfSecret(in bytes: [UInt8], at start: Int) -> Range<Int>? {
        guard start == 0 || !isName(bytes[start - 1]) else { return nil }
        for key in keys {
            guard let end = matched(key, in: bytes, at: start), end == bytes.count || !isName(bytes[end]) else {
                continue
            }
            return value(in: bytes, behind: end)
        }
        return nil
    }

    /// Where a key ends that begins here, in letters of either case and in JSON's escapes.
    private static func matched(_ key: [UInt8], in bytes: [UInt8], at start: Int) -> Int? {
        var index = start
        for letter in key {
            guard index < bytes.count else { return nil }
            var byte = bytes[index]
            var length = 1
            if byte == UInt8(ascii: "\\"), let escaped = escapedLetter(in: bytes, at: index) {
                byte = escaped
                length = 6
            } else if byte == UInt8(ascii: "%"), let escaped = hexadecimal(bytes, index + 1, 2) {
                byte = escaped
                length = 3
            }
            let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            guard lower == letter else { return nil }
            index += length
        }
        return index
    }

    private static func escapedLetter(in bytes: [UInt8], at index: Int) -> UInt8? {
        guard index + 6 <= bytes.count, bytes[index + 1] == UInt8(ascii: "u"), bytes[index + 2] == UInt8(ascii: "0"),
            bytes[index + 3] == UInt8(ascii: "0")
        else { return nil }
        return hexadecimal(bytes, index + 4, 2)
    }

    private static func hexadecimal(_ bytes: [UInt8], _ start: Int, _ count: Int) -> UInt8? {
        guard start + count <= bytes.count else { return nil }
        var value: UInt8 = 0
        for byte in bytes[start..<start + count] {
            guard let digit = hexadecimalDigit(byte) else { return nil }
            value = value << 4 | digit
        }
        return value
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// What a value stands in.
    private struct Quote {
        let byte: UInt8
        /// Whether the whole stands in a text of its own, where quotes are escaped.
        let isEscaped: Bool
    }

    /// The value behind a key that ends at `end`: what follows a colon or an equals sign; nil for none, and for `null`.
    private static func value(in bytes: [UInt8], behind end: Int) -> Range<Int>? {
        var isSeparated = false
        for index in end..<bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: ">"): isSeparated = true
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard isSeparated else { continue }
                let quote = Quote(byte: byte, isEscaped: bytes[index - 1] == UInt8(ascii: "\\"))
                return valueRange(in: bytes, from: index + 1, quote: quote)
            case 0x09, 0x0A, 0x0D, 0x20, UInt8(ascii: "\\"): continue
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                // A value of several parts: all that follows may belong to it.
                return isSeparated ? index..<bytes.count : nil
            default: return isSeparated ? valueRange(in: bytes, from: index, quote: nil) : nil
            }
        }
        return nil
    }

    private static func valueRange(in bytes: [UInt8], from start: Int, quote: Quote?) -> Range<Int>? {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if let quote {
                if byte == quote.byte { break }
                if byte == UInt8(ascii: "\\") {
                    if quote.isEscaped, index + 1 < bytes.count, bytes[index + 1] == quote.byte { break }
                    index += 1
                }
            } else if Self.ends.contains(byte) {
                break
            }
            index += 1
        }
        let end = min(index, bytes.count)
        return end == start || bytes[start..<end].elementsEqual("null".utf8) ? nil : start..<end
    }

    private static let ends = Set(",}]&;<\"' \t\r\n".utf8)

    /// Where a seed's or a redemption code's digits end that begin here.
    private static func endOfForm(in bytes: [UInt8], at start: Int) -> Int? {
        guard hexadecimalDigit(bytes[start]) != nil, start == 0 || !isName(bytes[start - 1]) else { return nil }
        var index = start
        while index < bytes.count, hexadecimalDigit(bytes[index]) != nil { index += 1 }
        if seedDigits.contains(index - start) { return index }
        guard index - start == 4 else { return nil }
        for _ in 0..<4 {
            guard index < bytes.count, bytes[index] == UInt8(ascii: "-") else { return nil }
            index += 1
            let group = index
            while index < bytes.count, hexadecimalDigit(bytes[index]) != nil { index += 1 }
            guard index - group == 4 else { return nil }
        }
        return index
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
        default: false
        }
    }
}
