import Notation

/// A license's number: `EFTM` and twelve digits for a bought one, `FTMTRIAL` and eight upper-case hexadecimal digits
/// for a unit's trial (docs/protocol.md section 4).
package struct LicenseNumber: Hashable, Sendable {
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

    /// Checks the text, or returns nil where it is no license number.
    package init?(_ string: some StringProtocol) {
        self.init(Array(string.utf8).span)
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

extension LicenseNumber: Comparable {
    /// Orders as the texts do.
    package static func < (left: LicenseNumber, right: LicenseNumber) -> Bool { left.text < right.text }
}

extension LicenseNumber: CustomStringConvertible {
    /// The number as people write it.
    package var description: String { text.description }
}
