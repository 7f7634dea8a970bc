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

    /// The registry's file.
    let path: String
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

    /// An empty queue before the writer of this file.
    init(path: String) {
        self.path = path
    }

    /// Hands jobs over, under one lock and with at most one wake; a closed queue fails them.
    func submit(_ jobs: [Job]) {
        let isFirst: Bool? = waiting.withLock { waiting in
            guard !waiting.isClosed else { return nil }
            defer { waiting.jobs += jobs }
            return waiting.jobs.isEmpty
        }
        guard let isFirst else {
            for job in jobs { job.end(.failure(.closed(path))) }
            return
        }
        if isFirst { waiting.signal() }
    }

    /// Hands work over; returns once its changes are durable.
    @discardableResult
    func perform(_ work: Job.Work) async throws(StoreError) -> Job.Outcome {
        let result = unsafe await withUnsafeContinuation { unsafe submit([Job(work, $0)]) }
        return try result.get()
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
struct Job: Sendable {
    /// What there is to do.
    enum Work: Sendable {
        case request(SoftTokenRequest, RuleContext)
        case operation(RegistryOperation, RuleContext)
        case load([Change])
        /// The registry becomes what these changes make of an empty one; the facts are kept with it.
        case replace([Change], RegistryFacts)
        /// The draft's entries join the registry, or replace what is there; the facts are kept with them.
        case merge(DocumentDraft, Chance, RegistryFacts)
        case facts(RegistryFacts)
        /// The registry becomes the one in a snapshot's file, but for these facts.
        case restore(String, RegistryFacts)
    }

    /// What the work came to: of a request, an operation and a merge what was asked for, and of the rest that it is
    /// done.
    enum Outcome: Sendable {
        case request(Ruling<SoftTokenOutcome>)
        case operation(Ruling<OperationOutcome>)
        case merge(MergeOutcome)
        case done
    }

    let work: Work
    private let reply: UnsafeContinuation<Result<Outcome, StoreError>, Never>

    /// Joins the work and the one who waits.
    @unsafe
    init(_ work: Work, _ reply: UnsafeContinuation<Result<Outcome, StoreError>, Never>) {
        self.work = work
        unsafe self.reply = reply
    }

    /// Whether the job needs a transaction of its own: it takes long, or works on two files.
    var isAlone: Bool {
        switch work {
        case .request, .operation, .load, .facts: false
        case .replace, .merge, .restore: true
        }
    }

    /// Tells the one who waits what came of it: that it is durable, or that nothing was changed.
    func end(_ result: Result<Outcome, StoreError>) {
        unsafe reply.resume(returning: result)
    }
}
