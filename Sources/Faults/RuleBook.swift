/// A lab's rules at one moment: immutable, so that a stage asks it without a lock.
///
/// No rule can be written yet: the catalogue of effects joins this module with the fault work, and every stage of a
/// connection already asks here.
package struct RuleBook: Sendable {
    /// The book without rules.
    package static let empty = RuleBook()

    /// What to do with a connection that knows `facts` and has reached `stage`.
    package func plan(at stage: Stage, _ facts: borrowing Facts) -> Plan { .none }
}
