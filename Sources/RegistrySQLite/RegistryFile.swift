import Glibc
import IO
import Registry

/// What makes a file a registry's, and its commits durable.
enum RegistryFile {
    /// Creates the file with mode 0600; SQLite gives the files beside it the same.
    static func createIfMissing(_ path: String) throws(StoreError) {
        let descriptor = unsafe Glibc.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            // A file that is there is never opened here: closing it would drop the locks of this process on it.
            if errno == EEXIST { return }
            throw .system(errno, in: "create", path: path)
        }
        _ = Glibc.close(descriptor)
        try syncFolder(of: path)
    }

    /// Makes the names in a file's folder durable.
    static func syncFolder(of path: String) throws(StoreError) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let directory = unsafe Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .system(errno, in: "open folder", path: path) }
        defer { _ = Glibc.close(directory) }
        guard fsync(directory) == 0 else { throw .system(errno, in: "sync folder", path: path) }
    }

    /// Checks the file, brings it to the newest layout and sets the writer's connection up.
    static func prepare(_ connection: SQLiteConnection, pageLimit: Int?) throws(StoreError) {
        try Migration.bringUpToDate(connection)
        if let damage = try damage(in: connection, as: "check") {
            throw StoreError(.corrupt, in: "check", path: connection.path, damage)
        }
        let mode = try connection.text("PRAGMA journal_mode = WAL", as: "switch to the write-ahead log")
        guard mode == "wal" else {
            throw notDurable("the journal mode is \(mode ?? "unknown")", connection)
        }
        try connection.execute(
            """
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA cache_size = -\(cacheKibibytes);
            """,
            as: "configure"
        )
        if let pageLimit {
            try connection.execute("PRAGMA max_page_count = \(pageLimit)", as: "configure")
        }
        try requireDurable(connection)
        guard try connection.number("PRAGMA foreign_keys", as: "configure") == 1 else {
            throw notDurable("foreign keys are not checked", connection)
        }
    }

    /// The first damage that looking through all of the file finds, as one line; nil where there is none.
    static func damage(in connection: SQLiteConnection, as operation: String) throws(StoreError) -> String? {
        guard let found = try connection.text("PRAGMA quick_check(1)", as: operation) else { return "unreadable" }
        // SQLite says in which database on a line of its own: "*** in database main ***".
        let lines = found.split(separator: "\n").filter { !$0.hasPrefix("***") }
        return found == "ok" ? nil : lines.isEmpty ? "unreadable" : lines.joined(separator: "; ")
    }

    /// Fails unless each commit on this connection syncs the log before it returns.
    static func requireDurable(_ connection: SQLiteConnection) throws(StoreError) {
        // 2 is FULL: https://sqlite.org/pragma.html#pragma_synchronous
        let synchronous = try connection.number("PRAGMA synchronous", as: "check durability") ?? -1
        guard synchronous == 2 else {
            throw notDurable("synchronous is \(synchronous), not FULL", connection)
        }
    }

    /// The writer's page cache, in KiB: a lab of 20,000 tokens fits.
    private static let cacheKibibytes = 16_384

    private static func notDurable(_ message: String, _ connection: SQLiteConnection) -> StoreError {
        StoreError(.notDurable, in: "configure", path: connection.path, message)
    }
}

extension StoreError {
    /// What this program itself says, where neither the store nor the system has a number for it.
    init(_ kind: Kind, in operation: String, path: String, _ message: String) {
        self.init(kind: kind, operation: operation, path: path, code: 0, message: message)
    }

    /// The error of what is handed to a closed store.
    static func closed(_ path: String) -> StoreError {
        StoreError(.closed, in: "write", path: path, "the registry was closed")
    }

    /// What the system said of a call on the file.
    static func system(_ code: Int32, in operation: String, path: String) -> StoreError {
        StoreError(
            kind: code == ENOSPC || code == EDQUOT ? .full : .io,
            operation: operation,
            path: path,
            code: code,
            message: unsafe String(cString: strerror(code))
        )
    }
}

/// Keeps other stores from a file, until it is released or its process ends.
///
/// Sessions keep rows until this process's writer commits, so a second writer would make them answer from the past. The
/// lock is on a file beside the registry, because SQLite's own locks on the registry end with the first descriptor of
/// it that is closed.
final class FileLock: Sendable {
    private let descriptor: OwnedDescriptor

    /// Takes the lock.
    ///
    /// - Throws: `StoreError.Kind.inUse` where another store holds it.
    init(path: String) throws(StoreError) {
        let number = unsafe Glibc.open(path + ".lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .system(errno, in: "create lock", path: path) }
        descriptor = OwnedDescriptor(adopting: number)
        guard flock(number, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            guard code == EWOULDBLOCK else { throw .system(code, in: "lock", path: path) }
            throw StoreError(.inUse, in: "lock", path: path, "another process or lab has the registry open")
        }
    }

    /// Lets others open the registry.
    func release() {
        _ = flock(descriptor.number, LOCK_UN)
    }
}
