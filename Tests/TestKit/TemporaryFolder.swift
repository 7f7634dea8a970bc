import Foundation
import Glibc
import IO
import Synchronization

/// A new folder for one test, removed with everything in it by ``remove()`` or with its last reference.
package final class TemporaryFolder: Sendable {
    /// Where it is, without a slash at the end.
    package let path: String

    /// Makes the folder, mode 0700, among the system's temporary files.
    package init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "fauxguard-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit { remove() }

    /// Removes it now.
    package func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of something in it, whether it exists or not.
    package func path(of name: String) -> String { path + "/" + name }

    /// Writes a file into it and returns the file's path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        let file = path(of: name)
        try Data(text.utf8).write(to: URL(filePath: file))
        return file
    }

    /// The names of what is in it, sorted.
    package var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }
}

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
