package import SoftToken

extension License {
    /// Whether this license is good for a unit that lists `cluster` with itself.
    ///
    /// The owner is covered; so is a unit that was bound with it, while it lists the owner (a failover), and the former
    /// owner within a transfer's grace. Standing beside the owner in a list is not enough, which is why a license that
    /// sits on the secondary fails on the primary.
    ///
    /// [our choice: coverage] PROTOCOL.md section 5 tells only that a license belongs to one serial, that one on the
    /// peer fails, and that members share token licenses.
    package func covers(_ unit: Serial, listing cluster: [Serial], at now: Int64, choices: RuleChoices) -> Bool {
        isHeld(by: unit, listing: cluster, choices: choices) || grace.map { $0.unit == unit && now < $0.until } == true
    }

    /// Whether the binding itself, without a transfer's grace, covers the unit.
    func isHeld(by unit: Serial, listing cluster: [Serial], choices: RuleChoices) -> Bool {
        guard let owner else { return false }
        if owner == unit { return true }
        return choices.highAvailability == .failover && self.cluster.contains(unit) && cluster.contains(owner)
    }

    /// Whether a code that was never used can be used at `now`.
    ///
    /// [our choice: valid-until-day] PROTOCOL.md section 5 gives a date without a zone: the whole day counts, in UTC.
    func isRedeemable(at now: Int64) -> Bool {
        validUntil.map { now < $0.end } ?? true
    }
}
