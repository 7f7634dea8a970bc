import Admin
import IO
import Registry
import Yams

/// The configuration file: YAML whose keys are the settings' names, nested at the dots.
enum SettingsFile {
    /// One setting as the file gives it.
    struct Entry {
        let name: String
        let texts: [String]
        let isList: Bool
        let line: Int
        /// What it holds, where that is more than texts: a list of fault rules.
        var rules: [FaultSetting]?
    }

    /// Reads the file's entries in their order.
    ///
    /// Throws a ``SettingsError`` that names the line where the file cannot be read or is no such mapping.
    static func read(_ path: String) throws -> [Entry] {
        let text: String
        do throws(SystemError) {
            text = try File.readText(path)
        } catch {
            throw SettingsError(origin: path, name: "configuration", reason: "\(error)")
        }
        let root: Node?
        do {
            root = try compose(yaml: text)
        } catch {
            throw SettingsError(origin: path, name: "configuration", reason: "is no YAML: \(error)".firstLine)
        }
        guard let root else { return [] }
        guard let mapping = root.mapping else {
            throw SettingsError(origin: path, name: "configuration", reason: "is no mapping of names to values")
        }
        var entries: [Entry] = []
        try flatten(mapping, prefix: "", path: path, into: &entries)
        return entries
    }

    private static func flatten(
        _ mapping: Node.Mapping,
        prefix: String,
        path: String,
        into entries: inout [Entry]
    ) throws {
        for (key, value) in mapping {
            let line = key.mark?.line ?? 0
            guard let keyText = key.scalar?.string else {
                throw SettingsError(origin: "\(path):\(line)", name: prefix, reason: "a key is no text")
            }
            let name = prefix.isEmpty ? keyText : "\(prefix).\(keyText)"
            if name == FaultSetting.name, value.scalar == nil {
                let rules = try FaultSetting.read(DocumentNode(value), in: path)
                entries.append(Entry(name: name, texts: [], isList: true, line: line, rules: rules))
            } else if let nested = value.mapping {
                try flatten(nested, prefix: name, path: path, into: &entries)
            } else if let sequence = value.sequence {
                let texts = sequence.compactMap { $0.scalar?.string }
                guard texts.count == sequence.count else {
                    throw SettingsError(origin: "\(path):\(line)", name: name, reason: "holds more than plain texts")
                }
                entries.append(Entry(name: name, texts: texts, isList: true, line: line))
            } else {
                entries.append(Entry(name: name, texts: [value.scalar?.string ?? ""], isList: false, line: line))
            }
        }
    }
}

extension String {
    /// The text up to its first line break: errors of libraries come in several lines, and operators read one.
    var firstLine: String { String(prefix { !$0.isNewline }) }
}
