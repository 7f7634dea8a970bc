/// The deadlines of one loop: a binary heap of moments, each with the number of what waits for it.
///
/// A deadline that moves takes nothing out: who no longer waits ignores the call. That makes one that moves with every
/// request free, since it only moves later and the entry that fires early is put back. What no longer means anything
/// is swept out by ``keep(where:)``.
struct TimerQueue {
    /// One wait.
    struct Entry {
        /// When.
        let instant: Instant
        /// Whose: a number that the loop gave out.
        let owner: UInt64
    }

    private var heap: [Entry] = []

    /// The next moment, or nil where nothing waits.
    var next: Instant? { heap.first?.instant }

    /// How many waits there are, those that mean nothing any more included.
    var count: Int { heap.count }

    /// Drops the waits that `isWanted` does not know.
    mutating func keep(where isWanted: (Entry) -> Bool) {
        heap.removeAll { !isWanted($0) }
        for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    /// Adds a wait.
    mutating func insert(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].instant < heap[parent].instant else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the first wait whose moment has come.
    mutating func popDue(at now: Instant) -> Entry? {
        guard let first = heap.first, first.instant <= now else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        sink(0)
        return first
    }

    /// Moves an entry down to where none below it is earlier.
    private mutating func sink(_ index: Int) {
        var parent = index
        while true {
            let left = 2 * parent + 1
            guard left < heap.count else { return }
            let right = left + 1
            let child = right < heap.count && heap[right].instant < heap[left].instant ? right : left
            guard heap[child].instant < heap[parent].instant else { return }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
