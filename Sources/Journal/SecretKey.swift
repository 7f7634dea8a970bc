/// The keys whose values are secret, wherever in a message they stand.
///
/// They are those of docs/protocol.md sections 3 and 10, others of the same meaning, and HTTP's own.
enum SecretKey {
    private static let keys = [
        "seed", "license_activation_code", "token_activation_code", "activation_code", "qr_code", "secret",
        "client_secret", "password", "access_token", "refresh_token", "authorization", "cookie",
    ]
    /// Those whose values have blanks in them, and go on to the end of the line.
    private static let fields = ["authorization", "cookie"]

    /// Where in the bytes the value lies of a secret whose key begins at a letter; nil for none.
    static func value(in text: SpelledText, of bytes: [UInt8], at start: Int) -> Range<Int>? {
        let first = text[start].lowered
        for key in keys where key.utf8.first == first {
            guard let end = text.end(of: key, at: start) else { continue }
            return value(in: bytes, behind: text.place(of: start..<end).upperBound, toLineEnd: fields.contains(key))
        }
        return nil
    }

    private static let lineEnds = Set("\r\n".utf8)
    private static let ends = Set(",}]&;<\"' \t\r\n".utf8)

    /// The value behind a key that ends at `end`: what follows a colon or an equals sign; nil for none, and for `null`.
    private static func value(in bytes: [UInt8], behind end: Int, toLineEnd: Bool) -> Range<Int>? {
        var isSeparated = false
        for index in end..<bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: ">"): isSeparated = true
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard isSeparated else { continue }
                let isEscaped = bytes[index - 1] == UInt8(ascii: "\\")
                return filled(index + 1..<quoteEnd(in: bytes, from: index + 1, byte, isEscaped: isEscaped), in: bytes)
            case 0x0A, 0x0D:
                // An empty field's value is not the next line.
                if toLineEnd { return nil }
            case 0x09, 0x20, UInt8(ascii: "\\"): continue
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                // A value of several parts: all that follows may belong to it.
                return isSeparated ? index..<bytes.count : nil
            default:
                guard isSeparated else { return nil }
                let ends = toLineEnd ? lineEnds : ends
                var end = index
                while end < bytes.count, !ends.contains(bytes[end]) { end += 1 }
                return filled(index..<end, in: bytes)
            }
        }
        return nil
    }

    /// Where the quote stands that ends a value; where the whole stands in a text of its own, quotes are escaped.
    private static func quoteEnd(in bytes: [UInt8], from start: Int, _ quote: UInt8, isEscaped: Bool) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != quote {
            if bytes[index] == UInt8(ascii: "\\") {
                if isEscaped, index + 1 < bytes.count, bytes[index + 1] == quote { break }
                index += 1
            }
            index += 1
        }
        return min(index, bytes.count)
    }

    /// A value that says something.
    private static func filled(_ range: Range<Int>, in bytes: [UInt8]) -> Range<Int>? {
        guard !range.isEmpty, range.count != 4 || !bytes[range].elementsEqual("null".utf8) else {
            return nil
        }
        return range
    }
}
