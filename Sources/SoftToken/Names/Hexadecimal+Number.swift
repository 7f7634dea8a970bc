package import Notation

extension Hexadecimal {
    /// Reads exactly `2 * byteCount` digits at `start` as one number, or nil where one is no digit or is missing.
    ///
    /// It stands here since it reads eight digits at once, as the decoder reads all else.
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
}
