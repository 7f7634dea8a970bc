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
