import Glibc
import IO
import Synchronization

/// A named pipe whose reading end is held and never read.
package final class NamedPipe: Sendable {
    /// Where it is.
    package let path: String
    private let reader: Mutex<OwnedDescriptor?>

    /// Makes the pipe and opens it; throws where the place is taken.
    package init(at path: String) throws {
        guard unsafe mkfifo(path, 0o600) == 0 else { throw TestKitError("no pipe at \(path): errno \(errno)") }
        // For reading and writing: so it opens without waiting for the other end.
        let number = unsafe open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        guard number >= 0 else { throw TestKitError("\(path) cannot be opened: errno \(errno)") }
        self.path = path
        reader = Mutex(OwnedDescriptor(adopting: number))
    }

    /// Gives up the reading end: who writes then has nobody to write to.
    package func close() {
        reader.withLock { $0 = nil }
    }
}
