import Synchronization

/// Ends waits, on whichever loops they are, when what they were for is over: once, and for good.
package final class Recall: Sendable {
    private let over = Atomic(false)
    private let waiting = Monitor<[ObjectIdentifier: Waiters]>([:])

    /// Those of one loop, by the numbers that it gave them.
    private struct Waiters: Sendable {
        let loop: EventLoop
        var tokens: Set<UInt64> = []
    }

    /// Nothing is over yet.
    package init() {}

    /// Whether it was called.
    package var isOver: Bool { over.load(ordering: .acquiring) }

    /// Ends every wait that is under it, now and from now on.
    package func end() {
        let called = waiting.withLock { waiting in
            // Set under the lock, so that whoever enters is either told below or sees it.
            over.store(true, ordering: .releasing)
            defer { waiting.removeAll() }
            return waiting
        }
        for waiters in called.values {
            waiters.loop.execute { unsafe waiters.loop.state.recall(waiters.tokens, by: self) }
        }
    }

    /// Notes a wait; false where it is over already.
    func enter(_ token: UInt64, on loop: EventLoop) -> Bool {
        waiting.withLock { waiting in
            guard !isOver else { return false }
            waiting[ObjectIdentifier(loop), default: Waiters(loop: loop)].tokens.insert(token)
            return true
        }
    }

    /// Forgets a wait.
    func leave(_ token: UInt64, on loop: EventLoop) {
        waiting.withLock { waiting in
            let place = ObjectIdentifier(loop)
            waiting[place]?.tokens.remove(token)
            if waiting[place]?.tokens.isEmpty == true { waiting[place] = nil }
        }
    }
}
