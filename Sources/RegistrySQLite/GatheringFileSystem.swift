import CSQLite
import Glibc

/// SQLite's file system, but for the write-ahead log: what is written there is gathered, and goes out in one call.
///
/// SQLite writes each page of a commit in two calls, its head and its bytes, and syncs the file behind the last; only
/// then do readers learn of the pages, and of how far the log reaches. So nobody misses what is still gathered: it is
/// written before anything else is done with the file, the sync first of all. A process that ends before that loses
/// what no one was told of.
enum GatheringFileSystem {
    /// What a connection names it by; nil where SQLite would not have it, and connections stay with SQLite's own.
    static let name: String? = register()

    /// How much is gathered at most: a commit of 64 provisions is half of it.
    private static let capacity = 128 << 10

    /// An open log: SQLite's view of it, what is gathered, and behind both the file as the system has it.
    @unsafe private struct Log {
        var file: sqlite3_file
        var bytes: UnsafeMutableRawPointer
        /// Where in the file the first of the gathered bytes belongs.
        var offset: Int64
        var count: Int
    }

    /// Where the system's own file begins, behind ``Log``.
    private static let inner = unsafe MemoryLayout<Log>.stride

    nonisolated(unsafe) private static let system = unsafe sqlite3_vfs_find(nil)

    private static func register() -> String? {
        guard let system = unsafe system else { return nil }
        let own = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        unsafe own.initialize(to: system.pointee)
        unsafe own.pointee.zName = UnsafePointer(strdup("gathering"))
        unsafe own.pointee.szOsFile += Int32(inner)
        unsafe own.pointee.xOpen = { unsafe GatheringFileSystem.open($0, $1, $2, $3, $4) }
        return unsafe sqlite3_vfs_register(own, 0) == SQLITE_OK ? "gathering" : nil
    }

    private static func open(
        _ system: UnsafeMutablePointer<sqlite3_vfs>?,
        _ name: UnsafePointer<CChar>?,
        _ file: UnsafeMutablePointer<sqlite3_file>?,
        _ flags: Int32,
        _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let file = unsafe file, let open = unsafe Self.system?.pointee.xOpen else { return SQLITE_CANTOPEN }
        // The system's methods remember which file system opened the file; what they ask of it is the same for both.
        guard flags & SQLITE_OPEN_WAL != 0 else { return unsafe open(system, name, file, flags, outFlags) }
        unsafe file.pointee.pMethods = nil
        let code = unsafe open(system, name, self.file(behind: file), flags, outFlags)
        guard code == SQLITE_OK else { return code }
        unsafe UnsafeMutableRawPointer(file)
            .initializeMemory(
                as: Log.self,
                to: Log(
                    file: sqlite3_file(pMethods: methods),
                    bytes: .allocate(byteCount: capacity, alignment: 16),
                    offset: 0,
                    count: 0
                )
            )
        return SQLITE_OK
    }

    private static func file(behind file: UnsafeMutablePointer<sqlite3_file>) -> UnsafeMutablePointer<sqlite3_file> {
        unsafe (UnsafeMutableRawPointer(file) + inner).assumingMemoryBound(to: sqlite3_file.self)
    }

    /// What the system does with a file; only asked of a file that it opened.
    private static func system(
        _ file: UnsafeMutablePointer<sqlite3_file>
    ) -> (UnsafeMutablePointer<sqlite3_file>, sqlite3_io_methods) {
        let inner = unsafe Self.file(behind: file)
        return unsafe (inner, inner.pointee.pMethods.pointee)
    }

    /// Writes out what is gathered; what can't be written is given up, as SQLite gives up the transaction.
    private static func flush(_ file: UnsafeMutablePointer<sqlite3_file>) -> Int32 {
        unsafe file.withMemoryRebound(to: Log.self, capacity: 1) { log in
            guard unsafe log.pointee.count > 0 else { return SQLITE_OK }
            let (inner, methods) = unsafe system(file)
            defer { unsafe log.pointee.count = 0 }
            return unsafe methods.xWrite(inner, log.pointee.bytes, Int32(log.pointee.count), log.pointee.offset)
        }
    }

