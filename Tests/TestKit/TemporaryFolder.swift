import Foundation

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
