/// Eight octets in one word, the first lowest, so that one step looks at all of them: a head is some hundred octets.
///
/// A subtraction sets the high bit of each octet that it borrows for, and of some above it, so that only the lowest of
/// those bits counts.
struct EightOctets: Equatable {
    private let word: UInt64

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Takes the eight octets from `position` on; it traps where fewer are left.
    @inline(__always)
    init(_ octets: Span<UInt8>, at position: Int) {
        word = unsafe UInt64(littleEndian: octets.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    /// The same with small letters for capital ones of ASCII.
    @inline(__always)
    var lowercased: EightOctets {
        let low = word & ~Self.highBits
        // The high bit of each octet that is at least `A`, and of each beyond `Z`.
        let fromA = low &+ Self.ones &* (0x80 - UInt64(UInt8(ascii: "A")))
        let beyondZ = low &+ Self.ones &* (0x7F - UInt64(UInt8(ascii: "Z")))
        return EightOctets(word: word | ((fromA ^ beyondZ) & ~word & Self.highBits) >> 2)
    }

    @inline(__always)
    private init(word: UInt64) {
        self.word = word
    }

    /// How many come before the first control octet, DEL among them: 8 without one.
    @inline(__always)
    var plainCount: Int {
        let delete = word ^ Self.ones &* 0x7F
        let control = (word &- Self.ones &* 0x20) & ~word | (delete &- Self.ones) & ~delete
        return (control & Self.highBits).trailingZeroBitCount / 8
    }

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
