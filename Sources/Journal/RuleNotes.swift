package import Faults

/// What fault rules had to do with a connection or an exchange: those that acted, and those that nearly did.
///
/// Nearly every exchange has none, and its record is copied more than once; so there is one reference, and none to
/// nothing.
package struct RuleNotes: Sendable, Equatable {
    private final class Content: Sendable {
        let acted: [Acted]
        let nearMisses: [NearMiss]

        init(acted: [Acted], nearMisses: [NearMiss]) {
            self.acted = acted
            self.nearMisses = nearMisses
        }
    }

    /// Nil for nothing.
    private var content: Content?

    /// The rules that acted, each once, in the order of their first act.
    package private(set) var acted: [Acted] {
        get { content?.acted ?? [] }
        set { content = Content(acted: newValue, nearMisses: nearMisses) }
    }
    /// Those that nearly did, and why they did not.
    package private(set) var nearMisses: [NearMiss] {
        get { content?.nearMisses ?? [] }
        set { content = Content(acted: acted, nearMisses: newValue) }
    }

    /// How many of each are named.
    package static let limit = 32

    /// Nothing.
    package init() {}

    /// Whether both name the same rules.
    package static func == (one: RuleNotes, other: RuleNotes) -> Bool {
        one.content === other.content || (one.acted == other.acted && one.nearMisses == other.nearMisses)
    }

    /// Notes a rule that acted.
    package mutating func note(_ rule: Acted) {
        guard acted.count < Self.limit, !acted.contains(rule) else { return }
        acted.append(rule)
    }

    /// Notes a rule that nearly acted.
    package mutating func note(_ miss: NearMiss) {
        guard nearMisses.count < Self.limit, !nearMisses.contains(miss) else { return }
        nearMisses.append(miss)
    }

    /// Notes what others had to do with it, too.
    package mutating func note(_ others: RuleNotes) {
        for rule in others.acted { note(rule) }
        for miss in others.nearMisses { note(miss) }
    }

    /// A rule acted in vain.
    package mutating func retract(_ miss: NearMiss) {
        acted.removeAll { $0.rule == miss.rule }
        note(miss)
    }
}
