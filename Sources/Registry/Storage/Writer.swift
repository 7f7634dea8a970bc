import IO
import SoftToken
import Synchronization

/// The only one that changes a registry's file, on a thread of its own.
///
/// All jobs that wait share one transaction and so one sync of the disk; each learns its outcome only after the commit
/// has returned. Where a batch fails, it is rolled back and each of its jobs runs alone once.
final class Writer {
    private let connection: Connection
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

    /// How many jobs share a transaction at most, which bounds what the first of them waits for the last.
    static let batchLimit = 512

    /// 1 where the registry has a device or a license, else 0.
    static let hasRows = "SELECT EXISTS (SELECT 1 FROM devices) OR EXISTS (SELECT 1 FROM licenses)"

    /// Compiles the statements on the writer's connection.
    init(
        _ connection: Connection,
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
                while !rest.isEmpty {
                    let batch =
                        rest.first?.isWhole == true ? 1 : rest.prefix(Self.batchLimit).prefix { !$0.isWhole }.count
                    runBatch(rest.prefix(batch))
                    rest = rest.dropFirst(batch)
                }
            case .idle: keep { () throws(StoreError) in try checkpoints.runWhenIdle() }
            case .closed: return
            }
        }
    }

    private func runBatch(_ jobs: ArraySlice<Job>) {
        if let failure = queue.failure.withLock({ $0 }) {
            let repeated = StoreError(
                kind: .offline,
                operation: "write",
                path: failure.path,
                code: failure.code,
                message: "offline since \(failure.operation) failed: \(failure.message)"
            )
            return fail(jobs, repeated)
        }
        if jobs.count == 1, case .restore(let path, let reply)? = jobs.first {
            return unsafe restore(path, reply)
        }
        do throws(StoreError) {
            try begin.run()
        } catch {
            note(error)
            return fail(jobs, error)
        }
        do throws(StoreError) {
            let decided = try commitAll(jobs)
            isFull = false
            for job in decided {
                job.succeed()
            }
            keep { () throws(StoreError) in try checkpoints.runIfDue() }
        } catch {
            connection.rollBack()
            view.clear()
            note(error)
            if jobs.count == 1 || error.endsStore { return fail(jobs, error) }
            for index in jobs.indices {
                runBatch(jobs[index...index])
            }
        }
    }

    private func commitAll(_ jobs: ArraySlice<Job>) throws(StoreError) -> [Job.Decided] {
        var decided: [Job.Decided] = []
        decided.reserveCapacity(jobs.count)
        var draws: [Chance.Purpose: UInt64] = [:]
        var hasChanged = false
        for job in jobs {
            let (outcome, changes) = try decide(job)
            if case .replace = job {
                try connection.execute(Self.removeAllRows, as: "remove all rows")
                view.clear()
                hasChanged = true
            }
            for change in changes {
                // Of the counts that a batch passes through only the last has to be written.
                if case .recordDraws(let purpose, let count) = change {
                    draws[purpose] = count
                } else {
                    try rows.make(change)
                }
                view.note(change)
            }
            hasChanged = hasChanged || !changes.isEmpty
            decided.append(outcome)
        }
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
        return decided
    }

    private func decide(_ job: Job) throws(StoreError) -> (Job.Decided, [Change]) {
        switch job {
        case .activation(let request, let context, let reply):
            let ruling = try Rules.activate(request, in: view, context)
            return unsafe (.activation(ruling, reply), ruling.changes)
        case .provision(let request, let context, let reply):
            let ruling = try Rules.provision(request, in: view, context)
            return unsafe (.provision(ruling, reply), ruling.changes)
        case .claim(let request, let context, let reply):
            let ruling = try Rules.claim(request, in: view, context)
            return unsafe (.claim(ruling, reply), ruling.changes)
        case .operation(let operation, let context, let reply):
            let ruling = try Rules.operate(operation, in: view, context)
            return unsafe (.operation(ruling, reply), ruling.changes)
        case .setFact(let name, let value, let reply):
            try rows.setFact(name, value)
            return unsafe (.done(reply), [])
        case .replace(let changes, let reply): return unsafe (.done(reply), changes)
        case .merge(let draft, let chance, let reply):
            switch try draft.changes(in: view, chance) {
            case .success(let changes): return unsafe (.merged(.merged, reply), changes)
            case .failure(let error): return unsafe (.merged(.refused(error), reply), [])
            }
        case .restore: preconditionFailure("a restore is a batch of its own")
        case .load(let changes, let reply):
            defer { countRows.reset() }
            guard try countRows.step(), countRows.integer(0) == 0 else {
                throw StoreError(
                    kind: .conflict,
                    operation: "load",
                    path: connection.path,
                    code: 0,
                    message: "the registry is not empty"
                )
            }
            return unsafe (.done(reply), changes)
        }
    }

    /// What empties a registry; its facts stay.
    private static let removeAllRows = """
        DELETE FROM tokens; DELETE FROM members; DELETE FROM licenses; DELETE FROM devices; DELETE FROM draws;
        """

    /// Puts the registry back to what another file holds, facts and draws included, in one transaction.
    private func restore(_ path: String, _ reply: Job.Reply<Void>) {
        defer { view.clear() }
        do throws(StoreError) {
            try RegistryFile.restore(connection, from: path)
            queue.generation.add(1, ordering: .releasing)
            queue.commits.add(1, ordering: .relaxed)
            queue.committedJobs.add(1, ordering: .relaxed)
            unsafe reply.resume(returning: .success(()))
        } catch {
            note(error)
            queue.failedJobs.add(1, ordering: .relaxed)
            unsafe reply.resume(returning: .failure(error))
        }
    }

    private func fail(_ jobs: ArraySlice<Job>, _ error: StoreError) {
        queue.failedJobs.add(UInt64(jobs.count), ordering: .relaxed)
        for job in jobs {
            job.fail(error)
        }
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
