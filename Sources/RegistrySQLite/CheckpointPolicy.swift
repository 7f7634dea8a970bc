import Registry

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
        connection.stopReportingLogPages()
        unsafe logPages.deallocate()
    }

    private var pages: Int { unsafe Int(logPages.pointee) }

    /// How long the writer should wait for work before it is idle; nil where an idle writer has nothing to copy.
    var idleDelay: Int? { pages == copiedPages ? nil : Self.pause }

    /// Copies the log, after a pause.
    func runWhenIdle() throws(StoreError) {
        try run()
    }

    /// Copies the log if it has grown past the bound.
    func runIfDue() throws(StoreError) {
        // The log starts over once all of it was copied; then the old bound holds again.
        if pages < copiedPages { (copiedPages, bound) = (0, Self.pages) }
        if pages >= bound { try run() }
    }

    private func run() throws(StoreError) {
        // Noted first: a reader that keeps part of the log is not waited for, nor asked again at every batch.
        copiedPages = pages
        bound = pages + Self.pages
        let (length, done) = try connection.checkpoint()
        if length == done { bound = Self.pages }
    }
}
