import Documents
import FoundationEssentials
import IO
import Registry

/// The folder of scenarios: one YAML file each.
package enum ScenarioFolder {
    /// Reads every `.yaml` file of a folder, by name.
    ///
    /// Throws a ``ScenarioFolderError`` for the first that can't be read or is wrong.
    package static func read(_ folder: String) throws(ScenarioFolderError) -> [Scenario] {
        let files: [String]
        do {
            files = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw ScenarioFolderError(file: folder, line: nil, reason: "the folder can't be read")
        }
        var scenarios: [Scenario] = []
        for file in files.filter({ $0.hasSuffix(".yaml") }).sorted() {
            scenarios.append(try scenario(at: "\(folder)/\(file)", named: String(file.dropLast(".yaml".count))))
        }
        return scenarios
    }

    /// Reads documents that are no files of a folder, by their paths.
    ///
    /// Throws a ``ScenarioFolderError`` for the first that is wrong.
    package static func read(_ documents: [(path: String, bytes: [UInt8])]) throws(ScenarioFolderError) -> [Scenario] {
        var scenarios: [Scenario] = []
        for (path, bytes) in documents {
            let file = path.split(separator: "/").last ?? ""
            scenarios.append(try scenario(bytes, at: path, named: String(file.dropLast(".yaml".count))))
        }
        return scenarios
    }

    private static func scenario(at path: String, named name: String) throws(ScenarioFolderError) -> Scenario {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.read(path, limit: Scenario.sizeLimit)
        } catch {
            throw ScenarioFolderError(file: path, line: nil, reason: "\(error)")
        }
        return try scenario(bytes, at: path, named: name)
    }

    private static func scenario(
        _ bytes: [UInt8],
        at path: String,
        named name: String
    ) throws(ScenarioFolderError) -> Scenario {
        do throws(DocumentError) {
            return try Scenario(bytes, named: name)
        } catch {
            throw ScenarioFolderError(file: path, line: error.line, reason: error.reasons.joined(separator: "\n"))
        }
    }
}

/// Why a folder of scenarios was refused.
package struct ScenarioFolderError: Error, Sendable, Equatable {
    /// The file, or the folder itself.
    package let file: String
    /// The line, counted from 1, where that is known.
    package let line: Int?
    /// What is wrong, with its path in the file.
    package let reason: String
}
