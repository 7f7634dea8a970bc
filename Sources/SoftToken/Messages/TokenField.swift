import Notation

/// The members of one entry of a request's `tokens`, in the published order, which is that in which faults are reported.
package enum TokenField: String, Error, CaseIterable {
    /// The token's serial.
    case token
    /// The secret that an appliance lodges.
    case seed
    /// For how many minutes the activation code holds.
    case codeExpire = "code_expire"
    /// How passwords follow one another.
    case type
    /// How many seconds a password lasts.
    case period
    /// How many digits a password has.
    case digits

    /// The member's name on the wire.
    package var name: String { rawValue }

    /// Finds the member of this name.
    init?(_ name: Span<UInt8>) {
        switch name.count {
        case 4 where name.equals("seed"): self = .seed
        case 4 where name.equals("type"): self = .type
        case 5 where name.equals("token"): self = .token
        case 6 where name.equals("period"): self = .period
        case 6 where name.equals("digits"): self = .digits
        case 11 where name.equals("code_exp", "ire"): self = .codeExpire
        default: return nil
        }
    }
}
