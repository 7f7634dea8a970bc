import Registry

/// A reader's transaction: everything it reads is one state of the registry.
final class Snapshot {
    private let connection: SQLiteConnection
    private let begin: Statement
    private let end: Statement
    private let readVersion: Statement
    private var version: Int64?
    private var isOpen = false

    /// Compiles the statements.
    init(_ connection: SQLiteConnection) throws(StoreError) {
        self.connection = connection
        begin = try connection.prepare("BEGIN", as: "begin reading")
        end = try connection.prepare("COMMIT", as: "end reading")
        readVersion = try connection.prepare("PRAGMA data_version", as: "read data version")
    }

    /// Opens the transaction, unless it is open.
    ///
    /// SQLite's data version tells whether another connection committed since this one last looked; reading it also
    /// fixes the state that is read.
    ///
    /// - Returns: Whether the state is another than that of the transaction before.
    func enter() throws(StoreError) -> Bool {
        guard !isOpen else { return false }
        try begin.run()
        isOpen = true
        defer { readVersion.reset() }
        let current = try readVersion.step() ? readVersion.integer(0) : nil
        guard current == nil || current != version else { return false }
        version = current
        return true
    }

    /// Closes the transaction, if it is open.
    func leave() {
        guard isOpen else { return }
        isOpen = false
        // Nothing was written, so there is nothing that ending could fail to keep.
        do throws(StoreError) { try end.run() } catch { connection.rollBack() }
    }
}
