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
        if self < 64 {
            return (0x03FF_6CFA_0000_0000 as UInt64) &>> UInt64(self) & 1 == 1
        }
        return self < 128 && (0x57FF_FFFF_C7FF_FFFE as UInt64) &>> UInt64(self &- 64) & 1 == 1
    }

    /// This octet with an upper-case ASCII letter folded to lower case, and every other octet unchanged.
    var asciiLowercased: UInt8 {
        self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self
    }
}

extension Span<UInt8> {
    /// Whether the octets at `range` are exactly `text`.
    func equals(_ text: String, at range: Range<Int>) -> Bool {
        let expected = text.utf8.span
        guard expected.count == range.count else {
            return false
        }
        var offset = 0
        while offset <= expected.count - 8 {
            guard EightOctets(self, at: range.lowerBound + offset) == EightOctets(expected, at: offset) else {
                return false
            }
            offset += 8
        }
        if offset > 0 {
            // The last eight again, some of them for the second time.
            let last = expected.count - 8
            return EightOctets(self, at: range.lowerBound + last) == EightOctets(expected, at: last)
        }
        while offset < expected.count {
            guard self[range.lowerBound + offset] == expected[offset] else { return false }
            offset += 1
        }
        return true
    }

    /// Whether the octets at `range` are `lowercase` in any mixture of ASCII case.
    func equalsIgnoringCase(_ lowercase: String, at range: Range<Int>) -> Bool {
        let expected = lowercase.utf8.span
        guard expected.count == range.count else {
            return false
        }
        var offset = 0
        while offset <= expected.count - 8 {
            let octets = EightOctets(self, at: range.lowerBound + offset).lowercased
            guard octets == EightOctets(expected, at: offset) else { return false }
            offset += 8
        }
        if offset > 0 {
            let last = expected.count - 8
            return EightOctets(self, at: range.lowerBound + last).lowercased == EightOctets(expected, at: last)
        }
        while offset < expected.count {
            guard self[range.lowerBound + offset].asciiLowercased == expected[offset] else { return false }
            offset += 1
        }
        return true
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
            let count = EightOctets(self, at: position).count(before: octet)
            position += count
            if count < 8 {
                return position
            }
        }
        while position < range.upperBound, self[position] != octet {
            position += 1
        }
        return position
    }
}
