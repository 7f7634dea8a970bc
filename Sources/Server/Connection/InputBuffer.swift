/// What was read from a connection and not yet used: one array with a front and an end.
struct InputBuffer {
    /// How much a fresh buffer holds: one TLS record's text, so that each record is read in one piece.
    static let initialCapacity = 16 * 1024

    private static let clear = [UInt8](repeating: 0, count: 64 * 1024)

    private var storage = [UInt8](repeating: 0, count: initialCapacity)
    private var front = 0
    private var end = 0

    /// The unread bytes' count.
    var count: Int { end - front }

    /// Whether nothing is unread.
    var isEmpty: Bool { front == end }

    /// Lends the unread bytes, which the HTTP reader may compact in place.
    mutating func withUnread<Result, Failure: Error>(
        _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let range = front..<end
        var whole = storage.mutableSpan
        // The underscored name is the only one that the standard library has not deprecated.
        var unread = whole._mutatingExtracting(range)
        return try body(&unread)
    }

    /// Lends the free room behind the unread bytes and counts in what `body` says it wrote there.
    mutating func fill<Failure: Error>(
        _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        let range = end..<storage.count
        var whole = storage.mutableSpan
        var free = whole._mutatingExtracting(range)
        let count = try body(&free)
        end += count
        return count
    }

    /// Copies the unread bytes out and drops them.
    mutating func takeUnread() -> [UInt8] {
        defer { (front, end) = (0, 0) }
        return Array(storage[front..<end])
    }

    /// Drops everything, and room beyond a fresh buffer's: a large body's is not kept.
    mutating func reset() {
        (front, end) = (0, 0)
        if storage.count > Self.initialCapacity { storage = [UInt8](repeating: 0, count: Self.initialCapacity) }
    }

    /// Drops `count` unread bytes from the front.
    mutating func drop(_ count: Int) {
        front += count
        if front == end { (front, end) = (0, 0) }
    }

    /// Makes room for at least one more byte; `total` unread bytes are expected in all where that is known.
    ///
    /// It grows only when it is full, and then to at most twice its size: an announced body costs memory, and the work
    /// of clearing it, only as it arrives.
    mutating func makeRoom(forTotal total: Int) {
        let wanted = max(total, count + 1)
        guard front + wanted > storage.count else { return }
        if front > 0 {
            storage.replaceSubrange(0..<count, with: Array(storage[front..<end]))
            (front, end) = (0, count)
        }
        guard end == storage.count else { return }
        let grown = max(count + 1, min(storage.count * 2, max(total, count + 64 * 1024)))
        // In pieces that are copied, and not byte by byte, which takes milliseconds where nothing is optimised.
        while storage.count < grown { storage += Self.clear.prefix(grown - storage.count) }
    }
}
