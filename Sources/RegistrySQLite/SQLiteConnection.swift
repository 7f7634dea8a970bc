import CBlocks
import CSQLite
import Glibc
import Registry

/// One connection to a registry's file, used by one thread at a time.
@safe
final class SQLiteConnection {
    private let handle: OpaquePointer
    /// The file.
    let path: String

    /// How long a lock that another connection holds is waited for, in milliseconds.
    ///
    /// Readers wait only while the file is recovered after a crash; the writer is alone.
    private static let busyTimeout: Int32 = 2_000

    // No mutex: each connection stays with one thread, so SQLite need not lock it. Names may be URIs, for snapshots;
    // a path is none unless it begins with `file:`.
    private static let flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI

    /// Whether SQLite takes its memory from `CBlocks`, which it can be told before the first connection alone.
    private static let hasBlocks: Bool = {
        var methods = unsafe sqlite3_mem_methods(
            xMalloc: { unsafe blocks_take(Int($0)) },
            xFree: { unsafe blocks_give_back($0) },
            xRealloc: { block, size in unsafe blocks_resize(block, Int(size)) },
            xSize: { block in unsafe block.map { unsafe Int32(clamping: blocks_capacity($0)) } ?? 0 },
            xRoundup: { Int32(clamping: blocks_capacity_for(Int($0))) },
            xInit: { _ in SQLITE_OK },
            xShutdown: { _ in },
            pAppData: nil
        )
        return unsafe c_sqlite3_use_memory(&methods) == SQLITE_OK
    }()

    /// What a connection may do.
    enum Access {
        case read
        case readWrite
    }

    /// Opens the file, which exists.
    ///
    /// - Throws: `StoreError` where SQLite refuses; a file that is no database shows only at the first statement.
    init(path: String, _ access: Access) throws(StoreError) {
        _ = Self.hasBlocks
        var opened: OpaquePointer?
        let mode = access == .read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
        // Who only reads writes no log.
        let system = access == .readWrite ? GatheringFileSystem.name : nil
        let code = unsafe sqlite3_open_v2(path, &opened, mode | Self.flags, system)
        guard code == SQLITE_OK, let opened = unsafe opened else {
            let error = unsafe StoreError(code, in: "open", on: opened, path: path)
            unsafe sqlite3_close_v2(opened)
            throw error
        }
        unsafe handle = opened
        self.path = path
        _ = unsafe sqlite3_busy_timeout(handle, Self.busyTimeout)
    }

    deinit {
        // Statements that outlive their connection keep it until they are gone.
        unsafe sqlite3_close_v2(handle)
    }

    /// Compiles `sql`; `operation` names it in errors.
    func prepare(_ sql: String, as operation: String) throws(StoreError) -> Statement {
        var prepared: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared = unsafe prepared else {
            throw unsafe StoreError(code, in: operation, on: handle, path: path)
        }
        return unsafe Statement(adopting: prepared, operation: operation, path: path)
    }

    /// Runs statements that return nothing.
    func execute(_ sql: String, as operation: String) throws(StoreError) {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw unsafe StoreError(code, in: operation, on: handle, path: path) }
    }

    /// The single number that a query returns; nil where it returns no row.
    func number(_ sql: String, as operation: String) throws(StoreError) -> Int64? {
        try prepare(sql, as: operation).number()
    }

    /// The single text that a query returns; nil where it returns no row.
    func text(_ sql: String, as operation: String) throws(StoreError) -> String? {
        let statement = try prepare(sql, as: operation)
        return try statement.step() ? statement.text(0) : nil
    }

    /// Whether no transaction is open.
    var isIdle: Bool { unsafe sqlite3_get_autocommit(handle) != 0 }

    /// How many rows the last statement changed.
    var changedRows: Int32 { unsafe sqlite3_changes(handle) }

    /// Ends the transaction, if SQLite has not done so itself, as it does on some errors.
    func rollBack() {
        guard !isIdle else { return }
        _ = unsafe sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }

    /// Copies the log into the database as far as no reader needs it, without waiting for anyone.
    ///
    /// - Returns: The pages that are in the log, and those of them that the database has now.
    func checkpoint() throws(StoreError) -> (pages: Int, done: Int) {
        var pages: Int32 = 0
        var done: Int32 = 0
        let code = unsafe sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, &pages, &done)
        guard code == SQLITE_OK || code == SQLITE_BUSY else {
            throw unsafe StoreError(code, in: "checkpoint", on: handle, path: path)
        }
        return (Int(pages), Int(done))
    }

    /// Has every commit write the pages that the log holds to `count`, instead of starting checkpoints by itself.
    ///
    /// `count` must stay until another, or nil, takes its place.
    func reportLogPages(to count: UnsafeMutablePointer<Int32>?) {
        unsafe sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                unsafe context?.assumingMemoryBound(to: Int32.self).pointee = pages
                return SQLITE_OK
            },
            count
        )
    }
}

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
        let current = try readVersion.number()
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

extension StoreError {
    /// What `connection` says of the call that just failed with `code`.
    init(_ code: Int32, in operation: String, on connection: OpaquePointer?, path: String) {
        let extended = unsafe connection.map { unsafe sqlite3_extended_errcode($0) } ?? code
        // A call can fail without leaving its mark on the connection; then the call's own word counts.
        let trusted = extended & 0xFF == code & 0xFF ? extended : code
        let text = unsafe connection.flatMap { unsafe sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
        self.init(
            kind: Self.kind(of: trusted, systemError: unsafe connection.map { unsafe sqlite3_system_errno($0) } ?? 0),
            operation: operation,
            path: path,
            code: trusted,
            message: unsafe text.map { unsafe String(cString: $0) } ?? "unknown error"
        )
    }

    private static func kind(of code: Int32, systemError: Int32) -> Kind {
        switch code & 0xFF {
        case SQLITE_FULL: .full
        // A full disk shows as an I/O error where SQLite grows its index of the log. After a failed sync the kernel
        // may have dropped pages, so that one is never taken for a disk that merely is full.
        case SQLITE_IOERR
        where (systemError == ENOSPC || systemError == EDQUOT)
            && code >> 8 != 4 && code >> 8 != 5:
            .full
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM: .io
        case SQLITE_CORRUPT: .corrupt
        case SQLITE_NOTADB: .foreign
        case SQLITE_CONSTRAINT: .conflict
        default: .refused
        }
    }
}
