import Notation

/// The code that activates a license.
///
/// Twenty hexadecimal digits in five groups, `XXXX-XXXX-XXXX-XXXX-XXXX` (docs/protocol.md section 4). Digits of either
/// case are read; upper case is written.
///
/// A code is worth a license, so its `description` hides it; ``text`` is asked for by name where it must be shown.
package struct RedemptionCode: TextValue {
    /// The first two groups and half of the third: the leading eight bytes.
    package let high: UInt64
    /// The last two bytes.
    package let low: UInt16

    /// The zeros, which stand for a unit's trial.
    package static let trial = RedemptionCode(high: 0, low: 0)

    /// Joins the ten bytes.
    package init(high: UInt64, low: UInt16) {
        self.high = high
        self.low = low
    }

    /// Reads the written form, or returns nil where the bytes are none.
    package init?(_ bytes: Span<UInt8>) {
        guard bytes.count == 24 else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for group in 0..<5 {
            let start = group * 5
            guard group == 4 || bytes[start + 4] == 0x2D,
                let number = Hexadecimal.number(in: bytes, at: start, byteCount: 2)
            else { return nil }
            if group < 4 { high = high << 16 | number } else { low = number }
        }
        self.init(high: high, low: UInt16(truncatingIfNeeded: low))
    }

    /// Whether these are the zeros of a trial.
    package var isTrial: Bool { self == .trial }

    /// The written form, a secret: for answers to the operator and for storage, never for logs.
    package var text: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        for group in 0..<4 {
            Hexadecimal.append(high >> UInt64(48 - 16 * group) & 0xFFFF, byteCount: 2, to: &bytes)
            bytes.append(0x2D)
        }
        Hexadecimal.append(UInt64(low), byteCount: 2, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A mark in place of the code.
    package var description: String { isTrial ? "trial code" : "redemption code (hidden)" }
}
