import Notation

/// The code that a phone redeems for a token's seed: ten bytes, written as sixteen Base32 characters (docs/protocol.md
/// section 4).
///
/// Byte 0 holds the version in its high five bits and the token's type in the low three; byte 1 the digits flag in its
/// high three bits (1 means eight digits) and, in bit 4, whether a password lasts 60 seconds; bytes 2 to 9 are what the
/// phone sends.
package struct ActivationCode: TextValue {
    /// The two leading bytes: version, type, digits and period.
    package let flags: UInt16
    /// The eight bytes that the phone sends as sixteen hexadecimal digits.
    package let claim: UInt64

    /// The version that every published code carries.
    package static let version: UInt16 = 4

    /// The code for a token with these parameters and this claim.
    ///
    /// [our choice: hotp-code-type] Type 1 is in every published code and stands for totp; 2 for hotp is a guess.
    package init(claim: UInt64, parameters: TokenParameters) {
        let type: UInt16 = parameters.kind == .totp ? 1 : 2
        let digits: UInt16 = parameters.digits == 8 ? 1 << 5 : 0
        let period: UInt16 = parameters.period == 60 ? 1 << 4 : 0
        self.init(flags: (Self.version << 3 | type) << 8 | digits | period, claim: claim)
    }

    /// Joins the stored halves.
    package init(flags: UInt16, claim: UInt64) {
        self.flags = flags
        self.claim = claim
    }

    /// Reads sixteen Base32 characters (RFC 4648 section 6, upper case), or returns nil where the bytes are none.
    package init?(_ bytes: Span<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var bits: UInt128 = 0
        for index in bytes.indices {
            guard let value = Self.value(of: bytes[index]) else { return nil }
            bits = bits << 5 | UInt128(value)
        }
        self.init(flags: UInt16(truncatingIfNeeded: bits >> 64), claim: UInt64(truncatingIfNeeded: bits))
    }

    /// Whether a text is a whole code as people and programs write one: in Base32 of either case, in groups or not, or
    /// all ten bytes in hexadecimal.
    static func isWritten(in text: Span<UInt8>) -> Bool {
        guard text.count <= 32 else { return false }
        var characters: [UInt8] = []
        for index in text.indices where text[index] != 0x20 && text[index] != 0x2D {
            // To upper case.
            characters.append((0x61...0x7A).contains(text[index]) ? text[index] & 0xDF : text[index])
        }
        if let flags = Hexadecimal.number(in: characters.span, at: 0, byteCount: 2), characters.count == 20 {
            return Hexadecimal.number(in: characters.span, at: 4, byteCount: 8)
                .map { ActivationCode(flags: UInt16(truncatingIfNeeded: flags), claim: $0).parameters != nil } ?? false
        }
        return ActivationCode(characters.span) != nil
    }

    /// What the leading bytes say of the token, or nil where version or type is none that this service writes.
    package var parameters: TokenParameters? {
        guard flags >> 11 == Self.version else { return nil }
        let kind: TokenParameters.Kind
        switch flags >> 8 & 0x7 {
        case 1: kind = .totp
        case 2: kind = .hotp
        default: return nil
        }
        return TokenParameters(kind: kind, period: flags & 0x10 == 0 ? 30 : 60, digits: flags >> 5 & 0x7 == 1 ? 8 : 6)
    }

    /// The sixteen Base32 characters, a secret: for answers and storage, never for logs.
    package var base32: [UInt8] {
        // Eighty bits, five at a time from the top.
        let bits = UInt128(flags) << 64 | UInt128(claim)
        return (0..<16).map { Self.alphabet(UInt8(truncatingIfNeeded: bits &>> UInt128(75 - 5 * $0) & 0x1F)) }
    }

    /// The sixteen hexadecimal digits that the phone sends, upper case; as secret as the code.
    package var claimDigits: [UInt8] {
        var digits: [UInt8] = []
        digits.reserveCapacity(16)
        Hexadecimal.append(claim, to: &digits)
        return digits
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case 0x41...0x5A: character - 0x41
        case 0x32...0x37: character - 0x32 + 26
        default: nil
        }
    }

    private static func alphabet(_ value: UInt8) -> UInt8 {
        value < 26 ? 0x41 + value : 0x32 + value - 26
    }

    /// A mark in place of the code.
    package var description: String { "activation code (hidden)" }
}
