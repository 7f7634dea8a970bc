/// How a token makes its passwords, as the appliance asked for it (docs/protocol.md 3.3).
package struct TokenParameters: Hashable, Sendable {
    /// What a password counts: time, or button presses.
    package enum Kind: String, Sendable, CaseIterable {
        /// RFC 6238.
        case totp
        /// RFC 4226.
        case hotp
    }

    /// Time or counter.
    package let kind: Kind
    /// Seconds that one password lasts: 30 or 60.
    package let period: Int
    /// Digits of one password: 6 or 8.
    package let digits: Int

    /// Whether a password may last so many seconds.
    static func isPeriod(_ seconds: Int) -> Bool { seconds == 30 || seconds == 60 }

    /// Joins the three, or returns nil where period or digits are none that the published appliances offer.
    package init?(kind: Kind, period: Int, digits: Int) {
        guard Self.isPeriod(period), digits == 6 || digits == 8 else { return nil }
        self.kind = kind
        self.period = period
        self.digits = digits
    }

    /// What the published appliance asks for: time-based, 60 seconds, 6 digits.
    package static let published = TokenParameters(published: ())

    private init(published: Void) {
        (kind, period, digits) = (.totp, 60, 6)
    }
}

/// Where a token stands in its life.
///
/// [our choice: token-states] The words of the polling answer's `status`; no published answer shows them.
package enum TokenState: String, Sendable, CaseIterable {
    /// No seed is lodged for it.
    case available
    /// A seed is lodged and its activation code waits for a phone.
    case pending
    /// A phone has redeemed its activation code.
    case provisioned
    /// Its activation code ran out before a phone came.
    case expired
    /// The operator locked it.
    case locked
}
