import IO

/// What one loop recorded: a ring of entries and a ring of bytes, under the lock of whoever holds it.
struct JournalShard: Sendable {
    private let limits: JournalLimits
    private let ring: ByteRing?
    private var slots: [JournalEntry?] = []
    /// What is asked of each slot's entry with every entry that comes: to ask an entry itself would copy it.
    private var marks: [Mark] = []
    /// The places of the oldest and of the next entry, counted from the first ever; the slot is the rest by the
    /// capacity.
    private var first = 0
    private var next = 0
    /// Where the heads of the exchange before lie.
    private var requestHead: UInt64 = 0
    private var answerHead: UInt64 = 0

    /// An entry's number, and the place of its first byte; `.max` for one without bytes.
    private struct Mark: Sendable {
        var sequence: UInt64
        var firstByte: UInt64
    }

    /// An empty shard that keeps `bytes` bytes; memory is touched as it fills.
    init(limits: JournalLimits, bytes: Int) {
        self.limits = limits
        ring = bytes > 0 ? ByteRing(capacity: bytes) : nil
        slots.reserveCapacity(limits.entries)
    }

    /// The most bytes of one exchange.
    var entryBytes: Int { min(limits.entryBytes, ring?.capacity ?? 0) }

    /// The place of the next byte.
    var end: UInt64 { ring?.end ?? 0 }

    /// How many bytes its entries hold.
    var byteCount: Int {
        for place in first..<next {
            let start = marks[place % limits.entries].firstByte
            if start != .max { return Int(end - start) }
        }
        return 0
    }

    /// Keeps bytes; in all no more than ``entryBytes`` between two entries.
    func append(_ bytes: Span<UInt8>) {
        ring?.append(bytes)
    }

    /// Keeps an entry with its number and the place of its first byte, and drops those that it drives out; its bytes
    /// were appended before.
    ///
    /// - Returns: The number of the last that was dropped for its bytes; 0 where none was. Those that are too many are
    ///   known by their numbers.
    mutating func append(_ entry: consuming JournalEntry, _ number: UInt64, firstByte: UInt64 = .max) -> UInt64 {
        var dropped: UInt64 = 0
        let oldestByte = ring?.start ?? 0
        let mark = Mark(sequence: number, firstByte: firstByte)
        while first < next {
            let oldest = marks[first % limits.entries]
            let isOverwritten = oldest.firstByte < oldestByte
            guard isOverwritten || oldest.sequence + UInt64(limits.entries) <= number else { break }
            if isOverwritten { dropped = oldest.sequence }
            slots[first % limits.entries] = nil
            first += 1
        }
        if next < limits.entries {
            slots.append(consume entry)
            marks.append(mark)
        } else {
            slots[next % limits.entries] = consume entry
            marks[next % limits.entries] = mark
        }
        next += 1
        return dropped
    }

    /// Drops everything up to an entry's number.
    mutating func removeAll(through sequence: UInt64) {
        while first < next, marks[first % limits.entries].sequence <= sequence {
            slots[first % limits.entries] = nil
            first += 1
        }
    }

    /// Copies out entries in their order, at most `limit`, from behind one number up to another.
    func entries(after start: UInt64, through end: UInt64, limit: Int) -> [JournalEntry] {
        var (low, high) = (first, next)
        while low < high {
            let middle = low + (high - low) / 2
            if marks[middle % limits.entries].sequence <= start { low = middle + 1 } else { high = middle }
        }
        var found: [JournalEntry] = []
        while low < next, found.count < limit, let entry = slots[low % limits.entries], entry.sequence <= end {
            found.append(entry)
            low += 1
        }
        return found
    }

    /// Keeps the heads of a request and its answer, and says where they lie: where those before them do, if they are
    /// the same, as an appliance's are for a second.
    mutating func keepHeads(_ request: Span<UInt8>, _ answer: Span<UInt8>) -> (request: UInt64, answer: UInt64) {
        requestHead = keep(request, or: requestHead)
        answerHead = keep(answer, or: answerHead)
        return (requestHead, answerHead)
    }

    private func keep(_ head: Span<UInt8>, or last: UInt64) -> UInt64 {
        // What is overwritten takes with it all that was found there, which should not be much of what is held.
        if let ring, end - last < UInt64(ring.capacity / 16), ring.holds(head, at: last) { return last }
        let place = end
        append(head)
        return place
    }

    /// Copies out the noted tokens of an entry; nil where they were overwritten.
    func tokens(of content: ExchangeEntry.Content) -> [UInt8]? {
        ring.map { $0.read(content.start..<content.start + UInt64(content.tokens)) } ?? []
    }

    /// Copies out the bytes of an entry, its heads and then the rest; nil where some were overwritten.
    func bytes(of content: ExchangeEntry.Content) -> [UInt8]? {
        guard let ring else { return [] }
        let rest = UInt64(content.tokens) + UInt64(content.requestBody) + UInt64(content.answerBody)
        let parts = [
            (content.requestHeadStart, UInt64(content.requestHead)),
            (content.answerHeadStart, UInt64(content.answerHead)), (content.start, rest),
        ]
        return parts.reduce([]) { bytes, part in
            guard let bytes, let more = ring.read(part.0..<part.0 + part.1) else { return nil }
            return bytes + more
        }
    }
}
