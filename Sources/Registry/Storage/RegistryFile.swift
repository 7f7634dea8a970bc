import Glibc

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
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let directory = unsafe Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .system(errno, in: "open folder", path: path) }
        defer { _ = Glibc.close(directory) }
        guard fsync(directory) == 0 else { throw .system(errno, in: "sync folder", path: path) }
    }

    /// Checks the file, brings it to the newest layout and sets the writer's connection up.
    static func prepare(_ connection: Connection, pageLimit: Int?) throws(StoreError) {
        try Migration.bringUpToDate(connection)
        if let damage = try connection.text("PRAGMA quick_check(1)", as: "check"), damage != "ok" {
            throw StoreError(kind: .corrupt, operation: "check", path: connection.path, code: 0, message: damage)
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

    /// Copies a registry's file as it is at one moment to another, whole and durable, in a mode that only its owner reads.
    static func copy(_ path: String, to target: String) throws(StoreError) {
        let draft = "\(target).\(getpid()).new"
        _ = unsafe unlink(draft)
        do throws(StoreError) {
            try createIfMissing(draft)
            let connection = try Connection(path: path, .read)
            let statement = try connection.prepare("VACUUM INTO ?1", as: "copy")
            statement.bind(draft, at: 1)
            try statement.run()
            try sync(draft, O_RDWR)
            guard unsafe rename(draft, target) == 0 else { throw StoreError.system(errno, in: "rename", path: target) }
            try sync(folder(of: target), O_RDONLY | O_DIRECTORY)
        } catch {
            _ = unsafe unlink(draft)
            throw error
        }
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    }

    private static func sync(_ path: String, _ flags: CInt) throws(StoreError) {
        let descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno, in: "open", path: path) }
        defer { _ = Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system(errno, in: "sync", path: path) }
    }

    /// Brings a copy of a snapshot to the newest layout; its connection is closed again.
    private static func bringUpToDate(_ copy: String, from path: String) throws(StoreError) {
        let snapshot = try Connection(path: copy, .readWrite)
        try Migration.bringUpToDate(snapshot)
        if let damage = try snapshot.text("PRAGMA quick_check(1)", as: "check"), damage != "ok" {
            throw StoreError(kind: .foreign, operation: "check", path: path, code: 0, message: damage)
        }
    }

    /// The tables of a registry, those that others refer to first.
    private static let tables = ["devices", "licenses", "members", "tokens", "draws", "facts"]

    /// Copies a snapshot to `copy`, in the newest layout and checked, so that a registry can be made what it holds.
    static func stage(_ path: String, at copy: String) throws(StoreError) {
        try RegistryFile.copy(path, to: copy)
        do throws(StoreError) {
            let snapshot = try Connection(path: copy, .readWrite)
            try Migration.bringUpToDate(snapshot)
            if let damage = try snapshot.text("PRAGMA quick_check(1)", as: "check"), damage != "ok" {
                throw StoreError(kind: .foreign, operation: "check", path: path, code: 0, message: damage)
            }
        } catch {
            remove(copy)
            throw error
        }
    }

    /// Removes a copy, and what SQLite may have left beside it.
    static func remove(_ copy: String) {
        for suffix in ["", "-wal", "-shm", "-journal"] { _ = unsafe unlink(copy + suffix) }
    }

    /// Makes the registry of `connection` what a staged copy holds, in one transaction.
    static func restore(_ connection: Connection, from copy: String) throws(StoreError) {
        let attach = try connection.prepare("ATTACH ?1 AS snapshot", as: "open snapshot")
        attach.bind(copy, at: 1)
        try attach.run()
        defer { try? connection.execute("DETACH snapshot", as: "close snapshot") }
        do throws(StoreError) {
            try connection.execute("BEGIN IMMEDIATE", as: "restore")
            for table in tables.reversed() { try connection.execute("DELETE FROM main.\(table)", as: "restore") }
            for table in tables {
                try connection.execute("INSERT INTO main.\(table) SELECT * FROM snapshot.\(table)", as: "restore")
            }
            try connection.execute("COMMIT", as: "restore")
        } catch {
            connection.rollBack()
            throw error
        }
    }

    /// Fails unless each commit on this connection syncs the log before it returns.
    static func requireDurable(_ connection: Connection) throws(StoreError) {
        // 2 is FULL: https://sqlite.org/pragma.html#pragma_synchronous
        let synchronous = try connection.number("PRAGMA synchronous", as: "check durability") ?? -1
        guard synchronous == 2 else {
            throw notDurable("synchronous is \(synchronous), not FULL", connection)
        }
    }

    /// The writer's page cache, in KiB: a lab of 20,000 tokens fits.
    private static let cacheKibibytes = 16_384

    private static func notDurable(_ message: String, _ connection: Connection) -> StoreError {
        StoreError(kind: .notDurable, operation: "configure", path: connection.path, code: 0, message: message)
    }
}

extension StoreError {
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
