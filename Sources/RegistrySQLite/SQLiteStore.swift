import Glibc
import IO
package import Registry
import Synchronization

/// One registry in one SQLite file, open.
///
/// Every change goes through the writer, a thread of the store's own, and is durable before anyone learns of it;
/// readers are ``SQLiteSession``s, one a loop, which do not keep the store: it closes with its last reference. It may
/// be used from any thread. Another store, in whatever process, can't open the file meanwhile.
package final class SQLiteStore: RegistryStore {
    let queue: WriterQueue
    private let lock: FileLock
    private let thread: Monitor<Thread?>

    /// The registry's file.
    var path: String { queue.path }

    /// Opens the file, or makes it where there is none, with mode 0600.
    ///
    /// - Parameters:
    ///   - path: The file; its folder exists. `-wal`, `-shm` and `.lock` stand beside it.
    ///   - pageLimit: The size that the file may reach, in pages of 4 KiB; nil for SQLite's own limit.
    ///   - report: Called on the writer's thread with what the operator should know: that the disk is full (once until
    ///     a commit works again), or what took the store offline.
    /// - Returns: The open store.
    /// - Throws: `StoreError` where the file is in use, damaged, another program's or from a newer version, or where
    ///   commits would not be durable. The file is left as it was.
    package static func open(
        path: String,
        pageLimit: Int? = nil,
        report: @escaping @Sendable (StoreError) -> Void = { _ in }
    ) throws(StoreError) -> SQLiteStore {
        let lock = try FileLock(path: path)
        try RegistryFile.createIfMissing(path)
        let connection = try SQLiteConnection(path: path, .readWrite)
        try RegistryFile.prepare(connection, pageLimit: pageLimit)
        let queue = WriterQueue(path: path)
        let writer = try Writer(connection, queue, report: report)
        do throws(SystemError) {
            return SQLiteStore(queue, lock, thread: try Thread(named: "registry") { writer.run() })
        } catch {
            throw .system(error.code, in: "start the writer's thread", path: path)
        }
    }

    private init(_ queue: WriterQueue, _ lock: FileLock, thread: Thread) {
        self.queue = queue
        self.lock = lock
        self.thread = Monitor(thread)
    }

    deinit {
        close()
    }

    /// Lets the writer finish everything that was handed over, and ends it; blocks until then.
    package func close() {
        guard let thread = thread.withLock({ $0.take() }) else { return }
        queue.close()
        thread.join()
        lock.release()
    }

    /// A reader for one event loop, with a connection of its own.
    package func makeSession(
        scheduleFlush: sending @escaping (SQLiteSession) -> Void
    ) throws(StoreError) -> sending SQLiteSession {
        try SQLiteSession(SQLiteConnection(path: path, .read), queue, scheduleFlush: scheduleFlush)
    }

    /// A reader for one thread or loop, with a connection of its own.
    package func makeBrowser() throws(StoreError) -> sending SQLiteBrowser {
        try SQLiteBrowser(SQLiteConnection(path: path, .read))
    }

    /// Every row, read in one transaction on a connection of its own.
    ///
    /// The writer's log can't start over until the last row, or the end of what this returns.
    package func makeRows() throws(StoreError) -> sending any RegistryRows {
        try RowStream(SQLiteConnection(path: path, .read))
    }

    /// Fills an empty registry with a document, all of it or nothing.
    package func load(_ document: RegistryDocument) async throws(StoreError) {
        try await queue.perform(.load(document.changes))
    }

    /// Whether there is no device and no license.
    package var isEmpty: Bool {
        get throws(StoreError) {
            let connection = try SQLiteConnection(path: path, .read)
            return try connection.number(Writer.hasRows, as: "look for rows") == 0
        }
    }

    /// What took the store offline; nil while it works.
    package var failure: StoreError? { queue.failure.withLock { $0 } }

    /// What the writer has done so far.
    package var metrics: WriterMetrics {
        WriterMetrics(
            commits: queue.commits.load(ordering: .relaxed),
            committedJobs: queue.committedJobs.load(ordering: .relaxed),
            failedJobs: queue.failedJobs.load(ordering: .relaxed),
            batches: queue.batches.reading,
            commitTimes: queue.commitTimes.reading
        )
    }
}

extension SQLiteStore {
    /// Does what an operator asks; returns once what it changed is durable.
    package func perform(
        _ operation: RegistryOperation,
        _ context: RuleContext
    ) async throws(StoreError) -> OperationOutcome {
        guard case .operation(let ruling) = try await queue.perform(.operation(operation, context)) else {
            preconditionFailure("another job's outcome")
        }
        return ruling.outcome
    }

    /// Makes the registry what a document says, all of it or nothing, and returns what it holds now.
    @discardableResult
    package func replace(
        with document: RegistryDocument,
        facts: RegistryFacts = [:]
    ) async throws(StoreError) -> RegistryCounts {
        let changes = document.changes
        try await queue.perform(.replace(changes, facts))
        return RegistryCounts(inserting: changes)
    }

    /// Merges a document into the registry, all of it or nothing.
    package func merge(
        _ draft: DocumentDraft,
        _ chance: Chance,
        facts: RegistryFacts = [:]
    ) async throws(StoreError) -> MergeOutcome {
        guard case .merge(let outcome) = try await queue.perform(.merge(draft, chance, facts)) else {
            preconditionFailure("another job's outcome")
        }
        return outcome
    }

    /// A fact that the lab keeps with its registry, read from the file; nil where there is none.
    package func fact(_ name: String) throws(StoreError) -> String? {
        let statement = try SQLiteConnection(path: path, .read)
            .prepare(Table.facts.find, as: "read fact")
        statement.bind(name, at: 1)
        return try statement.step() ? statement.text(0) : nil
    }

    /// Keeps facts, all of them or none; returns once that is durable.
    package func setFacts(_ facts: RegistryFacts) async throws(StoreError) {
        try await queue.perform(.facts(facts))
    }

    /// Writes a consistent copy of the registry to a file, from a connection of its own, so that the writer goes on.
    package func snapshot(to path: String) throws(StoreError) {
        try SnapshotFile.write(SQLiteConnection(path: self.path, .read), to: path)
    }

    /// Makes the registry what a snapshot holds, draws included, and facts but for these.
    ///
    /// A snapshot of an older layout is brought to this one's in a copy; the snapshot itself is never written.
    package func restore(from path: String, facts: RegistryFacts = [:]) async throws(StoreError) {
        try await queue.perform(.restore(path, facts))
    }
}
