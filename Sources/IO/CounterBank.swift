import Synchronization

/// Counters that one thread raises and any thread reads.
///
/// With a single writer no counter needs a locked instruction: a load, an addition and a store, which no other thread can
/// come between, since no other writes.
@safe
package final class CounterBank: Sendable {
    /// How many counters there are.
    package let count: Int
    // Allocated for the bank's life; the cells themselves are atomic.
    private nonisolated(unsafe) let cells: UnsafeMutablePointer<Atomic<UInt64>>

    /// So many counters, each at 0.
    package init(count: Int) {
        self.count = count
        unsafe cells = .allocate(capacity: count)
        for index in 0..<count { unsafe (cells + index).initialize(to: Atomic(0)) }
    }

    deinit {
        unsafe cells.deinitialize(count: count)
        unsafe cells.deallocate()
    }

    /// Raises a counter; by the bank's own thread only.
    package func add(_ amount: UInt64 = 1, to index: Int) {
        precondition(index >= 0 && index < count, "no such counter")
        let value = unsafe cells[index].load(ordering: .relaxed)
        unsafe cells[index].store(value &+ amount, ordering: .relaxed)
    }

    /// A counter's value, which may be about to rise.
    package subscript(index: Int) -> UInt64 {
        precondition(index >= 0 && index < count, "no such counter")
        return unsafe cells[index].load(ordering: .relaxed)
    }
}
