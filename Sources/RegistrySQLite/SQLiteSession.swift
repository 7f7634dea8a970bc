package import Registry
package import SoftToken
import Synchronization

/// One event loop's way to a registry; it must stay on that loop.
///
/// Reads are answered on the calling thread, from rows kept since the last commit or from a connection of the session's
/// own. Changes are collected while the loop's turn lasts and handed to the writer together by ``flush()``; their
/// callers go on once the commit is durable, and from then on the session sees it.
package final class SQLiteSession: RegistrySession {
    private let view: CachedView
    private let queue: WriterQueue
    private let scheduleFlush: (SQLiteSession) -> Void
    /// What the turn collected so far.
    private(set) var pending: [Job] = []
    private var generation: UInt64 = 0

    /// Compiles the statements on a connection that may only read.
    init(
        _ connection: SQLiteConnection,
        _ queue: WriterQueue,
        scheduleFlush: @escaping (SQLiteSession) -> Void
    ) throws(StoreError) {
        view = CachedView(try RowReader(connection, within: Snapshot(connection)))
        self.queue = queue
        self.scheduleFlush = scheduleFlush
    }

    /// Answers a poll at once, by a ruling that is made of one that is used up.
    package func poll(
        _ request: PollingRequest,
        _ context: RuleContext,
        into ruling: inout Ruling<PollingOutcome>
    ) throws(StoreError) {
        try current.poll(request, context, into: &ruling)
    }

    /// The licenses that a request is about, as far as the registry knows them.
    package func licenses(of request: SoftTokenRequest) throws(StoreError) -> [LicenseNumber] {
        try current.licenses(of: request)
    }

    /// Decides on a request; returns once what it changes is durable.
    ///
    /// Where nothing is to be changed, as for a code redeemed before, a request of a type that is often so is answered
    /// as a read.
    package func decide(
        _ request: SoftTokenRequest,
        _ context: RuleContext
    ) async throws(StoreError) -> Ruling<SoftTokenOutcome> {
        if request.type.isOftenRead {
            let ruling = try current.decide(request, context)
            guard !ruling.changes.isEmpty else { return ruling }
        }
        let result = unsafe await withUnsafeContinuation { unsafe enqueue(Job(.request(request, context), $0)) }
        guard case .request(let ruling) = try result.get() else { preconditionFailure("another job's outcome") }
        return ruling
    }

    /// Hands everything collected to the writer, under one lock and with at most one wake.
    package func flush() {
        guard !pending.isEmpty else { return }
        queue.submit(pending)
        pending.removeAll(keepingCapacity: true)
    }

    /// Collects a job, and asks for a flush with the first.
    func enqueue(_ job: Job) {
        pending.append(job)
        if pending.count == 1 { scheduleFlush(self) }
    }

    /// The view, with nothing in it that a commit has changed since.
    private var current: CachedView {
        // Read before anything else: rows read from now on are of this generation or a later one, so keeping them under
        // this one can only drop them early.
        let current = queue.generation.load(ordering: .acquiring)
        if current != generation {
            view.clear()
            generation = current
        }
        return view
    }
}
