import Notation

/// The octets and octet classes of the HTTP grammar.
extension UInt8 {
    static let horizontalTab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let delete: UInt8 = 0x7F

    /// Whether this octet is blank space inside a line: SP or HTAB (RFC 9110 section 5.6.3).
    var isBlank: Bool {
        self == .space || self == .horizontalTab
    }

    var isDigit: Bool {
        self &- UInt8(ascii: "0") < 10
    }

    /// Whether this octet is a `tchar` of RFC 9110 section 5.6.2.
    ///
    /// One bit for each ASCII octet, since this is asked for every octet of every field name; a test holds the two
    /// words against the grammar's own list.
    var isTokenCharacter: Bool {
        if self < 64 { return (0x03FF_6CFA_0000_0000 as UInt64) &>> UInt64(self) & 1 == 1 }
        return self < 128 && (0x57FF_FFFF_C7FF_FFFE as UInt64) &>> UInt64(self &- 64) & 1 == 1
    }

    /// This octet with an upper-case ASCII letter folded to lower case, and every other octet unchanged.
    var asciiLowercased: UInt8 {
        self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self
    }
}

extension Span<UInt8> {
    /// Whether the octets at `range` are exactly `text`.
    func equals(_ text: String, at range: Range<Int>) -> Bool { equals(text, at: range, ignoringCase: false) }

    /// Whether the octets at `range` are `lowercase` in any mixture of ASCII case.
    func equalsIgnoringCase(_ lowercase: String, at range: Range<Int>) -> Bool {
        equals(lowercase, at: range, ignoringCase: true)
    }

    // Inlined into both, where it is known what is folded.
    @inline(__always)
    private func equals(_ text: String, at range: Range<Int>, ignoringCase: Bool) -> Bool {
        let expected = text.utf8.span
        guard expected.count == range.count else { return false }
        var offset = 0
        while offset < expected.count {
            if expected.count >= 8 {
                // The last eight may be some that were compared before.
                let place = Swift.min(offset, expected.count - 8)
                let octets = EightBytes(self, at: range.lowerBound + place)
                guard (ignoringCase ? octets.lowercased : octets) == EightBytes(expected, at: place) else {
                    return false
                }
                offset += 8
            } else {
                let octet = self[range.lowerBound + offset]
                guard (ignoringCase ? octet.asciiLowercased : octet) == expected[offset] else { return false }
                offset += 1
            }
        }
        return true
    }

    /// The octets at `range` as text; those that are no UTF-8 are replaced.
    package func text(at range: Range<Int>) -> String {
        String(decoding: range.map { self[$0] }, as: UTF8.self)
    }

    /// Takes the first member of a list that is separated by commas off `rest`, without the blanks around it.
    func takeMember(of rest: inout Range<Int>) -> Range<Int> {
        let comma = firstPosition(of: UInt8(ascii: ","), in: rest)
        defer { rest = Swift.min(comma + 1, rest.upperBound)..<rest.upperBound }
        return trimmingBlanks(rest.lowerBound..<comma)
    }

    /// `range` without the blanks at either end.
    func trimmingBlanks(_ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, self[lower].isBlank {
            lower += 1
        }
        while upper > lower, self[upper - 1].isBlank {
            upper -= 1
        }
        return lower..<upper
    }

    /// The position of the first `octet` in `range`, or the end of the range.
    func firstPosition(of octet: UInt8, in range: Range<Int>) -> Int {
        var position = range.lowerBound
        while position <= range.upperBound - 8 {
            let count = EightBytes(self, at: position).count(before: octet)
            position += count
            if count < 8 { return position }
        }
        while position < range.upperBound, self[position] != octet {
            position += 1
        }
        return position
    }
}

/// What a head asks of eight octets.
///
/// A subtraction sets the high bit of each octet that it borrows for, and of some above it, so that only the lowest of
/// those bits counts.
extension EightBytes {
    /// The same with small letters for capital ones of ASCII.
    @inline(__always)
    var lowercased: EightBytes {
        EightBytes(word: word | marks(within: UInt8(ascii: "A")...UInt8(ascii: "Z")) >> 2)
    }

    /// How many come before the first control octet, DEL among them: 8 without one.
    @inline(__always)
    var plainCount: Int {
        let delete = word ^ Self.ones &* 0x7F
        let control = (word &- Self.ones &* 0x20) & ~word | (delete &- Self.ones) & ~delete
        return (control & Self.all).trailingZeroBitCount / 8
    }

    /// How many come before the first that is neither a letter nor a hyphen, of which nearly all names of fields
    /// consist: 8 without one.
    @inline(__always)
    var nameCount: Int {
        // Exact in each octet, since what is let pass here is not looked at again: no sum of two octets carries.
        let low = word & ~Self.all
        let folded = low | Self.ones &* 0x20
        let fromA = folded &+ Self.ones &* (0x80 - UInt64(UInt8(ascii: "a")))
        let beyondZ = folded &+ Self.ones &* (0x7F - UInt64(UInt8(ascii: "z")))
        let notHyphen = (low ^ Self.ones &* UInt64(UInt8(ascii: "-"))) &+ Self.ones &* 0x7F
        let other = ~((fromA ^ beyondZ) | ~notHyphen) | word
        return (other & Self.all).trailingZeroBitCount / 8
    }

    /// `HTTP/1.1`.
    @inline(__always)
    static var http11: EightBytes { EightBytes(word: 0x312E_312F_5054_5448) }

    /// How many come before the first that no request's target has: 8 without one.
    ///
    /// Blanks, control octets, what is beyond ASCII, and the `#` of a fragment are such.
    @inline(__always)
    var targetCount: Int {
        let hash = word ^ Self.ones &* UInt64(UInt8(ascii: "#"))
        let delete = word ^ Self.ones &* 0x7F
        let outside = (word &- Self.ones &* 0x21) & ~word | word
        let named = (hash &- Self.ones) & ~hash | (delete &- Self.ones) & ~delete
        return ((outside | named) & Self.all).trailingZeroBitCount / 8
    }

    /// How many come before the first `octet`: 8 without one.
    @inline(__always)
    func count(before octet: UInt8) -> Int {
        let difference = word ^ Self.ones &* UInt64(octet)
        return ((difference &- Self.ones) & ~difference & Self.all).trailingZeroBitCount / 8
    }
}

extension [UInt8] {
    /// Appends a number that is not negative in decimal.
    mutating func appendDecimal(_ number: Int) { append(addingCapacity: 19) { room in room.appendDecimal(number) } }
}

extension OutputSpan<UInt8> {
    /// Appends a number that is not negative in decimal, with leading zeros up to `width` digits.
    mutating func appendDecimal(_ number: Int, width: Int = 1) {
        guard number < 100_000_000 else {
            appendDecimal(number / 100_000_000, width: width - 8)
            return appendDecimal(number % 100_000_000, width: 8)
        }
        // From the last digit to the first: a division by ten is a multiplication, and one by a variable is not. They
        // gather in a word, the first lowest.
        var (digits, count, rest) = (UInt64(0), 0, number)
        repeat {
            digits = digits << 8 | UInt64(UInt8(ascii: "0")) + UInt64(rest % 10)
            rest /= 10
            count += 1
        } while rest > 0
        if count < width { append(repeating: UInt8(ascii: "0"), count: width - count) }
        for _ in 0..<count {
            append(UInt8(truncatingIfNeeded: digits))
            digits >>= 8
        }
    }
}
