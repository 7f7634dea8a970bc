/// A wait that a rule orders.
package struct Hold: Sendable, Equatable {
    /// How long.
    package let duration: Duration
    /// How long the rule is in force: a wait ends with it.
    package let term: RuleTerm?

    /// Joins both.
    package init(_ duration: Duration, under term: RuleTerm?) {
        self.duration = duration
        self.term = term
    }
}
