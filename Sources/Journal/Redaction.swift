import Notation

/// Puts `***` in the place of seeds, codes and bearer tokens, in bytes that may be anything.
///
/// Whatever leaves goes through here as text: in which field a client put a secret does not matter. It is known
///
/// - by its form, wherever it stands (``SpelledText/secret(in:)``);
/// - in messages also by its key (``SecretKey``), so that one of no form, and one that was cut off, is hidden too.
///
/// Letters count as what they stand for, in percent-encoding and in JSON's escapes too (``SpelledText``). The time is
/// linear in the bytes.
package enum Redaction {
    private static let mark = Array("***".utf8)

    /// The bytes without what has a secret's form; what was JSON is JSON.
    package static func redacted(_ bytes: [UInt8]) -> [UInt8] {
        hide(in: bytes, keys: false) ?? bytes
    }

    /// The text without what has a secret's form.
    package static func redacted(_ text: String) -> String {
        hide(in: Array(text.utf8), keys: false).map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// A message's head or body without its secrets.
    static func redacted(message: some Sequence<UInt8>) -> [UInt8] {
        let all = Array(message)
        // Text in two bytes a character has a NUL beside each letter, and secrets must be found in it as well.
        let letters = all.contains(0) ? all.filter { $0 != 0 } : all
        return hide(in: letters, keys: true) ?? all
    }

    /// The bytes with marks in them; nil where there is nothing to hide.
    private static func hide(in bytes: [UInt8], keys: Bool) -> [UInt8]? {
        let text = SpelledText(bytes)
        var result: [UInt8] = []
        var (index, copied) = (0, 0)
        while let secret = next(in: text, of: bytes, from: index, keys: keys) {
            result += bytes[copied..<secret.lowerBound] + mark
            copied = secret.upperBound
            // A value that a key tells may end within a letter.
            while text.place(of: index..<index).lowerBound < copied { index += 1 }
        }
        guard copied > 0 else { return nil }
        return result + bytes[copied...]
    }

    /// Where in the bytes the first secret lies that begins at a letter or behind it.
    private static func next(in text: SpelledText, of bytes: [UInt8], from start: Int, keys: Bool) -> Range<Int>? {
        var index = start
        var isWithinName = false
        while index < text.count {
            guard text[index].isASCIIAlphanumeric else {
                isWithinName = text[index] == UInt8(ascii: "_")
                index += 1
                continue
            }
            if keys, !isWithinName, let value = SecretKey.value(in: text, of: bytes, at: index) { return value }
            let word = text.word(at: index)
            // Most words are none that could be one of an address's groups.
            if word.count <= 4, let end = AddressWord.end(in: text, at: index) {
                index = end
                continue
            }
            if let secret = text.secret(in: word) { return text.place(of: secret) }
            index = word.upperBound
            isWithinName = true
        }
        return nil
    }
}
