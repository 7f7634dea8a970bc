/// A redemption code in groups: five of four hexadecimal digits, or more, with something between them.
///
/// Something may be stuck to the first of them and to the fifth, as in `coupon0F1E-2D3C-4B5A-6978-8796x`.
struct CodeGroups {
    /// One group, as much of it as tells whether it is one.
    private struct Group {
        /// Where its first four digits end.
        var end = 0
        /// How many hexadecimal digits it begins with; no more are counted than a UUID's last group has, and one.
        var digits = 0
        var hasLetter = false
        /// Whether it is four digits and nothing else.
        var isWhole = false

        init(in bytes: Span<UInt8>, at start: Int) {
            var index = start
            while digits <= CodeGroups.uuidEnds.last, index < bytes.count {
                let letter = SpelledLetter(in: bytes, at: index)
                guard letter.isHexadecimal else {
                    isWhole = digits == 4 && !letter.isWord
                    return
                }
                digits += 1
                index += letter.length
                guard digits <= 4 else { continue }
                end = index
                if letter.byte > 0x39 { hasLetter = true }
            }
            isWhole = digits == 4
        }
    }

    /// What stands between two groups.
    private struct Separator {
        /// So much is no separator any more: an encoded dash between blanks takes five.
        private static let longest = 8

        var end: Int
        var count = 0
        var areHyphens = true
        var hasColon = false

        /// Nil where nothing, too much or a border of JSON stands there: what is hidden must leave JSON what it is.
        init?(in bytes: Span<UInt8>, at start: Int) {
            end = start
            while end < bytes.count {
                let letter = SpelledLetter(in: bytes, at: end)
                if letter.isWord { break }
                let isBorder = letter.length == 1 && "\"[]{}".utf8.contains(letter.byte)
                guard count < Self.longest, !isBorder else { return nil }
                if letter.byte != UInt8(ascii: "-") { areHyphens = false }
                if letter.byte == UInt8(ascii: ":") { hasColon = true }
                count += 1
                end += letter.length
            }
            guard count > 0 else { return nil }
        }
    }

    /// How many digits the first and the last group of a UUID have.
    private static let uuidEnds = (first: 8, last: 12)

    private var end: Int
    private var groups = 1
    private var last: Group
    private var areHyphens = true
    private var hasLetter: Bool
    private var hasColons: Bool?
    private var areSingle = true

    private init(_ first: Group) {
        end = first.end
        last = first
        hasLetter = first.hasLetter
    }

    /// Where a code lies whose first group begins at `start` and ends its word.
    ///
    /// - Parameters:
    ///   - bytes: The text.
    ///   - start: Where the last four letters of a word begin, which are hexadecimal digits.
    ///   - digits: How many such digits the word ends with.
    /// - Returns: The code's place; nil where there is none.
    static func find(in bytes: Span<UInt8>, at start: Int, endOf digits: Int) -> Range<Int>? {
        var code = CodeGroups(Group(in: bytes, at: start))
        while code.groups < 5 {
            guard code.takeNext(in: bytes) else { return nil }
            guard code.groups == 5 || code.last.isWhole else { return nil }
        }
        let isUUID = code.areSingle && digits == uuidEnds.first && code.last.digits == uuidEnds.last
        // Numbers stand side by side for many reasons; between hyphens they are a code all the same.
        guard !isUUID, code.hasLetter || code.areHyphens else { return nil }
        // What is stuck to a code ends it.
        var end = code.end
        while code.last.isWhole, code.takeNext(in: bytes), code.last.isWhole { end = code.end }
        return start..<end
    }

    /// Goes on to the group that follows; whether there is one.
    private mutating func takeNext(in bytes: Span<UInt8>) -> Bool {
        // A colon is part of addresses too, which are no code's groups together with what stands before them.
        guard let separator = Separator(in: bytes, at: end), hasColons ?? separator.hasColon == separator.hasColon
        else { return false }
        let group = Group(in: bytes, at: separator.end)
        guard group.digits >= 4 else { return false }
        hasColons = separator.hasColon
        if separator.count > 1 { areSingle = false }
        if !separator.areHyphens { areHyphens = false }
        if group.hasLetter { hasLetter = true }
        groups += 1
        last = group
        end = group.end
        return true
    }
}
