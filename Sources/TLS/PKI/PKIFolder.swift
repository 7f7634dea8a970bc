import Glibc
import IO

/// The folder of one installation's PKI, locked against other processes while it is open.
///
/// Every write is atomic: the bytes go to a new file of the final mode, reach the disk, and then take the name.
struct PKIFolder: ~Copyable {
    /// As the caller named it; for errors.
    let path: String
    /// Closing it releases the lock.
    private let descriptor: OwnedDescriptor

    /// A certificate and its key have a few kilobytes; whatever is larger is no file of ours.
    private static let limit = 65_536

    /// Opens the folder, making it where it is missing (its parent must exist), and waits for its lock.
    static func open(at path: String) throws(PKIError) -> PKIFolder {
        if case .failed(let code) = SystemCall.perform({ unsafe Int(mkdir(path, 0o700)) }), code != EEXIST {
            throw .system(operation: "mkdir", path: path, code: code)
        }
        let number = try check("open", path) { unsafe Int(Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) }
        let folder = PKIFolder(path: path, descriptor: OwnedDescriptor(adopting: CInt(number)))
        try folder.check("flock", nil) { Int(flock($0, LOCK_EX)) }
        return folder
    }

    /// Takes all rights from group and others, on the folder itself (nil) or on one file, and returns the mode that was
    /// too wide; nil where nothing had to change.
    borrowing func tighten(_ name: String? = nil) throws(PKIError) -> mode_t? {
        var status = stat()
        try check("fstatat", name) { unsafe Int(fstatat($0, name ?? ".", &status, 0)) }
        let mode = status.st_mode & 0o7777
        guard mode & 0o077 != 0 else { return nil }
        try check("fchmodat", name) { unsafe Int(fchmodat($0, name ?? ".", mode & 0o700, 0)) }
        return mode
    }

    /// Reads a file, or answers nil where there is none.
    borrowing func read(_ name: String) throws(PKIError) -> [UInt8]? {
        let number: Int
        do throws(PKIError) {
            number = try check("open", name) { unsafe Int(openat($0, name, O_RDONLY | O_CLOEXEC)) }
        } catch {
            if case .system(_, _, ENOENT) = error { return nil }
            throw error
        }
        let file = OwnedDescriptor(adopting: CInt(number))
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: Self.limit)
        while bytes.count <= Self.limit {
            let count = try check("read", name) { _ in unsafe Glibc.read(file.number, &piece, piece.count) }
            if count == 0 { return bytes }
            bytes += piece[..<count]
        }
        throw .refused(path: "\(path)/\(name)", .tooLarge(limit: Self.limit))
    }

    /// Puts bytes under a name at once and for good, of that mode from the file's first moment.
    ///
    /// Where it throws, the name still stands for what it did before.
    borrowing func write(_ bytes: [UInt8], to name: String, mode: mode_t) throws(PKIError) {
        let draft = Self.unfinished(name)
        try removeIfThere(draft)
        let number = try check("create", name) {
            unsafe Int(openat($0, draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode))
        }
        let file = OwnedDescriptor(adopting: CInt(number))
        // Whoever's mask is set: a certificate is for everyone to read.
        try check("fchmod", name) { _ in Int(fchmod(file.number, mode)) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try check("write", name) { _ in
                unsafe rest.withUnsafeBytes { unsafe Glibc.write(file.number, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(count)
        }
        try check("fsync", name) { _ in Int(fsync(file.number)) }
        try check("rename", name) { unsafe Int(renameat($0, draft, $0, name)) }
        try check("fsync", nil) { Int(fsync($0)) }
    }

    /// Removes a file for good; one that is not there is as well.
    borrowing func remove(_ name: String) throws(PKIError) {
        try removeIfThere(name)
        try check("fsync", nil) { Int(fsync($0)) }
    }

    /// Removes what a killed process left of a write.
    borrowing func sweep(_ name: String) throws(PKIError) {
        try removeIfThere(Self.unfinished(name))
    }

    private borrowing func removeIfThere(_ name: String) throws(PKIError) {
        let number = descriptor.number
        if case .failed(let code) = SystemCall.perform({ unsafe Int(unlinkat(number, name, 0)) }), code != ENOENT {
            throw .system(operation: "unlink", path: "\(path)/\(name)", code: code)
        }
    }

    private static func unfinished(_ name: String) -> String { ".\(name).new" }

    /// Runs a system call with the folder's descriptor, on one of its files or on itself (nil).
    @discardableResult
    private borrowing func check(_ operation: String, _ name: String?, _ call: (CInt) -> Int) throws(PKIError) -> Int {
        let number = descriptor.number
        return try Self.check(operation, name.map { "\(path)/\($0)" } ?? path) { call(number) }
    }

    @discardableResult
    private static func check(_ operation: String, _ path: String, _ call: () -> Int) throws(PKIError) -> Int {
        do throws(SystemError) {
            return try SystemCall.require(operation, on: path, call)
        } catch {
            throw .system(operation: operation, path: path, code: error.code)
        }
    }
}
