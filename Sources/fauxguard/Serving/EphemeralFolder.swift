import FoundationEssentials
import IO

/// A folder under the system's one for temporary files, which goes with the run that made it.
///
/// A process that is killed can't remove its own. Its lock is then free, by which a later run knows it.
final class EphemeralFolder: Sendable {
    /// The folder, from the root.
    let path: String
    private let lock: LifeLock

    private static let prefix = "fauxguard-"
    private static let lockName = "/run.lock"

    /// Makes a new one.
    init(in parent: String) throws(DataFolderError) {
        let path = "\(parent)/\(Self.prefix)\(UUID().uuidString)"
        self.path = path
        do {
            guard try PrivateFolder.claim(path) == nil else {
                throw DataFolderError(path: path, reason: "was there, and open to other users")
            }
            lock = try LifeLock(at: path + Self.lockName)
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error as? DataFolderError ?? DataFolderError(path: path, reason: "\(error)")
        }
    }

    /// Removes it with everything in it.
    ///
    /// Somebody may still write into it, where the process ends in a hurry; what came meanwhile goes with the next attempt.
    func remove() {
        for _ in 0..<3 where FileManager.default.fileExists(atPath: path) {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// Removes the folders of runs of this user that were killed, and returns them.
    ///
    /// Only what such a run has made and locked: a folder of the same name without a lock may be anything.
    static func sweep(_ parent: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        var removed: [String] = []
        for name in names where name.hasPrefix(prefix) && UUID(uuidString: String(name.dropFirst(prefix.count))) != nil
        {
            let path = "\(parent)/\(name)"
            guard let lock = LifeLock(abandonedAt: path + lockName) else { continue }
            if (try? FileManager.default.removeItem(atPath: path)) != nil { removed.append(path) }
            _ = consume lock
        }
        return removed
    }
}
