import Glibc

/// A file that is locked for as long as the process that made it lives, however that ends.
package struct LifeLock: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// Makes the file.
    ///
    /// It gets its name when it is locked, so that nobody finds it without an owner before that.
    package init(at path: String) throws(SystemError) {
        let draft = "\(path).\(getpid()).new"
        let number = try SystemCall.require("create", on: path) {
            unsafe Int(open(draft, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600))
        }
        let descriptor = OwnedDescriptor(adopting: CInt(number))
        try SystemCall.require("lock", on: path) { Int(flock(CInt(number), LOCK_EX | LOCK_NB)) }
        try SystemCall.require("rename", on: path) { unsafe Int(rename(draft, path)) }
        self.descriptor = descriptor
    }

    /// Takes over a lock that a process of this user left when it ended; nil where there is none, or its process lives.
    package init?(abandonedAt path: String) {
        let number = unsafe open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard number >= 0 else { return nil }
        let descriptor = OwnedDescriptor(adopting: number)
        var status = stat()
        guard unsafe fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
            flock(number, LOCK_EX | LOCK_NB) == 0
        else { return nil }
        self.descriptor = descriptor
    }
}
