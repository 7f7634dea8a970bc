import Notation

/// A mobile token's serial: `FTKMOB` and ten upper-case hexadecimal digits (docs/protocol.md section 4).
///
/// [our choice: hardware-tokens] Serials of hardware tokens, `FTK200…`, are refused: not one message about them is public.
package struct TokenSerial: Hashable, Sendable {
    /// The text, packed.
    package let text: ASCII16

    /// Checks the bytes, or returns nil where they are no token serial.
    package init?(_ bytes: Span<UInt8>) {
        guard bytes.count == 16 else { return nil }
        let (first, second) = (EightBytes(bytes, at: 0), EightBytes(bytes, at: 8))
        let prefix: EightBytes = "FTKMOB"
        let isPrefixed = first.word << 16 == prefix.word << 16
        let digits = Self.digits(in: first) | EightBytes.all(first: 6)
        guard isPrefixed, digits == EightBytes.all, Self.digits(in: second) == EightBytes.all else { return nil }
        text = ASCII16(first, second)
    }

    /// Marks the upper-case hexadecimal digits.
    private static func digits(in bytes: EightBytes) -> UInt64 {
        bytes.marks(within: 0x30...0x39) | bytes.marks(within: 0x41...0x46)
    }

    /// Checks the text, or returns nil where it is no token serial.
    package init?(_ string: some StringProtocol) {
        self.init(Array(string.utf8).span)
    }

    /// The serial whose ten digits are the low forty bits of `number`.
    package init(number: UInt64) {
        var bytes = Array("FTKMOB".utf8)
        Hexadecimal.append(number & 0xFF_FFFF_FFFF, byteCount: 5, to: &bytes)
        guard let serial = TokenSerial(bytes.span) else { preconditionFailure("ten upper-case digits are a serial") }
        self = serial
    }
}

extension TokenSerial: Comparable {
    /// Orders as the texts do.
    package static func < (left: TokenSerial, right: TokenSerial) -> Bool { left.text < right.text }
}

extension TokenSerial: CustomStringConvertible {
    /// The serial as people write it.
    package var description: String { text.description }
}
