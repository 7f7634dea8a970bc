import Glibc
package import IO
import SoftToken
import Synchronization

/// One registry in one SQLite file, open.
///
/// Every change goes through the writer, a thread of the store's own, and is durable before anyone learns of it;
/// readers are ``RegistrySession``s, one a loop, which do not keep the store: it closes with its last reference. It may be
/// used from any thread. Another store, in whatever process, can't open the file meanwhile.
package final class RegistryStore: Sendable {
    private let path: String
    private let queue: WriterQueue
    private let lock: FileLock
    private let thread: Monitor<Thread?>
    private let staged = Atomic<UInt64>(0)

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
    ) throws(StoreError) -> RegistryStore {
        let lock = try FileLock(path: path)
        try RegistryFile.createIfMissing(path)
        let connection = try Connection(path: path, .readWrite)
        try RegistryFile.prepare(connection, pageLimit: pageLimit)
        let queue = WriterQueue()
        let writer = try Writer(connection, queue, report: report)
        return RegistryStore(path: path, queue: queue, lock: lock, thread: try start(writer, path: path))
    }

    /// Starts the writer, which belongs to its thread from here on.
    private static func start(_ writer: sending Writer, path: String) throws(StoreError) -> Thread {
        do throws(SystemError) {
            return try Thread(named: "registry") { writer.run() }
        } catch {
            throw .system(error.code, in: "start the writer's thread", path: path)
        }
    }

    private init(path: String, queue: WriterQueue, lock: FileLock, thread: Thread) {
        self.path = path
        self.queue = queue
        self.lock = lock
        self.thread = Monitor(thread)
    }

    deinit {
        close()
    }

    /// Lets the writer finish everything that was handed over, and ends it; blocks until then.
    ///
    /// Sessions may go on reading; what they hand over from now on fails with `StoreError.Kind.closed`. A second call
    /// does nothing.
    package func close() {
        guard let thread = thread.withLock({ $0.take() }) else { return }
        queue.close()
        thread.join()
        lock.release()
    }

    /// A reader for one event loop, with a connection of its own.
    ///
    /// - Parameter scheduleFlush: Called where the session is used, when it has jobs to hand over and had none before;
    ///   it sees to it that the loop calls the session's `flush` before it sleeps.
    /// - Returns: The session, for the caller to put on its loop.
    /// - Throws: `StoreError` where the file can't be read.
    package func makeSession(
        scheduleFlush: sending @escaping (RegistrySession) -> Void
    ) throws(StoreError) -> sending RegistrySession {
        try RegistrySession(Connection(path: path, .read), queue, scheduleFlush: scheduleFlush)
    }

    /// Fills an empty registry with a document, all of it or nothing.
    ///
    /// - Throws: `StoreError.Kind.conflict` where the registry is not empty.
    package func load(_ document: RegistryDocument) async throws(StoreError) {
        try await unsafe queue.perform(path: path) { unsafe .load(document.changes, $0) }
    }

    /// Makes the registry this document, whatever it was; all of it or nothing. Facts stay.
    package func replace(with document: RegistryDocument) async throws(StoreError) {
        try await unsafe queue.perform(path: path) { unsafe .replace(document.changes, $0) }
    }

    /// Merges a part into the registry, all of it or nothing; tokens that are missing are drawn from `chance`.
    package func merge(_ draft: RegistryDraft, chance: Chance) async throws(StoreError) -> RegistryDraft.Outcome {
        try await unsafe queue.perform(path: path) { unsafe .merge(draft, chance, $0) }
    }

    /// Does what the operator asks for; durable when it returns.
    package func perform(
        _ operation: RegistryOperation,
        _ context: RuleContext
    ) async throws(StoreError) -> OperationOutcome {
        try await unsafe queue.perform(path: path) { unsafe .operation(operation, context, $0) }.outcome
    }

    // MARK: - Facts

    /// What is kept of the lab under this name, beside its rows.
    package func fact(_ name: String) throws(StoreError) -> String? {
        let connection = try Connection(path: path, .read)
        let statement = try connection.prepare("SELECT value FROM facts WHERE name = ?1", as: "read fact")
        statement.bind(name, at: 1)
        return try statement.step() ? statement.text(0) : nil
    }

    /// Keeps something of the lab; durable when it returns.
    package func setFact(_ name: String, _ value: String) async throws(StoreError) {
        try await unsafe queue.perform(path: path) { unsafe .setFact(name, value, $0) }
    }

    // MARK: - Snapshots

    /// Copies the registry as it is now to a file, whole and durable, while others go on; blocks the calling thread.
    package func snapshot(to file: String) throws(StoreError) {
        try RegistryFile.copy(path, to: file)
    }

    /// Copies a snapshot beside the registry, checked and in the newest layout; blocks the calling thread.
    ///
    /// - Returns: What ``restore(_:)`` takes.
    /// - Throws: `StoreError`, of kind `foreign` or `newer` where the file is no snapshot of a layout that is known here.
    package func stage(snapshot file: String) throws(StoreError) -> StagedSnapshot {
        let copy = "\(path).restore-\(staged.wrappingAdd(1, ordering: .relaxed).newValue)"
        try RegistryFile.stage(file, at: copy)
        return StagedSnapshot(copy: copy)
    }

    /// Puts the registry back to what a snapshot holds, facts and draws included: all of it or nothing.
    package func restore(_ snapshot: StagedSnapshot) async throws(StoreError) {
        defer { RegistryFile.remove(snapshot.copy) }
        try await unsafe queue.perform(path: path) { unsafe .restore(snapshot.copy, $0) }
    }

    // MARK: - Reading

    /// A reader for the operator, with a connection of its own, for one thread.
    package func makeBrowser() throws(StoreError) -> sending RegistryBrowser {
        try RegistryBrowser(Connection(path: path, .read))
    }

    /// The whole registry as it is now, for one thread to read piece by piece.
    package func makeExport(_ format: RegistryDocument.Format, now: Int64) throws(StoreError) -> sending RegistryExport
    {
        try RegistryExport(Connection(path: path, .read), format, now: now)
    }

    /// Whether there is no device and no license.
    package var isEmpty: Bool {
        get throws(StoreError) {
            let connection = try Connection(path: path, .read)
            return try connection.number(Writer.hasRows, as: "look for rows") == 0
        }
    }

    /// The whole registry as it stands, read in one transaction, in the order that documents are written in.
    package func export() throws(StoreError) -> RegistryDocument {
        let connection = try Connection(path: path, .read)
        try connection.execute("BEGIN", as: "begin reading")
        let reader = try RowReader(connection)
        var devices: [Device] = []
        for serial in try connection.list("SELECT serial FROM devices", { Serial($0) }) {
            if let device = try reader.device(serial) { devices.append(device) }
        }
        var licenses: [License] = []
        for number in try connection.list("SELECT number FROM licenses", { LicenseNumber($0) }) {
            if let license = try reader.license(number) { licenses.append(license) }
        }
        var tokens: [Token] = []
        for serial in try connection.list("SELECT serial FROM tokens", { TokenSerial($0) }) {
            if let token = try reader.token(serial) { tokens.append(token) }
        }
        return RegistryDocument(devices: devices, licenses: licenses, tokens: tokens)
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

/// A snapshot that lies ready beside a registry.
package struct StagedSnapshot: Sendable {
    let copy: String
}

/// What a store's writer has done since it was opened.
package struct WriterMetrics: Sendable, Equatable {
    /// Transactions that changed something, each synced to the disk once.
    package var commits: UInt64
    /// Jobs that these transactions held.
    package var committedJobs: UInt64
    /// Jobs that failed with a `StoreError`.
    package var failedJobs: UInt64
    /// How many jobs shared each commit that changed something.
    package var batches: Histogram.Reading
    /// What each of those commits took, in microseconds.
    package var commitTimes: Histogram.Reading
}

extension StoreError {
    /// The error of what is handed to a closed store.
    static func closed(_ path: String) -> StoreError {
        StoreError(kind: .closed, operation: "write", path: path, code: 0, message: "the registry was closed")
    }
}
