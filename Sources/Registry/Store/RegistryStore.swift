package import Documents
package import IO

/// What keeps a registry: all that a lab and those around it ask of a store.
///
/// Every change is durable before anyone learns of it, and the changes of one ruling are made together or not at all.
/// Nobody else changes the registry while a store has it open, and any thread may use it. How a store is opened is its
/// own matter. What throws has changed nothing, except that after `StoreError.Kind.io` nobody can tell.
package protocol RegistryStore: AnyObject, Sendable {
    /// How one event loop reads and changes the registry; a type of the store's own, so that a poll is compiled for it.
    associatedtype Session: RegistrySession
    /// How people look around in it.
    associatedtype Browser: RegistryBrowser

    /// Lets everything that was handed over finish, and ends the store; blocks until then.
    ///
    /// Sessions may go on reading; what they hand over from now on fails with `StoreError.Kind.closed`. A second call
    /// does nothing.
    func close()

    /// A way for one event loop, for the caller to put there.
    ///
    /// `scheduleFlush` is called where the session is used, when it has changes to hand over and had none before; it
    /// sees to it that the loop calls the session's ``RegistrySession/flush()`` before it sleeps.
    func makeSession(scheduleFlush: sending @escaping (Session) -> Void) throws(StoreError) -> sending Session

    /// A reader for one thread or loop, for looking around in the registry.
    func makeBrowser() throws(StoreError) -> sending Browser

    /// Every row as it stands, to be taken one by one.
    func makeRows() throws(StoreError) -> sending any RegistryRows

    /// Whether there is no device and no license.
    var isEmpty: Bool { get throws(StoreError) }

    /// What took the store offline; nil while it works.
    var failure: StoreError? { get }

    /// What the writer has done so far.
    var metrics: WriterMetrics { get }

    /// Fills an empty registry with a document, all of it or nothing.
    ///
    /// - Throws: `StoreError.Kind.conflict` where the registry is not empty.
    func load(_ document: RegistryDocument) async throws(StoreError)

    /// Does what an operator asks; returns once what it changed is durable.
    func perform(_ operation: RegistryOperation, _ context: RuleContext) async throws(StoreError) -> OperationOutcome

    /// Makes the registry what a document says, all of it or nothing; chance starts over, and facts stay but for these.
    ///
    /// - Returns: What the registry holds now.
    @discardableResult
    func replace(with document: RegistryDocument, facts: RegistryFacts) async throws(StoreError) -> RegistryCounts

    /// Merges a document into the registry, all of it or nothing: what it lists replaces or joins what is there.
    ///
    /// The result is checked as a document is; a listed license that then has fewer tokens than its size gets the
    /// others made up. A token stays with its license, so none moves to another.
    func merge(_ draft: DocumentDraft, _ chance: Chance, facts: RegistryFacts) async throws(StoreError) -> MergeOutcome

    /// A fact that the lab keeps with its registry, such as how its clock stands; nil where there is none.
    ///
    /// It blocks its caller's thread for a read.
    func fact(_ name: String) throws(StoreError) -> String?

    /// Keeps facts, all of them or none; returns once that is durable.
    func setFacts(_ facts: RegistryFacts) async throws(StoreError)

    /// Writes a consistent copy of the registry to a file of mode 0600, facts and draws included: whole, or not at all.
    ///
    /// It reads one state, and changes go on meanwhile; it blocks its caller's thread until the copy is on the disk. An
    /// error names the copy's file, and what stood there before still stands.
    func snapshot(to path: String) throws(StoreError)

    /// Makes the registry what such a copy holds, draws included, and facts but for these; returns once that is
    /// durable.
    ///
    /// - Throws: `StoreError`; the registry is as it was. `StoreError.Kind.foreign` where the file is missing, damaged
    ///   or no registry, and `.newer` where a newer version of this program wrote it.
    func restore(from path: String, facts: RegistryFacts) async throws(StoreError)
}

/// Facts by their names; one without a value is dropped.
package typealias RegistryFacts = [String: String?]

extension RegistryStore {
    /// Keeps one fact, or drops it where `value` is nil, as ``setFacts(_:)`` does.
    package func setFact(_ name: String, _ value: String?) async throws(StoreError) {
        try await setFacts([name: value])
    }

    /// The registry's document as it stands, to be taken piece by piece; each token's state is the one at `now`, in
    /// seconds since 1970 by the lab's clock.
    package func makeExport(as format: DocumentFormat, now: Int64) throws(StoreError) -> sending RegistryExport {
        RegistryExport(try makeRows(), as: format, now: now)
    }
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

    /// Joins the fields.
    package init(
        commits: UInt64,
        committedJobs: UInt64,
        failedJobs: UInt64,
        batches: Histogram.Reading,
        commitTimes: Histogram.Reading
    ) {
        self.commits = commits
        self.committedJobs = committedJobs
        self.failedJobs = failedJobs
        self.batches = batches
        self.commitTimes = commitTimes
    }
}
