package import SoftToken

/// What the rules decided on one request, and what has to change for it.
package struct Ruling<Outcome: Sendable & Equatable>: Sendable, Equatable {
    /// What is answered.
    package var outcome: Outcome
    /// The answer's `__clustered_sns`; empty for a phone.
    package var peers: [ClusterPeer]
    /// What to change before the answer may leave; empty where nothing changes, as for every refusal.
    package var changes: [Change]

    /// Joins the fields.
    package init(outcome: Outcome, peers: [ClusterPeer] = [], changes: [Change] = []) {
        self.outcome = outcome
        self.peers = peers
        self.changes = changes
    }

    /// The same with another outcome.
    func map<Other>(_ outcome: (Outcome) -> Other) -> Ruling<Other> {
        Ruling<Other>(outcome: outcome(self.outcome), peers: peers, changes: changes)
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
    /// Which units of a cluster may use a license that is registered to one of them.
    package enum HighAvailability: String, Sendable, CaseIterable {
        /// Every unit that lists the owner.
        case listed
        /// Those that list the owner and were bound with it.
        case binding
        /// The owner alone, which is also the only one to redeem the code again.
        case primaryOnly = "primary-only"
    }

    /// Which units may use a license beside its owner; `listed` unless turned.
    package var highAvailability: HighAvailability
    /// Whether one unregistered peer alone fails the whole request; false unless turned.
    ///
    /// [our choice: unregistered-peer] docs/protocol.md 3.4: published is only its string in `__clustered_sns`, in a
    /// request that failed anyway.
    package var unregisteredPeerFails: Bool

    /// Joins the fields.
    package init(highAvailability: HighAvailability = .listed, unregisteredPeerFails: Bool = false) {
        self.highAvailability = highAvailability
        self.unregisteredPeerFails = unregisteredPeerFails
    }
}

/// One change to a registry, as the rules ask for it and a store makes it.
///
/// The changes of one ruling are made together or not at all, in their order.
package enum Change: Sendable, Equatable {
    /// A device that is not there yet.
    case insertDevice(Device)
    /// A device that is there, with its new facts.
    case updateDevice(Device)
    /// A device that is there and that no license names.
    case deleteDevice(Serial)
    /// A license that is not there yet; its units are.
    case insertLicense(License)
    /// A license that is there, with its new binding and marks. Number, code and size stay.
    case updateLicense(License)
    /// A license that is there, with another code or size too.
    case reissueLicense(License)
    /// A license that is there, with its tokens.
    case deleteLicense(LicenseNumber)
    /// A token that is not there yet; its license is.
    case insertToken(Token)
    /// A token that is there, with its new facts. Serial and license stay.
    case updateToken(Token)
    /// How often this purpose was drawn by now.
    case recordDraws(Chance.Purpose, UInt64)
}
