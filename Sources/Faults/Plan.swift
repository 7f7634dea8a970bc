/// What the rules decided for one connection at one stage: values to act on, in order; empty in the normal case.
package struct Plan: Sendable, Equatable {
    /// Nothing is to be done: the connection goes on as it would.
    package static let none = Plan()

    /// Whether nothing is to be done.
    package var isEmpty: Bool { self == .none }
}
