/// Hexadecimal digits: codes, seeds and serials of the wire, digests and identifiers, escapes.
package enum Hexadecimal {
    /// The value of an upper- or lower-case digit, or nil for any other byte.
    @inlinable package static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }

    /// Reads exactly `2 * byteCount` digits at `start` as one number, or nil where one is no digit or is missing.
    package static func number(in bytes: Span<UInt8>, at start: Int, byteCount: Int) -> UInt64? {
        let end = start + 2 * byteCount
        guard start >= 0, end <= bytes.count else { return nil }
        var number: UInt64 = 0
        var index = start
        while index <= end - 8 {
            guard let value = EightBytes(bytes, at: index).hexadecimalNumber else { return nil }
            number = number << 32 | UInt64(value)
            index += 8
        }
        while index < end {
            guard let value = value(of: bytes[index]) else { return nil }
            number = number << 4 | UInt64(value)
            index += 1
        }
        return number
    }

    /// The upper-case digit of a value below 16.
    @inlinable package static func upperDigit(_ value: UInt8) -> UInt8 {
        value &+ (value < 10 ? 0x30 : 0x41 - 10)
    }

    /// The lower-case digit of a value below 16.
    @inlinable package static func lowerDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x61 + value - 10
    }

    /// Appends `byteCount` bytes of `value`, the most significant first, as upper-case digits.
    @inlinable package static func append(_ value: UInt64, byteCount: Int = 8, to buffer: inout [UInt8]) {
        var shift = byteCount * 8 - 4
        while shift >= 0 {
            buffer.append(upperDigit(UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 0xF))
            shift -= 4
        }
    }

    /// Bytes as two lower-case digits each.
    @inlinable package static func text(_ bytes: some Sequence<UInt8>) -> String {
        var digits: [UInt8] = []
        for byte in bytes {
            digits.append(lowerDigit(byte >> 4))
            digits.append(lowerDigit(byte & 0xF))
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