    private static func write(
        _ file: UnsafeMutablePointer<sqlite3_file>,
        _ bytes: UnsafeRawPointer,
        _ size: Int,
        _ offset: Int64
    ) -> Int32 {
        unsafe file.withMemoryRebound(to: Log.self, capacity: 1) { log in
            let end = unsafe log.pointee.offset + Int64(log.pointee.count)
            if unsafe offset != end || log.pointee.count + size > capacity {
                let code = unsafe flush(file)
                guard code == SQLITE_OK else { return code }
            }
            guard size <= capacity else {
                let (inner, methods) = unsafe system(file)
                return unsafe methods.xWrite(inner, bytes, Int32(size), offset)
            }
            if unsafe log.pointee.count == 0 { unsafe log.pointee.offset = offset }
            unsafe (log.pointee.bytes + log.pointee.count).copyMemory(from: bytes, byteCount: size)
            unsafe log.pointee.count += size
            return SQLITE_OK
        }
    }

    /// Does what the system does with a file.
    private static func passed(
        _ file: UnsafeMutablePointer<sqlite3_file>?,
        _ call: (UnsafeMutablePointer<sqlite3_file>, sqlite3_io_methods) -> Int32
    ) -> Int32 {
        guard let file = unsafe file else { return SQLITE_MISUSE }
        let (inner, methods) = unsafe system(file)
        return unsafe call(inner, methods)
    }

    /// Does what the system does, once nothing is gathered any more.
    private static func flushed(
        _ file: UnsafeMutablePointer<sqlite3_file>?,
        _ call: (UnsafeMutablePointer<sqlite3_file>, sqlite3_io_methods) -> Int32
    ) -> Int32 {
        guard let file = unsafe file else { return SQLITE_MISUSE }
        let code = unsafe flush(file)
        return code == SQLITE_OK ? unsafe passed(file, call) : code
    }

    /// What SQLite calls for a log; locks and shared memory belong to the database's file.
    nonisolated(unsafe) private static let methods: UnsafeMutablePointer<sqlite3_io_methods> = {
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        unsafe methods.initialize(to: sqlite3_io_methods())
        unsafe methods.pointee.iVersion = 1
        unsafe methods.pointee.xClose = { file in
            guard let file = unsafe file else { return SQLITE_MISUSE }
            let code = unsafe flush(file)
            unsafe file.withMemoryRebound(to: Log.self, capacity: 1) { unsafe $0.pointee.bytes.deallocate() }
            let (inner, methods) = unsafe system(file)
            let closed = unsafe methods.xClose(inner)
            return code == SQLITE_OK ? closed : code
        }
        unsafe methods.pointee.xRead = { file, bytes, size, offset in
            unsafe flushed(file) { unsafe $1.xRead($0, bytes, size, offset) }
        }
        unsafe methods.pointee.xWrite = { file, bytes, size, offset in
            guard let file = unsafe file, let bytes = unsafe bytes else { return SQLITE_MISUSE }
            return unsafe write(file, bytes, Int(size), offset)
        }
        unsafe methods.pointee.xTruncate = { file, size in unsafe flushed(file) { unsafe $1.xTruncate($0, size) } }
        unsafe methods.pointee.xSync = { file, flags in unsafe flushed(file) { unsafe $1.xSync($0, flags) } }
        unsafe methods.pointee.xFileSize = { file, size in unsafe flushed(file) { unsafe $1.xFileSize($0, size) } }
        unsafe methods.pointee.xLock = { file, level in unsafe passed(file) { unsafe $1.xLock($0, level) } }
        unsafe methods.pointee.xUnlock = { file, level in unsafe passed(file) { unsafe $1.xUnlock($0, level) } }
        unsafe methods.pointee.xCheckReservedLock = { file, result in
            unsafe passed(file) { unsafe $1.xCheckReservedLock($0, result) }
        }
        unsafe methods.pointee.xFileControl = { file, operation, argument in
            unsafe passed(file) { unsafe $1.xFileControl($0, operation, argument) }
        }
        unsafe methods.pointee.xSectorSize = { file in unsafe passed(file) { unsafe $1.xSectorSize($0) } }
        unsafe methods.pointee.xDeviceCharacteristics = { file in
            unsafe passed(file) { unsafe $1.xDeviceCharacteristics($0) }
        }
        return unsafe methods
    }()
}
