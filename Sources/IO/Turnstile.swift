/// Lets one piece of work through at a time, the others in the order in which they came; nobody's thread is held.
///
/// For work that reads, waits and then changes what it read, such as making a lab or moving a clock.
package final class Turnstile: Sendable {
    private let turns = FairTurnstile<Bool>(places: 1)

    /// A way that is free.
    package init() {}

    /// Runs `body` alone; it must not come here again.
    package func pass<Value, Failure: Error>(
        _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        // All are of one kind, which has one line.
        try await turns.pass(as: true, body)
    }
}
