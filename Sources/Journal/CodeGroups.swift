import Notation

/// A redemption code in groups: five of four hexadecimal digits, or more, with something between them.
///
/// Something may be stuck to the first of them and to the fifth, as in `coupon0F1E-2D3C-4B5A-6978-8796x`.
struct CodeGroups {
    /// One group, as much of it as tells whether it is one.
    private struct Group {
        /// Where its first four digits end.
        let end: Int
        /// How many hexadecimal digits it begins with; no more are counted than a UUID's last group has, and one.
        let digits: Int
        let hasLetter: Bool
        /// Whether it is four digits and nothing else.
        let isWhole: Bool

        init(in text: SpelledText, at start: Int) {
            let all = text.letters[start...].prefix(CodeGroups.uuidEnds.last + 1).prefix(while: \.isHexadecimal)
            let four = all.prefix(4)
            (end, digits, hasLetter) = (four.endIndex, all.count, four.contains { $0 > 0x39 })
            isWhole = digits == 4 && (end == text.count || !text[end].isASCIIAlphanumeric)
        }
    }

    /// What stands between two groups.
    private struct Separator {
        /// So much is no separator any more: an encoded dash between blanks takes five.
        private static let longest = 8

        let letters: ArraySlice<UInt8>
        var areHyphens: Bool { letters.allSatisfy { $0 == UInt8(ascii: "-") } }
        var hasColon: Bool { letters.contains(UInt8(ascii: ":")) }

        /// Nil where nothing, too much or a border of JSON stands there: what is hidden must leave JSON what it is.
        init?(in text: SpelledText, at start: Int) {
            letters = text.letters[start...].prefix(Self.longest + 1).prefix { !$0.isASCIIAlphanumeric }
            let hasBorder = letters.indices.contains { index in
                "\"[]{}".utf8.contains(text[index]) && text.place(of: index..<index + 1).count == 1
            }
            guard (1...Self.longest).contains(letters.count), !hasBorder else { return nil }
        }
    }

    /// How many digits the first and the last group of a UUID have.
    private static let uuidEnds = (first: 8, last: 12)

    private let text: SpelledText
    private var last: Group
    private var groups = 1
    private var areHyphens = true
    private var hasLetter: Bool
    private var hasColons: Bool?
    private var areSingle = true

    private init(in text: SpelledText, at start: Int) {
        self.text = text
        last = Group(in: text, at: start)
        hasLetter = last.hasLetter
    }

    /// Where a code lies whose first group begins at `start` and ends its word.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - start: Where the last four letters of a word begin, which are hexadecimal digits.
    ///   - digits: How many such digits the word ends with.
    /// - Returns: The code's place; nil where there is none.
    static func find(in text: SpelledText, at start: Int, endOf digits: Int) -> Range<Int>? {
        var code = CodeGroups(in: text, at: start)
        while code.groups < 5 {
            guard code.takeNext(), code.groups == 5 || code.last.isWhole else { return nil }
        }
        let isUUID = code.areSingle && digits == uuidEnds.first && code.last.digits == uuidEnds.last
        // Numbers stand side by side for many reasons; between hyphens they are a code all the same.
        guard !isUUID, code.hasLetter || code.areHyphens else { return nil }
        // What is stuck to a code ends it.
        var end = code.last.end
        while code.last.isWhole, code.takeNext(), code.last.isWhole { end = code.last.end }
        return start..<end
    }

    /// Goes on to the group that follows; whether there is one.
    private mutating func takeNext() -> Bool {
        // A colon is part of addresses too, which are no code's groups together with what stands before them.
        guard let separator = Separator(in: text, at: last.end), hasColons ?? separator.hasColon == separator.hasColon
        else { return false }
        let group = Group(in: text, at: separator.letters.endIndex)
        guard group.digits >= 4 else { return false }
        hasColons = separator.hasColon
        areSingle = areSingle && separator.letters.count == 1
        areHyphens = areHyphens && separator.areHyphens
        hasLetter = hasLetter || group.hasLetter
        groups += 1
        last = group
        return true
    }
}
