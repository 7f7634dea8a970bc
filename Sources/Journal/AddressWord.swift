/// An IPv6 address in a text: its groups may have four hexadecimal digits, as a redemption code's have.
enum AddressWord {
    private static let groups = 8

    /// Where an address ends whose first group begins here: eight groups, or fewer with one double colon among or behind
    /// them (RFC 4291 section 2.2).
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
