import Notation

/// A token's secret: twenty bytes, made by the appliance and written as forty hex digits (docs/protocol.md 3.3).
package struct Seed: TextValue {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt32

    /// Reads forty digits of either case, or returns nil where the bytes are none.
    package init?(_ bytes: Span<UInt8>) {
        guard bytes.count == Self.digitCount,
            let first = Hexadecimal.number(in: bytes, at: 0, byteCount: 8),
            let second = Hexadecimal.number(in: bytes, at: 16, byteCount: 8),
            let third = Hexadecimal.number(in: bytes, at: 32, byteCount: 4)
        else { return nil }
        (self.first, self.second, self.third) = (first, second, UInt32(truncatingIfNeeded: third))
    }

    /// The forty upper-case digits, a secret: for storage and sealing, never for logs.
    package var hexadecimal: [UInt8] {
        Array(capacity: Self.digitCount) { appendDigits(to: &$0) }
    }

    /// Appends those digits to `output`, which has room for them.
    package func appendDigits(to output: inout OutputSpan<UInt8>) {
        func append(_ word: UInt64, _ count: Int) {
            var left = word &<< UInt64(64 - 4 * count)
            for _ in 0..<count {
                output.append(Hexadecimal.upperDigit(UInt8(truncatingIfNeeded: left &>> 60)))
                left &<<= 4
            }
        }
        append(first, 16)
        append(second, 16)
        append(UInt64(third), 8)
    }

    private static let digitCount = 40

    /// A mark in place of the seed.
    package var description: String { "seed (hidden)" }
}
