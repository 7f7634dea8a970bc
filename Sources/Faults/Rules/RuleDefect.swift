/// Why a rule is refused: which of its values, and what is wrong with it.
package struct RuleDefect: Error, Sendable, Equatable {
    /// The value's place in the rule, such as `with.profile`; empty for the rule as a whole.
    package let path: String
    /// What is wrong with it.
    package let reason: String
    /// Whether the rule is in order, but the lab as it is now has no place where it could act.
    package let isConflict: Bool

    /// Joins them.
    package init(_ path: String, _ reason: String, isConflict: Bool = false) {
        self.path = path
        self.reason = reason
        self.isConflict = isConflict
    }

    /// The same defect where `parent` holds the value.
    package func within(_ parent: String) -> RuleDefect {
        RuleDefect(path.isEmpty ? parent : "\(parent).\(path)", reason, isConflict: isConflict)
    }
}

extension RuleDefect: CustomStringConvertible {
    /// For example `with.hold: "10" is no duration: a number and ms, s, m, h or d`.
    package var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}
