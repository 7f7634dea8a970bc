import Glibc
import Registry

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
        ["tokens", "members", "licenses", "devices", "draws", "facts"]
        .map { "DELETE FROM main.\($0);" }
        .joined()
        + [
            ("devices", "serial, \(RowReader.deviceColumns)"), ("licenses", "number, \(RowReader.licenseColumns)"),
            ("members", "license, position, device"), ("tokens", "serial, \(RowReader.tokenColumns)"),
            ("draws", "purpose, count"), ("facts", "name, value"),
        ]
        .map { "INSERT INTO main.\($0) (\($1)) SELECT \($1) FROM source.\($0);" }
        .joined()
}
