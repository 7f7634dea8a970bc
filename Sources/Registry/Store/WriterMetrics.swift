package import IO

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
