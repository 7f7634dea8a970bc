import Notation

/// A token's secret: twenty bytes, made by the appliance and written as forty hex digits (docs/protocol.md 3.3).
package struct Seed: Hashable, Sendable {
    private let words: (UInt64, UInt64, UInt32)

    /// Reads forty digits of either case, or returns nil where the bytes are none.
    package init?(_ bytes: Span<UInt8>) {
        guard bytes.count == 40,
            let first = Hexadecimal.number(in: bytes, at: 0, byteCount: 8),
            let second = Hexadecimal.number(in: bytes, at: 16, byteCount: 8),
            let third = Hexadecimal.number(in: bytes, at: 32, byteCount: 4)
        else { return nil }
        words = (first, second, UInt32(truncatingIfNeeded: third))
    }

    /// Reads forty digits of either case, or returns nil where the text is none.
    package init?(_ string: some StringProtocol) {
        self.init(Array(string.utf8).span)
    }

    /// The forty upper-case digits, a secret: for storage and sealing, never for logs.
    package var hexadecimal: [UInt8] {
        var digits: [UInt8] = []
        digits.reserveCapacity(40)
        Hexadecimal.append(words.0, to: &digits)
        Hexadecimal.append(words.1, to: &digits)
        Hexadecimal.append(UInt64(words.2), byteCount: 4, to: &digits)
        return digits
    }

    /// Whether both hold the same bytes.
    package static func == (left: Seed, right: Seed) -> Bool { left.words == right.words }

    /// Feeds the bytes to `hasher`.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
    }
}

extension Seed: CustomStringConvertible {
    /// A mark in place of the seed.
    package var description: String { "seed (hidden)" }
}
