import FoundationEssentials
import IO
import Supplied
import TLS
import Yams

/// The file of certificate profiles: a YAML list with one profile an entry.
enum ProfilesFile {
    /// Reads all of the file's profiles in their order.
    ///
    /// Throws a ``SettingsError`` that names the line where the file cannot be read, or an entry is no profile.
    static func read(_ path: String) throws(SettingsError) -> [CertificateProfile] {
        let text: String
        do throws(SystemError) {
            text = try File.readText(path)
        } catch {
            throw SettingsError(origin: path, name: "profiles", reason: "\(error)")
        }
        return try read(text, of: path)
    }

    /// Reads the profiles that the binary holds.
    static func read(_ document: SuppliedDocument) throws(SettingsError) -> [CertificateProfile] {
        try read(String(decoding: document.bytes, as: UTF8.self), of: document.path)
    }

    private static func read(_ text: String, of path: String) throws(SettingsError) -> [CertificateProfile] {
        let entries: Node.Sequence
        do {
            guard let root = try compose(yaml: text), let sequence = root.sequence else {
                throw SettingsError(origin: path, name: "profiles", reason: "is no list of profiles")
            }
            entries = sequence
        } catch let error as SettingsError {
            throw error
        } catch {
            throw SettingsError(origin: path, name: "profiles", reason: "is no YAML: \(error)".firstLine)
        }
        var profiles: [CertificateProfile] = []
        for entry in entries {
            let profile = try decode(entry, in: path)
            guard !profiles.contains(where: { $0.name == profile.name }) else {
                throw error(path, entry, profile.name, "there are two of this name")
            }
            profiles.append(profile)
        }
        return profiles
    }

    private static func decode(_ entry: Node, in path: String) throws(SettingsError) -> CertificateProfile {
        let name = entry.mapping?["name"]?.string ?? "profiles"
        do {
            return try YAMLDecoder().decode(CertificateProfile.self, from: entry)
        } catch let DecodingError.keyNotFound(key, context) {
            throw error(path, find(context.codingPath, in: entry), name, "\(key.stringValue) is missing")
        } catch let DecodingError.typeMismatch(_, context), let DecodingError.valueNotFound(_, context),
            let DecodingError.dataCorrupted(context)
        {
            let words = [dotted(context.codingPath), context.debugDescription.firstLine]
            let reason = words.filter { !$0.isEmpty }.joined(separator: ": ")
            throw error(path, find(context.codingPath, in: entry), name, reason)
        } catch {
            throw self.error(path, entry, name, "\(error)".firstLine)
        }
    }

    private static func dotted(_ keys: [any CodingKey]) -> String {
        keys.map(\.stringValue).joined(separator: ".")
    }

    /// The node at the end of a path, or the last one before the path leaves what is there.
    private static func find(_ keys: [any CodingKey], in entry: Node) -> Node {
        var node = entry
        for key in keys {
            guard let next = key.intValue.flatMap({ node.sequence?[$0] }) ?? node.mapping?[Node(key.stringValue)] else {
                return node
            }
            node = next
        }
        return node
    }

    private static func error(_ path: String, _ node: Node, _ name: String, _ reason: String) -> SettingsError {
        SettingsError(origin: "\(path):\(node.mark?.line ?? 0)", name: name, reason: reason)
    }
}
