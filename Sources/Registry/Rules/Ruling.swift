package import SoftToken

/// What the rules decided on one request, and what has to change for it.
package struct Ruling<Outcome: Sendable & Equatable>: Sendable, Equatable {
    /// What is answered.
    package var outcome: Outcome
    /// The answer's `__clustered_sns`; empty for a phone.
    package var peers: [Peer]
    /// What to change before the answer may leave; empty where nothing changes, as for every refusal.
    package var changes: [Change]

    /// Joins the fields.
    package init(outcome: Outcome, peers: [Peer] = [], changes: [Change] = []) {
        self.outcome = outcome
        self.peers = peers
        self.changes = changes
    }
}

/// What the rules need to know besides the request and the registry.
package struct RuleContext: Sendable {
    /// Seconds since 1970 by the lab's clock.
    package var now: Int64
    /// How the lab decides what no publication says.
    package var choices: RuleChoices
    /// The unit that the client certificate names; nil where there was none, or none with a serial.
    package var certificateSerial: Serial?
    /// The lab's chance.
    package var chance: Chance

    /// Joins the fields.
    package init(now: Int64, choices: RuleChoices, certificateSerial: Serial? = nil, chance: Chance) {
        self.now = now
        self.choices = choices
        self.certificateSerial = certificateSerial
        self.chance = chance
    }
}

/// Decisions of the rules that an operator can turn, because no publication settles them.
package struct RuleChoices: Sendable, Equatable {
    /// Whether a license covers a unit of its cluster that is not the owner.
    package enum HighAvailability: String, Sendable, CaseIterable {
        /// It does while the unit lists the owner in its cluster, as after a failover.
        case failover
        /// It covers its owner alone.
        case primaryOnly = "primary-only"
    }

    /// Whether the cluster's other units are covered; `failover` unless turned.
    package var highAvailability: HighAvailability
    /// Whether one unregistered peer alone fails the whole request; false unless turned.
    ///
    /// [our choice: unregistered-peer] PROTOCOL.md 3.4: published is only its string in `__clustered_sns`, in a request
    /// that failed anyway.
    package var unregisteredPeerFails: Bool

    /// Joins the fields.
    package init(highAvailability: HighAvailability = .failover, unregisteredPeerFails: Bool = false) {
        self.highAvailability = highAvailability
        self.unregisteredPeerFails = unregisteredPeerFails
    }
}
