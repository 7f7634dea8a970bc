import CSQLite
import Glibc
import Registry

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
