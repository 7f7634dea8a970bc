import Notation

/// What is read from the text that stands for it: a name, a code, a secret.
package protocol TextValue: Hashable, Sendable, CustomStringConvertible {
    /// Checks the bytes, or returns nil where they are no such text.
    init?(_ bytes: Span<UInt8>)
}

extension TextValue {
    /// Checks the text, or returns nil where it is none.
    package init?(_ string: some StringProtocol) { self.init(Array(string.utf8).span) }
}

/// A name in the registry, of at most sixteen characters.
package protocol PackedName: TextValue, Comparable {
    /// The text, packed.
    var text: ASCII16 { get }
}

extension PackedName {
    /// The name as people write it.
    package var description: String { text.description }

    /// Orders as the texts do.
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// A device's serial number: up to sixteen of `A`–`Z`, `0`–`9` and `-` (docs/protocol.md section 4).
package struct Serial: PackedName {
    /// The text, packed.
    package let text: ASCII16

    /// Checks the bytes, or returns nil where they are no serial.
    package init?(_ bytes: Span<UInt8>) {
        let text = ASCII16(bytes) {
            $0.marks(within: 0x30...0x39) | $0.marks(within: 0x41...0x5A) | $0.marks(within: 0x2D...0x2D)
        }
        guard let text else { return nil }
        self.text = text
    }

    /// One of no characters, in the place of one that is still to come.
    static var none: Serial { Serial(text: ASCII16("", "")) }

    private init(text: ASCII16) {
        self.text = text
    }
}

/// A mobile token's serial: `FTKMOB` and ten upper-case hexadecimal digits (docs/protocol.md section 4).
///
/// [our choice: hardware-tokens] Serials of hardware tokens, `FTK200…`, are refused: not one message about them is
/// public.
package struct TokenSerial: PackedName {
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

    /// The serial whose ten digits are the low forty bits of `number`.
    package init(number: UInt64) {
        var bytes = Array("FTKMOB".utf8)
        Hexadecimal.append(number & 0xFF_FFFF_FFFF, byteCount: 5, to: &bytes)
        guard let serial = TokenSerial(bytes.span) else { preconditionFailure("ten upper-case digits are a serial") }
        self = serial
    }
}

/// A license's number: `EFTM` and twelve digits for a bought one, `FTMTRIAL` and eight upper-case hexadecimal digits
/// for a unit's trial (docs/protocol.md section 4).
package struct LicenseNumber: PackedName {
    /// The text, packed.
    package let text: ASCII16

    /// Checks the bytes, or returns nil where they are no license number.
    package init?(_ bytes: Span<UInt8>) {
        guard bytes.count == 16, let text = ASCII16(bytes) else { return nil }
        let isTrial = text.hasPrefix("FTMTRIAL")
        guard isTrial || text.hasPrefix("EFTM") else { return nil }
        for index in (isTrial ? 8 : 4)..<16 {
            switch bytes[index] {
            case 0x30...0x39: continue
            case 0x41...0x46 where isTrial: continue
            default: return nil
            }
        }
        self.text = text
    }

    /// The trial license whose eight digits are `number`.
    package init(trial number: UInt32) {
        var bytes = Array("FTMTRIAL".utf8)
        Hexadecimal.append(UInt64(number), byteCount: 4, to: &bytes)
        guard let license = LicenseNumber(bytes.span) else { preconditionFailure("eight digits are a trial's number") }
        self = license
    }

    /// Whether this is a unit's trial, which has no redemption code.
    package var isTrial: Bool { text.hasPrefix("FTMTRIAL") }
}
