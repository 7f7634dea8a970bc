extension [UInt8] {
    /// Appends a number that is not negative in decimal, with leading zeros up to `width` digits, 19 at most.
    mutating func appendDecimal(_ number: Int, width: Int = 1) {
        // From the last digit to the first: a division by ten is a multiplication, and one by a variable is not.
        var digits = InlineArray<19, UInt8>(repeating: UInt8(ascii: "0"))
        var first = digits.count
        var rest = number
        repeat {
            first -= 1
            digits[first] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        for index in Swift.min(first, digits.count - width)..<digits.count {
            append(digits[index])
        }
    }
}
