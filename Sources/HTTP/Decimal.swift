extension [UInt8] {
    /// Appends a number that is not negative in decimal, with leading zeros up to `width` digits.
    mutating func appendDecimal(_ number: Int, width: Int = 1) {
        append(addingCapacity: Swift.max(19, width)) { room in room.appendDecimal(number, width: width) }
    }
}

extension OutputSpan<UInt8> {
    /// Appends a number that is not negative in decimal, with leading zeros up to `width` digits.
    mutating func appendDecimal(_ number: Int, width: Int = 1) {
        guard number < 100_000_000 else {
            appendDecimal(number / 100_000_000, width: width - 8)
            return appendDecimal(number % 100_000_000, width: 8)
        }
        // From the last digit to the first: a division by ten is a multiplication, and one by a variable is not. They gather in
        // a word, the first lowest.
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
