package import IO

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
