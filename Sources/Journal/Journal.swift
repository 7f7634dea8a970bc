package import Faults
import IO
import Synchronization

/// What happened in one lab, in memory and bounded: exchanges, and how each connection ended.
///
/// Each loop writes into a shard of its own, so that its lock is free and nothing is allocated. An entry takes its
/// number from a counter of the whole journal under its shard's lock: who reads the counter first and then visits the
/// shards sees every entry up to there. Whatever is older than an entry that was driven out counts as driven out too,
/// so that what is left is always the latest stretch without a gap.
package final class Journal: Sendable {
    /// The lab's name.
    package let lab: String
    /// How much it holds.
    package let limits: JournalLimits
    /// Whether anything is recorded.
    package let isOn: Bool

    let shards: [Monitor<JournalShard>]
    private let sequence = Atomic<UInt64>(0)
    private let horizon = Atomic<UInt64>(0)
    private let cleared = Atomic<UInt64>(0)
    private let clearedThrough = Atomic<UInt64>(0)
    private let labClock: @Sendable () -> Int64

    /// An empty journal of a lab, written to by so many loops; `clock` is the lab's, in seconds since 1970.
    package init(lab: String, limits: JournalLimits, shards count: Int, clock: @escaping @Sendable () -> Int64) {
        self.lab = lab
        self.limits = limits
        isOn = limits.entries > 0
        labClock = clock
        shards = (0..<(isOn ? max(1, count) : 0))
            .map { _ in
                Monitor(JournalShard(limits: limits, bytes: limits.bytes / max(1, count)))
            }
    }

    /// The lab's time, in seconds since 1970.
    package var labTime: Int64 { labClock() }

    // MARK: - Recording

    /// Records an exchange before its answer leaves, on the loop of this number.
    ///
    /// So many bytes of `request` and of `answer` are their heads. `time` is the host's, in milliseconds since 1970.
    /// Waits for nobody but a reader who copies a few entries. The record is not changed, only lent as it lies: to be
    /// lent for reading it would be copied, with all its references.
    package func record(
        _ exchange: inout ExchangeRecord,
        of opening: ConnectionOpening,
        request: Span<UInt8>,
        head requestHead: Int,
        answer: Span<UInt8>,
        head answerHead: Int,
        time: Int64,
        microseconds: UInt64,
        loop: Int
    ) {
        guard isOn else { return }
        let labTime = self.labTime
        let index = loop % shards.count
        shards[index]
            .withLock { shard in
                // The tokens whole; of what is left, half for each side, and more where the other needs less.
                let tokens = exchange.tokens.bytes.count <= shard.entryBytes ? exchange.tokens.bytes.count : 0
                let room = shard.entryBytes - tokens
                let requestRoom = min(request.count, max(room / 2, room - answer.count))
                let head = min(requestHead, requestRoom)
                let answerRoom = min(answer.count, room - requestRoom)
                let answered = min(answerHead, answerRoom)
                let heads = shard.keepHeads(request.extracting(first: head), answer.extracting(first: answered))
                let start = shard.end
                shard.append(exchange.tokens.bytes.span.extracting(first: tokens))
                shard.append(request.extracting(head..<requestRoom))
                shard.append(answer.extracting(answered..<answerRoom))
                let content = ExchangeEntry.Content(
                    requestHeadStart: heads.request,
                    answerHeadStart: heads.answer,
                    start: start,
                    requestHead: UInt32(head),
                    answerHead: UInt32(answered),
                    tokens: UInt32(tokens),
                    requestBody: UInt32(requestRoom - head),
                    answerBody: UInt32(answerRoom - answered),
                    requestBytes: UInt32(clamping: request.count),
                    answerBytes: UInt32(clamping: answer.count),
                    areTokensCut: exchange.tokens.isCut || tokens < exchange.tokens.bytes.count
                )
                let number = sequence.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
                // Moved into its slot: it is large, and has seven references.
                let entry = JournalEntry.exchange(
                    ExchangeEntry(
                        sequence: number,
                        opening: opening,
                        time: time,
                        labTime: labTime,
                        method: exchange.method,
                        path: exchange.path,
                        type: exchange.type,
                        serial: exchange.serial,
                        license: exchange.license,
                        reason: exchange.reason,
                        rules: exchange.rules,
                        code: exchange.code.map { Int32(clamping: $0) },
                        microseconds: UInt32(clamping: microseconds),
                        number: exchange.number,
                        isPending: exchange.isPending,
                        status: exchange.status,
                        shard: UInt16(truncatingIfNeeded: index),
                        content: content
                    )
                )
                drop(through: shard.append(consume entry, number, firstByte: content.firstByte))
            }
    }

    /// Records the end of a connection, on the loop of this number; `time` is the host's, in milliseconds since 1970.
    package func record(_ connection: ConnectionRecord, time: Int64, loop: Int) {
        append(on: loop) { .end(EndEntry(sequence: $0, time: time, record: connection)) }
    }

    /// Records that a rule acted on a connection, which goes on from this stage, before its peer can know of it.
    ///
    /// Told again, it holds in place of what was told before, until the connection's end is recorded. The time and the
    /// loop are those of ``record(_:time:loop:)``.
    package func mark(_ opening: ConnectionOpening, at stage: Stage, rules: RuleNotes, time: Int64, loop: Int) {
        append(on: loop) {
            .mark(MarkEntry(sequence: $0, time: time, opening: opening, stage: stage, rules: rules))
        }
    }

    private func append(on loop: Int, _ entry: (UInt64) -> JournalEntry) {
        guard isOn else { return }
        shards[loop % shards.count]
            .withLock { shard in
                let number = sequence.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
                drop(through: shard.append(entry(number), number))
            }
    }

    private func drop(through sequence: UInt64) {
        if sequence > 0 { horizon.max(sequence, ordering: .relaxed) }
    }

    // MARK: - Bounds

    /// The number of the latest entry; 0 before the first.
    package var latest: UInt64 { sequence.load(ordering: .sequentiallyConsistent) }

    /// The number of the last entry that is no longer there; every later one is.
    package var lastDropped: UInt64 {
        let latest = self.latest
        let entries = UInt64(limits.entries)
        return max(horizon.load(ordering: .relaxed), latest > entries ? latest - entries : 0)
    }

    /// The number of the last entry that was cleared; 0 where none was.
    package var lastCleared: UInt64 { clearedThrough.load(ordering: .relaxed) }

    /// How much it holds and held.
    package var statistics: JournalStatistics {
        let dropped = lastDropped
        return JournalStatistics(
            entries: Int(latest - min(latest, dropped)),
            bytes: shards.reduce(0) { sum, shard in sum + shard.withLock { $0.byteCount } },
            dropped: dropped - min(dropped, cleared.load(ordering: .relaxed))
        )
    }

    /// Drops everything that was recorded before the call.
    package func clear() {
        let bound = latest
        let held = bound - min(bound, lastDropped)
        clearedThrough.max(bound, ordering: .relaxed)
        horizon.max(bound, ordering: .relaxed)
        cleared.wrappingAdd(held, ordering: .relaxed)
        for shard in shards { shard.withLock { $0.removeAll(through: bound) } }
    }
}

/// How much a journal holds.
package struct JournalStatistics: Sendable, Equatable {
    /// Entries held: exchanges and ends of connections.
    package let entries: Int
    /// Bytes of requests and answers held.
    package let bytes: Int
    /// Entries that later ones drove out; what was cleared is not among them.
    package let dropped: UInt64
}

/// How much a lab's journal holds; what comes beyond drives the oldest out.
package struct JournalLimits: Sendable, Equatable {
    /// Entries: exchanges and ends of connections; 0 switches the journal off.
    package var entries = 10_000
    /// Bytes of requests, answers and names of tokens.
    ///
    /// Each loop has an equal part, so that none waits for another.
    package var bytes = 16 * 1024 * 1024
    /// Bytes of one exchange; a longer one keeps its beginning and says that it was cut.
    package var entryBytes = 64 * 1024

    /// The defaults.
    package init() {}
}
