import Glibc
import IO
import Notation
import Registry

/// A registry's copy in a file of its own.
enum SnapshotFile {
    /// Copies what `connection` reads to `path`, which gets mode 0600.
    ///
    /// The copy is made beside it, synced, and then takes the name.
    static func write(_ connection: SQLiteConnection, to path: String) throws(StoreError) {
        let draft = "\(path).\(getpid()).new"
        _ = unsafe unlink(draft)
        do throws(StoreError) {
            // SQLite would make it for everyone to read; an empty file that is there it takes as it is.
            try RegistryFile.createIfMissing(draft)
            let statement = try connection.prepare("VACUUM INTO ?1", as: "copy")
            statement.bind(draft, at: 1)
            try statement.run()
            try sync(draft)
            guard unsafe rename(draft, path) == 0 else { throw .system(errno, in: "rename", path: path) }
            try RegistryFile.syncFolder(of: path)
        } catch {
            _ = unsafe unlink(draft)
            var named = error
            named.path = path
            throw named
        }
    }

    private static func sync(_ path: String) throws(StoreError) {
        let number = unsafe Glibc.open(path, O_RDWR | O_CLOEXEC)
        guard number >= 0 else { throw .system(errno, in: "open", path: path) }
        let descriptor = OwnedDescriptor(adopting: number)
        guard fsync(descriptor.number) == 0 else { throw .system(errno, in: "sync", path: path) }
    }

    /// The layout of the registry in `path`, after looking through all of it.
    ///
    /// - Throws: `StoreError.Kind.foreign` where it is none, or damaged; `.newer` where this program does not know it.
    static func layout(of path: String) throws(StoreError) -> Int64 {
        func refuse(_ message: String, _ kind: StoreError.Kind = .foreign) -> StoreError {
            StoreError(kind, in: "restore", path: path, message)
        }
        guard unsafe access(path, R_OK) == 0 else { throw refuse(unsafe String(cString: strerror(errno))) }
        // What a live registry has in its log would be missing from the copy.
        guard unsafe access(path + "-wal", F_OK) != 0 else { throw refuse("the file is open, or was not closed") }
        do throws(StoreError) {
            let connection = try SQLiteConnection(path: uri(path), .read)
            let application = try connection.number("PRAGMA application_id", as: "restore")
            let version = try connection.number("PRAGMA user_version", as: "restore") ?? 0
            guard application == Migration.applicationID, version > 0 else {
                throw refuse("the file is no registry's snapshot")
            }
            guard version <= Migration.newest else {
                throw refuse(
                    "the snapshot has layout \(version), and this program knows layouts up to \(Migration.newest)",
                    .newer
                )
            }
            if let damage = try RegistryFile.damage(in: connection, as: "restore") {
                throw refuse("the snapshot is damaged: \(damage)")
            }
            return version
        } catch {
            // Whatever is wrong with a snapshot says nothing of the registry, which goes on.
            throw error.kind == .newer ? error : refuse(error.message)
        }
    }

    /// The name by which SQLite opens a file that nobody writes, without a lock or a file beside it.
    static func uri(_ path: String) -> String {
        var bytes = Array("file:".utf8)
        for byte in path.utf8 {
            switch byte {
            case 0x2D...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: bytes.append(byte)
            default:
                bytes.append(0x25)
                Hexadecimal.append(UInt64(byte), byteCount: 1, to: &bytes)
            }
        }
        return String(decoding: bytes, as: UTF8.self) + "?immutable=1"
    }
}

/// A snapshot that is attached to the writer's connection, from before its transaction until after.
struct RestoreSource: ~Copyable {
    private let connection: SQLiteConnection
    private let copy: String?

    /// Checks the snapshot and attaches it; one of an older layout is copied and brought to the newest first.
    init(_ path: String, on connection: SQLiteConnection) throws(StoreError) {
        let isOld = try SnapshotFile.layout(of: path) < Migration.newest
        let draft = connection.path + ".restoring"
        do throws(StoreError) {
            if isOld {
                Self.remove(draft)
                try SnapshotFile.write(SQLiteConnection(path: SnapshotFile.uri(path), .read), to: draft)
                try Migration.bringUpToDate(SQLiteConnection(path: draft, .readWrite))
            }
            let attach = try connection.prepare("ATTACH ?1 AS source", as: "attach the snapshot")
            attach.bind(SnapshotFile.uri(isOld ? draft : path), at: 1)
            try attach.run()
        } catch {
            Self.remove(draft)
            throw Self.harmless(error)
        }
        self.connection = connection
        copy = isOld ? draft : nil
    }

    deinit {
        // It fails where the transaction is still open, which it never is by now.
        do throws(StoreError) { try connection.execute("DETACH source", as: "detach the snapshot") } catch {}
        if let copy { Self.remove(copy) }
    }

    /// Makes the registry's rows those of the snapshot, within the transaction that is open.
    borrowing func copyRows() throws(StoreError) {
        do throws(StoreError) {
            try connection.execute(Self.statements, as: "restore")
        } catch {
            throw Self.harmless(error)
        }
    }

    // Before the commit nothing has happened to the registry, whatever the snapshot's file did.
    private static func harmless(_ error: StoreError) -> StoreError {
        guard error.endsStore else { return error }
        var harmless = error
        harmless.kind = .refused
        return harmless
    }

    private static func remove(_ draft: String) {
        for suffix in ["", "-journal", "-wal", "-shm"] {
            _ = unsafe unlink(draft + suffix)
        }
    }

    // Columns are named: a migrated file has them in another order than a new one may have.
    private static let statements =
        (Table.all.reversed().map { "DELETE FROM main.\($0.name);" }
        + Table.all.map { "INSERT INTO main.\($0.name) (\($0.names)) SELECT \($0.names) FROM source.\($0.name);" })
        .joined()
}
