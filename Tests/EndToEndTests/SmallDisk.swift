import Foundation
import TestKit
import Testing

/// A disk of a few megabytes in memory, mounted for one test.
struct SmallDisk {
    /// Where it is mounted.
    let path: String
    private let folder: TemporaryFolder

    /// Mounts a disk, runs `body` with it and takes it away again.
    ///
    /// Cancels the test, saying why, where nothing can be mounted.
    static func use(mebibytes: Int, _ body: (SmallDisk) async throws -> Void) async throws {
        let disk = SmallDisk(folder: try TemporaryFolder())
        let arguments = ["-t", "tmpfs", "-o", "size=\(mebibytes)m,mode=0700", "tmpfs", disk.path]
        let mounted: Command.Result
        do {
            mounted = try await Command.run("mount", arguments)
        } catch {
            print("disk test skipped: there is no mount")
            try Test.cancel("there is no mount")
        }
        guard mounted.status == 0 else {
            print("disk test skipped: nothing may be mounted here: \(mounted.errors)")
            try Test.cancel("nothing may be mounted here: \(mounted.errors)")
        }
        do {
            try await body(disk)
        } catch {
            try await disk.remove()
            throw error
        }
        try await disk.remove()
    }

    private init(folder: TemporaryFolder) {
        self.folder = folder
        path = folder.path
    }

    /// Takes every byte that is left, but for so many KiB.
    func fill(leaving kibibytes: Int = 0) async throws {
        // It ends when the disk is full, and says so by its status.
        let result = try await Command.run(
            "dd",
            ["if=/dev/zero", "of=\(filler)", "bs=4096", "oflag=append", "conv=notrunc"]
        )
        guard result.status != 0 else { throw TestKitError("the disk did not become full") }
        guard kibibytes > 0 else { return }
        let cut = try await Command.run("truncate", ["--size=-\(kibibytes)K", filler])
        guard cut.status == 0 else { throw TestKitError("\(filler) can't be cut: \(cut.errors)") }
    }

    /// Gives back what ``fill()`` took.
    func free() throws {
        try FileManager.default.removeItem(atPath: filler)
    }

    private var filler: String { path + "/filler" }

    private func remove() async throws {
        // Lazily, since a server that a failed test leaves behind still has files on it.
        let result = try await Command.run("umount", ["--lazy", path])
        guard result.status == 0 else { throw TestKitError("\(path) can't be unmounted: \(result.errors)") }
    }
}
