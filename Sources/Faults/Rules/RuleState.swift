package import IO

/// A rule in force, and what became of it so far.
package struct RuleState: Sendable {
    /// The rule.
    package let rule: Rule
    /// Its place among all rules that the lab ever had, counted from 1.
    package let number: Int
    /// The second of the lab's clock after which it is gone; nil for never.
    package let expires: Int64?
    /// How long it is in force, for those whom it makes wait.
    let term: RuleTerm
    /// What looked like a slip when it was added.
    package internal(set) var notes: [String]
    /// How often everything that it matches on held.
    package internal(set) var matched = 0
    /// How often it acted.
    package internal(set) var acted = 0
    /// Why it did not, each reason with its count.
    package internal(set) var missed: [String: Int] = [:]

    /// A rule that comes into force at `now`, in seconds of the lab's clock, which `clock` shows later.
    init(_ rule: Rule, number: Int, now: Int64, clock: @escaping @Sendable () -> Int64, notes: [String] = []) {
        self.rule = rule
        self.notes = notes
        self.number = number
        expires = rule.lifetime.map { now + $0 }
        term = RuleTerm(until: expires, by: clock)
    }

    /// Whether it has acted as often as it may.
    package var isRetired: Bool { rule.times.map { acted >= $0 } ?? false }

    mutating func miss(_ reason: String) { missed[reason, default: 0] += 1 }
}

/// How long one rule is in force, for those whom it makes wait: they go on when it is over.
package final class RuleTerm: Sendable {
    /// What ends the waits when the rule is taken away.
    package let recall = Recall()
    private let expires: Int64?
    private let clock: @Sendable () -> Int64

    /// A rule that is in force until it is taken away, or until `clock`, in seconds, shows the second `expires`.
    init(until expires: Int64?, by clock: @escaping @Sendable () -> Int64) {
        self.expires = expires
        self.clock = clock
    }

    /// Whether it can be over without anybody saying so: its clock has to be looked at.
    package var isTimed: Bool { expires != nil }

    /// Whether it is over.
    package var isOver: Bool { recall.isOver || expires.map { $0 <= clock() } ?? false }

    /// The rule was taken away.
    func end() { recall.end() }
}

extension RuleTerm: Equatable {
    /// Whether both are of one rule.
    package static func == (left: RuleTerm, right: RuleTerm) -> Bool { left === right }
}
