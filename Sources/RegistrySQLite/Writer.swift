import IO
import Registry
import Synchronization

/// The only one that changes a registry's file, on a thread of its own.
///
/// All jobs that wait share one transaction and so one sync of the disk; each learns its outcome only after the commit
/// has returned. Where a batch fails, it is rolled back and each of its jobs runs alone once.
final class Writer {
    private let connection: SQLiteConnection
    private let queue: WriterQueue
    private let reader: RowReader
    private let rows: RowWriter
    private let view: CachedView
    private let begin: Statement
    private let commit: Statement
    private let countRows: Statement
    private let checkpoints: CheckpointPolicy
    private let report: @Sendable (StoreError) -> Void
    private var isFull = false
    /// How often each purpose was drawn by now, where the open transaction drew.
    private var draws: [Chance.Purpose: UInt64] = [:]
    /// Whether the open transaction changes something.
    private var hasChanged = false

    /// How many jobs share a transaction at most, which bounds what the first of them waits for the last.
    static let batchLimit = 512

    /// 1 where the registry has a device or a license, else 0.
    static let hasRows = "SELECT EXISTS (SELECT 1 FROM devices) OR EXISTS (SELECT 1 FROM licenses)"

    /// Compiles the statements on the writer's connection.
    init(
        _ connection: SQLiteConnection,
        _ queue: WriterQueue,
        report: @escaping @Sendable (StoreError) -> Void
    ) throws(StoreError) {
        self.connection = connection
        self.queue = queue
        self.report = report
        reader = try RowReader(connection)
        rows = try RowWriter(connection)
        view = CachedView(reader)
        begin = try connection.prepare("BEGIN IMMEDIATE", as: "begin")
        commit = try connection.prepare("COMMIT", as: "commit")
        countRows = try connection.prepare(Self.hasRows, as: "look for rows")
        checkpoints = CheckpointPolicy(connection)
    }

    /// Works until the queue is closed and empty.
    func run() {
        while true {
            switch queue.take(within: checkpoints.idleDelay) {
            case .jobs(let jobs):
                var rest = jobs[...]
                while let first = rest.first {
                    let batch = first.isAlone ? rest.prefix(1) : rest.prefix(Self.batchLimit).prefix { !$0.isAlone }
                    runBatch(batch)
                    rest = rest.dropFirst(batch.count)
                }
            case .idle: keep { () throws(StoreError) in try checkpoints.run() }
            case .closed: return
            }
        }
    }

    private func runBatch(_ jobs: ArraySlice<Job>) {
        if let failure = queue.failure.withLock({ $0 }) {
            var repeated = failure
            (repeated.kind, repeated.operation) = (.offline, "write")
            repeated.message = "offline since \(failure.operation) failed: \(failure.message)"
            return fail(jobs, repeated)
        }
        var source: RestoreSource?
        do throws(StoreError) {
            if case .restore(let path, _)? = jobs.first?.work { source = try RestoreSource(path, on: connection) }
            try begin.run()
        } catch {
            note(error)
            return fail(jobs, error)
        }
        do throws(StoreError) {
            let outcomes = try commitAll(jobs, from: source)
            isFull = false
            // Whoever is told that a restore is done finds nothing of it left over.
            source = nil
            EventLoop.wakingOnce {
                // By its place, since a job that is taken out is copied with its request.
                for (index, outcome) in zip(jobs.indices, outcomes) { jobs[index].end(.success(outcome)) }
            }
            keep { () throws(StoreError) in try checkpoints.runIfDue() }
        } catch {
            connection.rollBack()
            source = nil
            view.clear()
            note(error)
            if jobs.count == 1 || error.endsStore { return fail(jobs, error) }
            for index in jobs.indices { runBatch(jobs[index...index]) }
        }
    }

    private func commitAll(
        _ jobs: ArraySlice<Job>,
        from source: borrowing RestoreSource?
    ) throws(StoreError) -> [Job.Outcome] {
        var outcomes: [Job.Outcome] = []
        outcomes.reserveCapacity(jobs.count)
        (draws, hasChanged) = ([:], false)
        for job in jobs { outcomes.append(try perform(job.work, from: source)) }
        for (purpose, count) in draws {
            try rows.make(.recordDraws(purpose, count))
        }
        let begun = Instant.now
        try commit.run()
        if hasChanged {
            queue.batches.record(UInt64(jobs.count))
            queue.commitTimes.record(UInt64(clamping: Instant.now.since(begun).nanoseconds / 1_000))
            queue.generation.add(1, ordering: .releasing)
            queue.commits.add(1, ordering: .relaxed)
            queue.committedJobs.add(UInt64(jobs.count), ordering: .relaxed)
        }
        return outcomes
    }

