internal import Glibc

/// The folder of one installation's PKI, locked against other processes while it is open.
///
/// Every write is atomic: the bytes go to a new file of the final mode, reach the disk, and then take the name.
@safe
struct PKIFolder: ~Copyable {
    /// As the caller named it; for errors.
    let path: String
    private let descriptor: CInt

    /// A certificate and its key have a few kilobytes; whatever is larger is no file of ours.
    private static let limit = 65_536

    deinit {
        // Closing releases the lock.
        _ = close(descriptor)
    }

    /// Opens the folder, making it where it is missing (its parent must exist), and waits for its lock.
    static func open(at path: String) throws(PKIError) -> PKIFolder {
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
            throw .system(operation: "mkdir", path: path, code: errno)
        }
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(operation: "open", path: path, code: errno) }
        let folder = PKIFolder(path: path, descriptor: descriptor)
        try folder.check("flock", nil) { flock(descriptor, LOCK_EX) }
        return folder
    }

    /// Takes all rights from group and others, on the folder itself (nil) or on one file.
    ///
    /// - Returns: the mode that was too wide, or nil where nothing had to change.
    borrowing func tighten(_ name: String? = nil) throws(PKIError) -> mode_t? {
        var status = stat()
        try check("fstatat", name) { unsafe fstatat(descriptor, name ?? ".", &status, 0) }
        let mode = status.st_mode & 0o7777
        guard mode & 0o077 != 0 else { return nil }
        try check("fchmodat", name) { unsafe fchmodat(descriptor, name ?? ".", mode & 0o700, 0) }
        return mode
    }

    /// Reads a file, or answers nil where there is none.
    borrowing func read(_ name: String) throws(PKIError) -> [UInt8]? {
        let file = unsafe openat(descriptor, name, O_RDONLY | O_CLOEXEC)
        if file < 0, errno == ENOENT { return nil }
        try check("open", name) { file }
        defer { _ = close(file) }
        var bytes = [UInt8](repeating: 0, count: Self.limit + 1)
        var count = 0
        while count < bytes.count {
            let free = bytes.count - count
            let got = try check("read", name) {
                unsafe bytes.withUnsafeMutableBytes {
                    unsafe Glibc.read(file, $0.baseAddress?.advanced(by: count), free)
                }
            }
            if got == 0 { break }
            count += got
        }
        guard count <= Self.limit else { throw .refused(path: "\(path)/\(name)", .tooLarge(limit: Self.limit)) }
        return Array(bytes.prefix(count))
    }

    /// Puts bytes under a name at once and for good.
    ///
    /// - Parameters:
    ///   - bytes: the whole contents.
    ///   - name: a name in the folder; what it named before is replaced.
    ///   - mode: the permission bits, from the file's first moment.
    /// - Throws: ``PKIError/system(operation:path:code:)``; the name then still stands for what it did before.
    borrowing func write(_ bytes: [UInt8], to name: String, mode: mode_t) throws(PKIError) {
        try removeIfThere(Self.unfinished(name))
        let file = unsafe openat(
            descriptor,
            Self.unfinished(name),
            O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
            mode
        )
        try check("create", name) { file }
        defer { _ = close(file) }
        // Whoever's mask is set: a certificate is for everyone to read.
        try check("fchmod", name) { fchmod(file, mode) }
        var written = 0
        while written < bytes.count {
            written += try check("write", name) {
                unsafe bytes.withUnsafeBytes {
                    unsafe Glibc.write(file, $0.baseAddress?.advanced(by: written), $0.count - written)
                }
            }
        }
        try check("fsync", name) { fsync(file) }
        try check("rename", name) { unsafe renameat(descriptor, Self.unfinished(name), descriptor, name) }
        try check("fsync", nil) { fsync(descriptor) }
    }

    /// Removes a file for good; one that is not there is as well.
    borrowing func remove(_ name: String) throws(PKIError) {
        try removeIfThere(name)
        try check("fsync", nil) { fsync(descriptor) }
    }

    /// Removes what a killed process left of a write.
    borrowing func sweep(_ name: String) throws(PKIError) {
        try removeIfThere(Self.unfinished(name))
    }

    private borrowing func removeIfThere(_ name: String) throws(PKIError) {
        if unsafe unlinkat(descriptor, name, 0) != 0, errno != ENOENT {
            throw .system(operation: "unlink", path: "\(path)/\(name)", code: errno)
        }
    }

    private static func unfinished(_ name: String) -> String {
        ".\(name).new"
    }

    /// Runs a system call again while a signal interrupts it.
    @discardableResult
    private borrowing func check<Result: SignedInteger>(
        _ operation: String,
        _ name: String?,
        _ call: () -> Result
    ) throws(PKIError) -> Result {
        while true {
            let result = call()
            if result >= 0 { return result }
            if errno != EINTR {
                throw .system(operation: operation, path: name.map { "\(path)/\($0)" } ?? path, code: errno)
            }
        }
    }
}
