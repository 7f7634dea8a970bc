/// Eight bytes of a text in one word, the first lowest, so that one step looks at all of them.
///
/// A message is a few hundred bytes of short texts, and a step for each byte was most of the cost of reading one.
///
/// It is public, since this compiler inlines nothing of a type that is `package` in another module, and each call in
/// the place of a few instructions would cost more than bytes one by one.
///
/// What asks something of the bytes answers with marks: the high bit of each byte that it holds of, and zeros
/// elsewhere.
public struct EightBytes: Equatable, Sendable {
    /// The bytes.
    public let word: UInt64

    /// The marks of all eight.
    @inlinable public static var all: UInt64 { 0x8080_8080_8080_8080 }

    /// A one in each byte.
    @inlinable public static var ones: UInt64 { 0x0101_0101_0101_0101 }

    /// Takes the word that they are.
    @inlinable
    @inline(__always)
    public init(word: UInt64) {
        self.word = word
    }

    /// Takes the eight bytes from `index` on; it traps where fewer are left.
    @inlinable
    @inline(__always)
    public init(_ bytes: Span<UInt8>, at index: Int) {
        word = unsafe UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    /// Takes the bytes from `index` on, at most eight; zeros stand for those that are not there.
    @inlinable
    @inline(__always)
    public init(_ bytes: Span<UInt8>, from index: Int) {
        self.init(bytes, from: index, of: bytes.count)
    }

    /// The same of the first `count` bytes; a constant count lets the optimizer decide here which step it takes.
    @inlinable
    @inline(__always)
    public init(_ bytes: Span<UInt8>, from index: Int, of count: Int) {
        let missing = index - (count - 8)
        if missing <= 0 {
            self.init(bytes, at: index)
        } else if count >= 8 {
            // The last eight, and what comes before `index` shifted out.
            self.init(word: EightBytes(bytes, at: count - 8).word >> UInt64(8 * missing))
        } else {
            var word: UInt64 = 0
            var place = index
            while place < count {
                word |= UInt64(bytes[place]) << UInt64(8 * (place - index))
                place += 1
            }
            self.init(word: word)
        }
    }

    /// The byte at `index`.
    @inlinable
    @inline(__always)
    public subscript(index: Int) -> UInt8 { UInt8(truncatingIfNeeded: word >> UInt64(8 * index)) }

    /// How many bytes come before the zeros at its end.
    @inlinable
    @inline(__always)
    public var textCount: Int { 8 - word.leadingZeroBitCount / 8 }

    /// Whether the first `count` bytes of `other`, of all eight from 8 on, are these.
    @inlinable
    @inline(__always)
    public func begins(_ other: EightBytes, count: Int) -> Bool {
        (word ^ other.word) &<< UInt64(truncatingIfNeeded: count >= 8 ? 0 : 64 - 8 * count) == 0
    }

    /// The first `count` bytes, at most eight, and zeros behind them.
    @inlinable
    @inline(__always)
    public func prefix(_ count: Int) -> EightBytes {
        count == 0 ? EightBytes(word: 0) : EightBytes(word: word & .max >> UInt64(64 - 8 * count))
    }

    /// The marks of the first `count` bytes: of none where it is negative, of all eight from 8 on.
    @inlinable
    @inline(__always)
    public static func all(first count: Int) -> UInt64 {
        count >= 8 ? all : count <= 0 ? 0 : all >> UInt64(64 - 8 * count)
    }

    /// Marks the bytes in `range`, which is one of ASCII.
    ///
    /// Seven bits and a constant of at most 128 never carry into the next byte, so that every mark is exact.
    @inlinable
    @inline(__always)
    public func marks(within range: ClosedRange<UInt8>) -> UInt64 {
        let sevenBits = word & ~Self.all
        let atLeast = sevenBits &+ Self.ones &* UInt64(0x80 - range.lowerBound)
        let above = sevenBits &+ Self.ones &* UInt64(0x7F - range.upperBound)
        return atLeast & ~above & ~word & Self.all
    }

    /// The number that these are the hexadecimal digits of, the first the most significant, or nil where one is no
    /// digit of either case.
    @inlinable
    @inline(__always)
    public var hexadecimalNumber: UInt32? {
        let letters = EightBytes(word: word | Self.ones &* 0x20).marks(within: 0x61...0x66)
        guard marks(within: 0x30...0x39) | letters == Self.all else { return nil }
        // The low half of a digit is its value, and that of a letter is nine less.
        var value = ((word & 0x0F0F_0F0F_0F0F_0F0F) &+ (letters >> 7) &* 9).byteSwapped
        // One digit in each byte becomes two in every other byte, then four in two of four, then all eight together.
        value = (value | value >> 4) & 0x00FF_00FF_00FF_00FF
        value = (value | value >> 8) & 0x0000_FFFF_0000_FFFF
        return UInt32(truncatingIfNeeded: value | value >> 16)
    }

    /// How many bytes, at most eight, come before the first that ends a string's plain run: a quote, a backslash, a
    /// control character, or a byte beyond ASCII.
    @inlinable
    @inline(__always)
    public var stringCount: Int { ((escapes | word) & Self.all).trailingZeroBitCount / 8 }

    /// Whether a byte is one that no string may hold unescaped: a quote, a backslash or a control character.
    @inlinable
    @inline(__always)
    public var mustBeEscaped: Bool { escapes & ~word & Self.all != 0 }

    /// Whether none of the first `count` bytes, of all eight from 8 on, must be escaped in a string.
    @inlinable
    @inline(__always)
    public func escapesNothing(in count: Int) -> Bool {
        (escapes & ~word & Self.all).trailingZeroBitCount / 8 >= min(count, 8)
    }

    /// Marks quotes, backslashes and control characters, and leaves bytes beyond ASCII and what is no mark to the
    /// caller.
    ///
    /// With its second bit turned, a quote comes just behind the control characters, and the space that was there
    /// behind it. A subtraction borrows from the bytes above the one it marks, so that only the lowest mark is exact;
    /// nobody asks for another.
    @inlinable
    @inline(__always)
    public var escapes: UInt64 {
        let controlOrQuote = (word ^ Self.ones &* 0x02) &- Self.ones &* 0x21
        let backslash = (word ^ Self.ones &* 0x5C) &- Self.ones
        return controlOrQuote | backslash
    }
}

extension EightBytes: ExpressibleByStringLiteral {
    /// Takes a literal of at most eight bytes; zeros follow a shorter one.
    ///
    /// Inlined, so that the optimizer makes a number of it.
    @inlinable
    @inline(__always)
    public init(stringLiteral text: String) {
        var word: UInt64 = 0
        var shift: UInt64 = 0
        for byte in text.utf8 {
            word |= UInt64(byte) << shift
            shift += 8
        }
        self.word = word
    }
}
