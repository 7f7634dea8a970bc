import Notation
package import SoftToken

/// Whom a license is good for: using its tokens follows the pair, redeeming its code follows the binding.
///
/// [our choice: coverage] docs/protocol.md section 5, from public notes: a pair shares its licenses while the request
/// lists the unit that one is registered to, also where that is the secondary and where it was registered before the
/// pair was formed; a unit that lists itself alone gets 31. A code whose license is registered to the peer does not
/// activate on the primary. Who may redeem beyond the owner, after a failover, is inferred.
extension License {
    /// Whether a unit that lists `cluster` with itself may provision and poll this license's tokens at `now`.
    package func isUsable(by unit: Serial, listing cluster: [Serial], at now: Int64, choices: RuleChoices) -> Bool {
        isShared(with: unit, listing: cluster, choices: choices) || isInGrace(of: unit, at: now)
    }

    /// Whether the unit may use the tokens for good, without a transfer's grace.
    func isShared(with unit: Serial, listing cluster: [Serial], choices: RuleChoices) -> Bool {
        guard let owner else { return false }
        if owner == unit { return true }
        return switch choices.highAvailability {
        case .listed: cluster.contains(owner)
        case .binding: cluster.contains(owner) && self.cluster.contains(unit)
        case .primaryOnly: false
        }
    }

    /// Whether a unit that lists `cluster` with itself gets the tokens again for the license's code: the owner, or a
    /// member of the binding that lists the owner, as after a failover.
    package func isRedeemable(by unit: Serial, listing cluster: [Serial], choices: RuleChoices) -> Bool {
        guard let owner else { return false }
        if owner == unit { return true }
        return choices.highAvailability != .primaryOnly && self.cluster.contains(unit) && cluster.contains(owner)
    }

    private func isInGrace(of unit: Serial, at now: Int64) -> Bool {
        grace.map { $0.unit == unit && now < $0.until } == true
    }

    /// Whether a code that was never used can be used at `now`.
    ///
    /// [our choice: valid-until-day] docs/protocol.md section 5 gives a date without a zone: the whole day counts, in
    /// UTC.
    func isRedeemable(at now: Int64) -> Bool {
        validUntil.map { now < $0.end } ?? true
    }
}