    /// Does what a job asks in the open transaction.
    private func perform(
        _ work: Job.Work,
        from source: borrowing RestoreSource?
    ) throws(StoreError) -> Job.Outcome {
        switch work {
        case .request(let request, let context):
            let ruling = try view.decide(request, context)
            try make(ruling.changes)
            return .request(ruling)
        case .operation(let operation, let context):
            let ruling = try view.perform(operation, context)
            try make(ruling.changes)
            return .operation(ruling)
        case .load(let changes):
            guard try countRows.number() == 0 else {
                throw StoreError(.conflict, in: "load", path: connection.path, "the registry is not empty")
            }
            try make(changes)
            return .done
        case .replace(let changes, let facts):
            try rows.removeAll()
            view.clear()
            hasChanged = true
            try make(changes)
            try set(facts)
            return .done
        case .merge(let draft, let chance, let facts):
            switch try view.changes(merging: draft, chance) {
            case .success(let changes):
                var counts = try reader.counts()
                counts.add(RegistryCounts(inserting: changes))
                try make(changes)
                try set(facts)
                return .merge(.merged(counts))
            case .failure(let error): return .merge(.refused(error))
            }
        case .facts(let facts):
            try set(facts)
            return .done
        case .restore(_, let facts):
            try source?.copyRows()
            view.clear()
            hasChanged = true
            try set(facts)
            return .done
        }
    }

    private func make(_ changes: [Change]) throws(StoreError) {
        for change in changes {
            // Of the counts that a batch passes through only the last has to be written.
            if case .recordDraws(let purpose, let count) = change {
                draws[purpose] = count
            } else {
                try rows.make(change)
            }
            view.note(change)
        }
        if !changes.isEmpty { hasChanged = true }
    }

    private func set(_ facts: RegistryFacts) throws(StoreError) {
        for (name, value) in facts { try rows.setFact(name, value) }
        if !facts.isEmpty { hasChanged = true }
    }

    private func fail(_ jobs: ArraySlice<Job>, _ error: StoreError) {
        queue.failedJobs.add(UInt64(jobs.count), ordering: .relaxed)
        for job in jobs { job.end(.failure(error)) }
    }

    /// Runs what no job waits for, and notes its failure.
    private func keep(_ body: () throws(StoreError) -> Void) {
        do throws(StoreError) { try body() } catch { note(error) }
    }

    /// Tells the operator what an error means for all: once for a disk that is full, until it is not, and once for the
    /// end.
    private func note(_ error: StoreError) {
        if error.endsStore {
            queue.failure.withLock { $0 = error }
            report(error)
        } else if error.kind == .full, !isFull {
            isFull = true
            report(error)
        }
    }
}

/// When the writer copies the log into the database.
///
/// Never as part of a commit that someone waits for: SQLite's own checkpoints are off. The writer runs one when nothing
/// came for a while, and between two batches when the log has grown past a bound, for without a pause the log would
/// grow for ever.
@safe
final class CheckpointPolicy {
    private let connection: SQLiteConnection
    private let logPages: UnsafeMutablePointer<Int32>
    private var copiedPages = 0
    private var bound = CheckpointPolicy.pages

    /// The log's length, in pages, at which a busy writer stops for a checkpoint: 32 MiB of 4 KiB pages.
    static let pages = 8_192
    /// How long nothing must come before the writer counts as idle, in milliseconds.
    static let pause = 200

    /// Takes over the checkpoints of the writer's connection.
    init(_ connection: SQLiteConnection) {
        self.connection = connection
        unsafe logPages = .allocate(capacity: 1)
        unsafe logPages.initialize(to: 0)
        unsafe connection.reportLogPages(to: logPages)
    }

    deinit {
        unsafe connection.reportLogPages(to: nil)
        unsafe logPages.deallocate()
    }

    private var pages: Int { unsafe Int(logPages.pointee) }

    /// How long the writer should wait for work before it is idle; nil where an idle writer has nothing to copy.
    var idleDelay: Int? { pages == copiedPages ? nil : Self.pause }

    /// Copies the log if it has grown past the bound.
    func runIfDue() throws(StoreError) {
        // The log starts over once all of it was copied; then the old bound holds again.
        if pages < copiedPages { (copiedPages, bound) = (0, Self.pages) }
        if pages >= bound { try run() }
    }

    /// Copies the log, as after a pause.
    func run() throws(StoreError) {
        // Noted first: a reader that keeps part of the log is not waited for, nor asked again at every batch.
        copiedPages = pages
        bound = pages + Self.pages
        let (length, done) = try connection.checkpoint()
        if length == done { bound = Self.pages }
    }
}
