/// Puts `***` in the place of seeds, codes and bearer tokens, in bytes that may be anything.
///
/// Whatever leaves goes through here as text: in which field a client put a secret does not matter. It is known
///
/// - by its form, wherever it stands (``SecretWord``);
/// - in messages also by its key (``SecretKey``), so that one of no form, and one that was cut off, is hidden too.
///
/// Letters count as what they stand for, in percent-encoding and in JSON's escapes too (``SpelledLetter``). The time is
/// linear in the bytes, and where there is nothing to hide nothing is copied.
package enum Redaction {
    private static let mark = Array("***".utf8)

    /// The bytes without what has a secret's form; what was JSON is JSON.
    package static func redacted(_ bytes: [UInt8]) -> [UInt8] {
        hide(in: bytes.span, keys: false) ?? bytes
    }

    /// The text without what has a secret's form.
    package static func redacted(_ text: String) -> String {
        hide(in: Array(text.utf8).span, keys: false).map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// A message's head or body without its secrets.
    static func redacted(message: some Sequence<UInt8>) -> [UInt8] {
        let all = Array(message)
        // Text in two bytes a character has a NUL beside each letter, and secrets must be found in it as well.
        let letters = all.contains(0) ? all.filter { $0 != 0 } : all
        return hide(in: letters.span, keys: true) ?? all
    }

    /// The bytes with marks in them; nil where there is nothing to hide.
    private static func hide(in bytes: Span<UInt8>, keys: Bool) -> [UInt8]? {
        guard var secret = next(in: bytes, from: 0, keys: keys) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var copied = 0
        while true {
            for index in copied..<secret.lowerBound { result.append(bytes[index]) }
            result += mark
            copied = secret.upperBound
            guard let following = next(in: bytes, from: copied, keys: keys) else { break }
            secret = following
        }
        for index in copied..<bytes.count { result.append(bytes[index]) }
        return result
    }

    /// Where the first secret lies that begins at `start` or behind it.
    private static func next(in bytes: Span<UInt8>, from start: Int, keys: Bool) -> Range<Int>? {
        var index = start
        var isWithinName = false
        while index < bytes.count {
            let letter = SpelledLetter(in: bytes, at: index)
            guard letter.isWord else {
                isWithinName = letter.byte == UInt8(ascii: "_")
                index += letter.length
                continue
            }
            if keys, !isWithinName, let value = SecretKey.value(in: bytes, at: index) { return value }
            let word = SecretWord(in: bytes, at: index)
            if let end = word.addressEnd(in: bytes) {
                index = end
                continue
            }
            if let secret = word.secret(in: bytes) { return secret }
            index = word.range.upperBound
            isWithinName = true
        }
        return nil
    }
}
