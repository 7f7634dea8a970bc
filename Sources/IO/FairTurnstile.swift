/// Lets a few pieces of work through at a time, and of those that wait one of each kind after another; nobody's thread is
/// held.
///
/// For work that whoever asks can ask for as often as they like: a crowd of one kind does not keep the others out.
package final class FairTurnstile<Kind: Hashable & Sendable>: Sendable {
    private struct State: Sendable {
        var free: Int
        var waiting = FairLine<Kind, CheckedContinuation<Void, Never>>()
    }

    private let state: Monitor<State>

    /// A way that is free, for so many at once.
    package init(places: Int) { state = Monitor(State(free: places)) }

    /// Runs `body` with as few others as there are places; it must not come here again.
    package func pass<Value, Failure: Error>(
        as kind: Kind,
        _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        await enter(as: kind)
        defer { leave() }
        return try await body()
    }

    private func enter(as kind: Kind) async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation, of: kind)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave() {
        let next: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard let next = state.waiting.popFirst() else {
                state.free += 1
                return nil
            }
            return next
        }
        next?.resume()
    }
}
