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
