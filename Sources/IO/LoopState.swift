import CLinux
import Glibc

/// What one loop's thread alone touches: the epoll set, who waits in it, deadlines and ready jobs.
@safe
final class LoopState {
    /// The epoll datum of the loop's own wake-up descriptor.
    static let wakeUpToken: UInt64 = 0

    /// Whether waits that may be interrupted end at once.
    var isDraining = false
    /// Whether every wait ends at once.
    var isAborting = false

    // What every turn touches. Accesses are not checked while the program runs: a job that is run adds to `local`
    // alone, while those of `batch` are gone through, and who is told of a deadline adds another behind it.

    /// When this turn began.
    @exclusivity(unchecked) var now = Instant(nanoseconds: 0)
    /// Jobs that are ready.
    @exclusivity(unchecked) var local: [UnownedJob] = []
    /// The jobs being run; kept for its storage.
    @exclusivity(unchecked) var batch: [UnownedJob] = []
    /// Calls for the end of this turn.
    @exclusivity(unchecked) var endOfTurn: [() -> Void] = []
    /// The deadlines.
    @exclusivity(unchecked) private(set) var timers = TimerQueue()

    private let selector: OwnedDescriptor
    @exclusivity(unchecked) private var events: [epoll_event]
    private var slots: [Slot] = [Slot()]
    private var freeSlots: [UInt32] = []

    /// A waiter's place.
    ///
    /// Its number is part of the token, and so is how often the place was taken before: an event or a
    /// deadline of something that is gone finds another generation, and is dropped. Place 0 is the loop's own.
    private struct Slot {
        var channel: Channel?
        var generation: UInt32 = 0
    }

    init(selector: consuming OwnedDescriptor) {
        self.selector = selector
        unsafe events = unsafe Array(repeating: epoll_event(), count: 512)
    }

    /// Gives a channel its number; ``remove(_:)`` takes it back.
    func add(_ channel: Channel) -> UInt64 {
        let index = freeSlots.popLast() ?? UInt32(slots.count)
        if index == slots.count { slots.append(Slot()) }
        slots[Int(index)].channel = channel
        return UInt64(slots[Int(index)].generation) << 32 | UInt64(index)
    }

    /// Forgets a channel.
    func remove(_ token: UInt64) {
        let index = UInt32(truncatingIfNeeded: token)
        slots[Int(index)].channel = nil
        slots[Int(index)].generation &+= 1
        freeSlots.append(index)
    }

    private func channel(_ token: UInt64) -> Channel? {
        let slot = slots[Int(UInt32(truncatingIfNeeded: token))]
        return slot.generation == UInt32(token >> 32) ? slot.channel : nil
    }

    /// Tells those of these numbers that are still there.
    func recall(_ tokens: Set<UInt64>, by recall: Recall) {
        for token in tokens { channel(token)?.recall(by: recall) }
    }

    /// All that live here.
    var channels: [Channel] { slots.compactMap(\.channel) }

    /// Asks for ``Channel/timerFired(at:)`` at `instant`.
    func schedule(_ token: UInt64, at instant: Instant) {
        guard instant != .never else { return }
        unsafe timers.insert(TimerQueue.Entry(instant: instant, owner: token))
        guard unsafe timers.count > 2 * (slots.count - freeSlots.count) + Self.spareTimers else { return }
        unsafe timers.keep { channel($0.owner)?.scheduled == $0.instant }
    }

    /// How many deadlines of those that are gone may stand between the others before they are swept out.
    private static let spareTimers = 64

    /// Adds, changes or removes a descriptor in the epoll set.
    func control(_ operation: CInt, _ descriptor: CInt, events: UInt32, token: UInt64) throws(SystemError) {
        var event = unsafe epoll_event()
        unsafe event.events = events
        unsafe event.data.u64 = token
        let selector = selector.number
        try SystemCall.require("epoll_ctl") { unsafe Int(epoll_ctl(selector, operation, descriptor, &event)) }
    }

    /// Waits for events or the next deadline, tells each channel, and says whether another thread called.
    func waitForEvents(canSleep: Bool) -> Bool {
        let time = canSleep ? timeout() : 0
        let count = unsafe epoll_wait(selector.number, &events, CInt(events.count), time)
        unsafe now = .now
        guard count > 0 else {
            guard count == 0 || errno == EINTR else { fatalError("epoll_wait failed (errno \(errno))") }
            return false
        }
        var isCalled = false
        for index in 0..<Int(count) {
            let token = unsafe events[index].data.u64
            if token == Self.wakeUpToken {
                isCalled = true
            } else {
                unsafe channel(token)?.ready(events[index].events)
            }
        }
        return isCalled
    }

    /// Milliseconds until the next deadline, rounded up so that the loop does not spin just before it; -1 for none.
    private func timeout() -> CInt {
        guard let next = unsafe timers.next else { return -1 }
        let current = Instant.now
        guard next > current else { return 0 }
        return CInt(clamping: (next.nanoseconds - current.nanoseconds + 999_999) / 1_000_000)
    }

    /// Tells every channel whose deadline has come.
    func fireDueTimers() {
        while let entry = unsafe timers.popDue(at: now) {
            guard let channel = channel(entry.owner), channel.scheduled == entry.instant else { continue }
            unsafe channel.timerFired(at: now)
        }
    }

    /// Makes the calls that this turn put off, and those that they put off in turn.
    func runEndOfTurn() {
        while unsafe !endOfTurn.isEmpty {
            let calls = unsafe endOfTurn
            unsafe endOfTurn.removeAll(keepingCapacity: true)
            for call in calls { call() }
        }
    }
}

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
