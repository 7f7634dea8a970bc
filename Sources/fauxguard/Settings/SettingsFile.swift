import Documents
import IO

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
    /// Throws a ``SettingsError`` that names each line that is wrong where the file cannot be read or is no such
    /// mapping.
    static func read(_ path: String) throws(SettingsError) -> [Entry] {
        guard let root = try DocumentNode.read(settings: "configuration", in: path) else { return [] }
        if root.isNull { return [] }
        guard case .mapping = root.content else {
            throw SettingsError(origin: path, name: "configuration", reason: "is no mapping of names to values")
        }
        var reading = Reading(path: path)
        reading.flatten(root, prefix: "")
        reading.refuseRepetitions()
        guard reading.errors.isEmpty else { throw SettingsError(all: reading.errors) }
        return reading.entries
    }

    /// What was read so far, and what is wrong with it.
    private struct Reading {
        let path: String
        var entries: [Entry] = []
        var errors: [SettingsError] = []

        mutating func flatten(_ mapping: DocumentNode, prefix: String) {
            guard case .mapping(let members) = mapping.content else { return }
            for (key, value) in members {
                let name = prefix.isEmpty ? key.text ?? "" : "\(prefix).\(key.text ?? "")"
                let line = key.line ?? 0
                // A mapping of settings, where one of their names stands in it; otherwise the rules themselves.
                let isRules =
                    name == FaultSetting.longName || (name == FaultSetting.name && !FaultSetting.holdsSettings(value))
                switch value.content {
                case .list where isRules, .mapping where isRules: readRules(value, line)
                case .mapping: flatten(value, prefix: name)
                case .list(let items):
                    let texts = items.compactMap(\.text)
                    if texts.count == items.count {
                        entries.append(Entry(name: name, texts: texts, isList: true, line: line))
                    } else {
                        let origin = "\(path):\(line)"
                        errors.append(SettingsError(origin: origin, name: name, reason: "holds more than plain texts"))
                    }
                case .scalar(let text, _):
                    let known = isRules ? FaultSetting.name : name
                    entries.append(Entry(name: known, texts: [value.isNull ? "" : text], isList: false, line: line))
                }
            }
        }

        /// Keys stand once in each mapping, but `log: {level: info}` and `log.level: debug` mean the same setting.
        mutating func refuseRepetitions() {
            var lines: [String: Int] = [:]
            for entry in entries {
                if let first = lines[entry.name] {
                    let reason = "stands twice; it is set on line \(first) already"
                    errors.append(SettingsError(origin: "\(path):\(entry.line)", name: entry.name, reason: reason))
                }
                lines[entry.name] = lines[entry.name] ?? entry.line
            }
        }

        private mutating func readRules(_ value: DocumentNode, _ line: Int) {
            do throws(SettingsError) {
                let rules = try FaultSetting.read(value, in: path)
                entries.append(Entry(name: FaultSetting.name, texts: [], isList: true, line: line, rules: rules))
            } catch {
                errors.append(error)
            }
        }
    }
}

extension DocumentNode {
    /// What a file in YAML, or these bytes of it, holds that the setting `name` names; nil where it holds nothing but
    /// comments.
    static func read(
        settings name: String,
        in path: String,
        _ bytes: [UInt8]? = nil
    ) throws(SettingsError) -> DocumentNode? {
        let content: [UInt8]
        do throws(SystemError) {
            content = if let bytes { bytes } else { try File.read(path) }
        } catch {
            throw SettingsError(origin: path, name: name, reason: "\(error)")
        }
        do throws(DocumentError) {
            return try DocumentNode.read(content, as: .yaml)
        } catch {
            if error.kind == .empty { return nil }
            let origin = error.line.map { "\(path):\($0)" } ?? path
            throw SettingsError(origin: origin, name: name, reason: error.reason)
        }
    }
}
