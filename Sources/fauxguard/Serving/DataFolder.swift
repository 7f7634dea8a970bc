import FoundationEssentials
import IO
import Logging

/// Where this run keeps its files.
struct DataFolder: Sendable {
    /// The folder itself, from the root.
    let path: String
    private let ephemeral: EphemeralFolder?

    /// Makes the folder where it is missing, mode 0700, and takes what is there for this user alone; the log says what
    /// was open to others.
    static func prepare(_ settings: Settings, _ logger: Logger) throws(DataFolderError) -> DataFolder {
        if settings.isEphemeral {
            let parent = File.absolute(FileManager.default.temporaryDirectory.path)
            for path in EphemeralFolder.sweep(parent) {
                logger.notice("removed what a killed server left", metadata: ["folder": "\(path)"])
            }
            let folder = try EphemeralFolder(in: parent)
            return DataFolder(path: folder.path, ephemeral: folder)
        }
        let path = File.absolute(settings.data)
        var changes = try claim(path)
        let labs = path + "/labs"
        changes += try claim(labs)
        do throws(SystemError) {
            // A lab's folder, its snapshots, their files.
            changes += try PrivateFolder.narrow(contentsOf: labs, depth: 2)
        } catch {
            throw DataFolderError(path: path, reason: "\(error)")
        }
        for change in changes {
            logger.warning(
                "was open to other users, and is not any more",
                metadata: ["path": "\(change.path)", "mode": "\(String(change.mode, radix: 8))"]
            )
        }
        return DataFolder(path: path, ephemeral: nil)
    }

    /// The folder of keys and certificates.
    var pki: String { path + "/pki" }

    /// The folder of all labs, made where it is missing.
    func labs() throws(DataFolderError) -> String {
        let labs = path + "/labs"
        _ = try Self.claim(labs)
        return labs
    }

    /// Removes a temporary folder with everything in it; any thread may ask.
    func removeIfTemporary() { ephemeral?.remove() }

    private static func claim(_ path: String) throws(DataFolderError) -> [PrivateFolder.Change] {
        do throws(PrivateFolderError) {
            return try PrivateFolder.claim(path).map { [$0] } ?? []
        } catch {
            throw DataFolderError(path: path, reason: "\(error)")
        }
    }
}

/// A data folder that cannot be used.
struct DataFolderError: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "data folder \(path): \(reason)" }
}

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
    /// Somebody may still write into it, where the process ends in a hurry; what came meanwhile goes with the next
    /// attempt.
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
