import Glibc
import IO
import Registry

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
            throw StoreError(
                kind: .inUse,
                operation: "lock",
                path: path,
                code: 0,
                message: "another process or lab has the registry open"
            )
        }
    }

    /// Lets others open the registry.
    func release() {
        _ = flock(descriptor.number, LOCK_UN)
    }
}
