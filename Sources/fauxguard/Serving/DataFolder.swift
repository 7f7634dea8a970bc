import FoundationEssentials
import IO

/// Where this run keeps its files.
struct DataFolder: Sendable {
    /// The folder itself.
    let path: String
    private let isTemporary: Bool

    /// Makes the folder where it is missing, mode 0700.
    static func prepare(_ settings: Settings) throws -> DataFolder {
        let path: String
        if settings.isEphemeral {
            path = FileManager.default.temporaryDirectory.appending(path: "fauxguard-\(UUID().uuidString)").path
        } else {
            path = settings.data
        }
        try make(path)
        return DataFolder(path: path, isTemporary: settings.isEphemeral)
    }

    /// The folder of keys and certificates.
    var pki: String { path + "/pki" }

    /// The folder of all labs, made where it is missing.
    func labs() throws -> String {
        let labs = path + "/labs"
        try Self.make(labs)
        return labs
    }

    /// Removes a temporary folder with everything in it.
    func removeIfTemporary() {
        if isTemporary { try? FileManager.default.removeItem(atPath: path) }
    }

    private static func make(_ path: String) throws(DataFolderError) {
        do throws(SystemError) {
            try File.makeFolder(path)
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
