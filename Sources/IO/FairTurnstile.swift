/// Lets a few pieces of work through at a time, and of those that wait one of each kind after another; nobody's thread
/// is held.
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

/// Who waits, in a line for each kind: the kinds have their turn one after another, so that a crowd of one kind keeps
/// nobody of another one waiting for longer than its own next.
package struct FairLine<Kind: Hashable & Sendable, Element: Sendable>: Sendable {
    private var lines: [Kind: [Element]] = [:]
    /// The kinds that somebody waits of, the next first.
    private var order: [Kind] = []
    /// How many wait.
    package private(set) var count = 0

    /// Nobody waits.
    package init() {}

    /// Lets one wait behind the others of its kind.
    package mutating func append(_ element: Element, of kind: Kind) {
        count += 1
        if lines[kind]?.append(element) == nil {
            lines[kind] = [element]
            order.append(kind)
        }
    }

    /// Takes the one whose turn it is.
    package mutating func popFirst() -> Element? {
        guard let kind = order.first, let element = lines[kind]?.removeFirst() else { return nil }
        count -= 1
        order.removeFirst()
        if lines[kind]?.isEmpty == true { lines[kind] = nil } else { order.append(kind) }
        return element
    }

    /// Takes one that waits no longer, wherever in the line of its kind it is; nil where none is the one.
    package mutating func remove(of kind: Kind, where isOne: (Element) -> Bool) -> Element? {
        guard let index = lines[kind]?.firstIndex(where: isOne), let element = lines[kind]?.remove(at: index) else {
            return nil
        }
        count -= 1
        if lines[kind]?.isEmpty == true {
            lines[kind] = nil
            order.removeAll { $0 == kind }
        }
        return element
    }
}

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
