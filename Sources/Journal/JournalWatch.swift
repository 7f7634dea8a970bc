import IO
import Synchronization

/// A wish to be told of the next entry.
package struct JournalWatch: Sendable, Hashable {
    fileprivate let number: UInt64
}

/// Who wants to be told of the next entry; a journal that nobody watches pays one load for it.
final class JournalWatches: Sendable {
    private struct State {
        var last: UInt64 = 0
        var calls: [(watch: JournalWatch, wake: @Sendable () -> Void)] = []
    }

    private let hasAny = Atomic<Bool>(false)
    private let state = Monitor(State())

    /// Adds a wish, for the caller to fulfil at once where it has been already.
    func add(_ wake: @escaping @Sendable () -> Void) -> JournalWatch {
        state.withLock { state in
            state.last += 1
            let watch = JournalWatch(number: state.last)
            state.calls.append((watch, wake))
            hasAny.store(true, ordering: .sequentiallyConsistent)
            return watch
        }
    }

    /// Takes a wish back.
    func remove(_ watch: JournalWatch) {
        state.withLock { state in
            state.calls.removeAll { $0.watch == watch }
            hasAny.store(!state.calls.isEmpty, ordering: .sequentiallyConsistent)
        }
    }

    /// Fulfils all wishes.
    func tell() {
        guard hasAny.load(ordering: .sequentiallyConsistent) else { return }
        let calls = state.withLock { state in
            hasAny.store(false, ordering: .sequentiallyConsistent)
            defer { state.calls.removeAll() }
            return state.calls
        }
        for call in calls { call.wake() }
    }
}
