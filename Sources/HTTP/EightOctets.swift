import Notation

/// Eight octets in one word: a head is some hundred octets.
typealias EightOctets = EightBytes

/// What a head asks of eight octets.
///
/// A subtraction sets the high bit of each octet that it borrows for, and of some above it, so that only the lowest of
/// those bits counts.
extension EightOctets {
    private static var highBits: UInt64 { all }

    /// The same with small letters for capital ones of ASCII.
    @inline(__always)
    var lowercased: EightOctets {
        let low = word & ~Self.highBits
        // The high bit of each octet that is at least `A`, and of each beyond `Z`.
        let fromA = low &+ Self.ones &* (0x80 - UInt64(UInt8(ascii: "A")))
        let beyondZ = low &+ Self.ones &* (0x7F - UInt64(UInt8(ascii: "Z")))
        return EightOctets(word: word | ((fromA ^ beyondZ) & ~word & Self.highBits) >> 2)
    }

    /// How many come before the first control octet, DEL among them: 8 without one.
    @inline(__always)
    var plainCount: Int {
        let delete = word ^ Self.ones &* 0x7F
        let control = (word &- Self.ones &* 0x20) & ~word | (delete &- Self.ones) & ~delete
        return (control & Self.highBits).trailingZeroBitCount / 8
    }

    /// How many come before the first that is neither a letter nor a hyphen, of which nearly all names of fields consist: 8
    /// without one.
    @inline(__always)
    var nameCount: Int {
        // Exact in each octet, since what is let pass here is not looked at again: no sum of two octets carries.
        let low = word & ~Self.highBits
        let folded = low | Self.ones &* 0x20
        let fromA = folded &+ Self.ones &* (0x80 - UInt64(UInt8(ascii: "a")))
        let beyondZ = folded &+ Self.ones &* (0x7F - UInt64(UInt8(ascii: "z")))
        let notHyphen = (low ^ Self.ones &* UInt64(UInt8(ascii: "-"))) &+ Self.ones &* 0x7F
        let other = ~((fromA ^ beyondZ) | ~notHyphen) | word
        return (other & Self.highBits).trailingZeroBitCount / 8
    }

    /// `HTTP/1.1`.
    @inline(__always)
    static var http11: EightOctets { EightOctets(word: 0x312E_312F_5054_5448) }

    /// How many come before the first that no request's target has: 8 without one.
    ///
    /// Blanks, control octets, what is beyond ASCII, and the `#` of a fragment are such.
    @inline(__always)
    var targetCount: Int {
        let hash = word ^ Self.ones &* UInt64(UInt8(ascii: "#"))
        let delete = word ^ Self.ones &* 0x7F
        let outside = (word &- Self.ones &* 0x21) & ~word | word
        let named = (hash &- Self.ones) & ~hash | (delete &- Self.ones) & ~delete
        return ((outside | named) & Self.highBits).trailingZeroBitCount / 8
    }

    /// How many come before the first `octet`: 8 without one.
    @inline(__always)
    func count(before octet: UInt8) -> Int {
        let difference = word ^ Self.ones &* UInt64(octet)
        return ((difference &- Self.ones) & ~difference & Self.highBits).trailingZeroBitCount / 8
    }
}
