/// Lets one piece of work through at a time, or a few, the others in the order in which they came; nobody's thread is held.
///
/// For work that reads, waits and then changes what it read, such as making a lab or moving a clock.
package final class Turnstile: Sendable {
    private struct State: Sendable {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Monitor<State>

    /// A way that is free, for so many at once.
    package init(places: Int = 1) { state = Monitor(State(free: places)) }

    /// Runs `body` alone, or with as few others as there are places; it must not come here again.
    package func pass<Value, Failure: Error>(
        _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave() {
        let next: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
