import Synchronization

/// Counters that one thread raises and any thread reads.
///
/// With a single writer no counter needs a locked instruction: a load, an addition and a store, which no other thread
/// can come between, since no other writes.
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

/// How often values fell between fixed bounds, and their sum: a distribution that is cheap to keep and can be added up.
///
/// Raised by one thread, read by any, as ``CounterBank`` is.
package final class Histogram: Sendable {
    /// The upper bounds of its buckets, ascending and each included; what is above the last falls into one more.
    package let bounds: [UInt64]
    private let bank: CounterBank
    private let start: Int

    /// How many counters of a bank a histogram with these bounds takes.
    package static func size(bounds: [UInt64]) -> Int { bounds.count + 2 }

    /// A histogram in the counters of `bank` from `start` on.
    package init(bounds: [UInt64], in bank: CounterBank, at start: Int) {
        self.bounds = bounds
        self.bank = bank
        self.start = start
    }

    /// A histogram by itself.
    package convenience init(bounds: [UInt64]) {
        self.init(bounds: bounds, in: CounterBank(count: Self.size(bounds: bounds)), at: 0)
    }

    /// Counts a value; by the bank's own thread only.
    package func record(_ value: UInt64) {
        var bucket = 0
        while bucket < bounds.count, value > bounds[bucket] { bucket += 1 }
        bank.add(to: start + bucket)
        bank.add(value, to: start + bounds.count + 1)
    }

    /// What it holds now.
    package var reading: Reading {
        Reading(
            bounds: bounds,
            counts: (0...bounds.count).map { bank[start + $0] },
            sum: bank[start + bounds.count + 1]
        )
    }

    /// What a histogram held at one moment.
    package struct Reading: Sendable, Equatable {
        /// The upper bounds.
        package let bounds: [UInt64]
        /// How many values fell into each bucket, the one above the last bound included.
        package private(set) var counts: [UInt64]
        /// The values' sum.
        package private(set) var sum: UInt64

        /// What it holds together with another of the same bounds.
        package mutating func add(_ other: Reading) {
            precondition(bounds == other.bounds, "histograms of other bounds do not add up")
            for index in counts.indices { counts[index] &+= other.counts[index] }
            sum &+= other.sum
        }

        /// How many values there were.
        package var count: UInt64 { counts.reduce(0, &+) }
    }
}
