import IO
import Registry
import SoftToken
import Synchronization

/// The jobs that wait for the writer, and what the writer lets everyone else know.
final class WriterQueue: Sendable {
    /// What was handed over and not taken yet.
    struct Waiting {
        var jobs: [Job] = []
        var isClosed = false
    }

    /// What the writer finds when it asks for work.
    enum Work {
        /// Everything that waited, in order.
        case jobs([Job])
        /// Nothing came within the time given.
        case idle
        /// Nothing will come any more.
        case closed
    }

    let waiting = Monitor(Waiting())
    /// How many commits changed something; a session's rows are good while it stays the same.
    let generation = Atomic<UInt64>(0)
    /// What took the store offline.
    let failure = Monitor<StoreError?>(nil)
    /// Transactions that changed something.
    let commits = Atomic<UInt64>(0)
    /// Jobs that were part of a commit.
    let committedJobs = Atomic<UInt64>(0)
    /// Jobs that failed.
    let failedJobs = Atomic<UInt64>(0)

    /// How many jobs shared each commit that changed something.
    let batches = Histogram(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512])
    /// What each of those commits took, in microseconds.
    let commitTimes = Histogram(
        bounds: [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000]
    )

    /// Hands jobs over, under one lock and with at most one wake.
    ///
    /// - Returns: Whether they were taken; a closed queue takes none.
    func submit(_ jobs: [Job]) -> Bool {
        let (isTaken, isFirst) = waiting.withLock { waiting in
            guard !waiting.isClosed else { return (false, false) }
            let isFirst = waiting.jobs.isEmpty
            waiting.jobs.append(contentsOf: jobs)
            return (true, isFirst)
        }
        if isFirst { waiting.signal() }
        return isTaken
    }

    /// Hands over one job for the registry at `path`; returns once its changes are durable.
    func perform<Value>(
        path: String,
        _ job: (Job.Reply<Value>) -> Job
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = unsafe await withUnsafeContinuation { reply in
            let job = unsafe job(reply)
            if !submit([job]) { job.fail(.closed(path)) }
        }
        return try result.get()
    }

    /// Hands over changes to an empty registry at `path`; returns once they are durable.
    func load(_ changes: [Change], path: String) async throws(StoreError) {
        try unsafe await perform(path: path) { unsafe .load(changes, $0) }
    }

    /// Lets the writer finish what waits and then end.
    func close() {
        waiting.withLock { $0.isClosed = true }
        waiting.signal()
    }

    /// Takes everything that waits, or sleeps until something does, or for `milliseconds` where given.
    func take(within milliseconds: Int?) -> Work {
        waiting.wait(milliseconds: milliseconds) { waiting in
            guard waiting.jobs.isEmpty else {
                defer { waiting.jobs = [] }
                return .jobs(waiting.jobs)
            }
            return waiting.isClosed ? .closed : nil
        } ?? .idle
    }
}

/// Something for the writer to do, and whom to tell when it is durable.
@safe
enum Job: Sendable {
    /// How the outcome gets back to the one who waits.
    typealias Reply<Value> = UnsafeContinuation<Result<Value, StoreError>, Never>

    case request(SoftTokenRequest, RuleContext, Reply<Ruling<SoftTokenOutcome>>)
    case operation(RegistryOperation, RuleContext, Reply<Ruling<OperationOutcome>>)
    case load([Change], Reply<Void>)
    /// The registry becomes what these changes make of an empty one; the facts are kept with it.
    case replace([Change], RegistryFacts, Reply<RegistryCounts>)
    /// The draft's entries join the registry, or replace what is there; the facts are kept with them.
    case merge(DocumentDraft, Chance, RegistryFacts, Reply<MergeOutcome>)
    case facts(RegistryFacts, Reply<Void>)
    /// The registry becomes the one in a snapshot's file, but for these facts.
    case restore(String, RegistryFacts, Reply<Void>)

    /// Whether the job needs a transaction of its own: it takes long, or works on two files.
    var isAlone: Bool {
        switch self {
        case .request, .operation, .load, .facts: false
        case .replace, .merge, .restore: true
        }
    }

    /// A job that is decided; it is told once its transaction is durable.
    @safe
    enum Decided {
        case request(Ruling<SoftTokenOutcome>, Reply<Ruling<SoftTokenOutcome>>)
        case operation(Ruling<OperationOutcome>, Reply<Ruling<OperationOutcome>>)
        case replaced(RegistryCounts, Reply<RegistryCounts>)
        case merged(MergeOutcome, Reply<MergeOutcome>)
        case done(Reply<Void>)

        /// Tells the one who waits.
        func succeed() {
            switch self {
            case .request(let ruling, let reply): unsafe reply.resume(returning: .success(ruling))
            case .operation(let ruling, let reply): unsafe reply.resume(returning: .success(ruling))
            case .replaced(let counts, let reply): unsafe reply.resume(returning: .success(counts))
            case .merged(let outcome, let reply): unsafe reply.resume(returning: .success(outcome))
            case .done(let reply): unsafe reply.resume(returning: .success(()))
            }
        }
    }

    /// Tells the one who waits that nothing was changed.
    func fail(_ error: StoreError) {
        switch self {
        case .request(_, _, let reply): unsafe reply.resume(returning: .failure(error))
        case .operation(_, _, let reply): unsafe reply.resume(returning: .failure(error))
        case .replace(_, _, let reply): unsafe reply.resume(returning: .failure(error))
        case .merge(_, _, _, let reply): unsafe reply.resume(returning: .failure(error))
        case .load(_, let reply), .facts(_, let reply), .restore(_, _, let reply):
            unsafe reply.resume(returning: .failure(error))
        }
    }
}
