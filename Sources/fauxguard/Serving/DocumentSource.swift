import Documents
import IO
import Supplied
import TLS

/// Where the demo lab, the certificate profiles and the scenarios are taken from.
///
/// What somebody named is taken, and nothing else: that it is not there is an error. Where nobody named anything it is
/// the checkout that the program runs in, or the binary's own, so that the binary alone serves.
enum DocumentSource: Sendable, Equatable {
    /// A file or folder, and where it was named.
    case path(String, origin: String)
    /// What the binary holds.
    case binary
    /// Nothing, as somebody asked for.
    case none

    /// The registry document of an empty default lab.
    static func registry(for settings: Settings) -> DocumentSource {
        let isNone = settings.registry == "none" && settings.origins["registry"] != nil
        return isNone ? .none : source("registry", settings.registry, settings, isFolder: false)
    }

    /// The certificate profiles.
    static func profiles(for settings: Settings) -> DocumentSource {
        source("pki.profiles", settings.profiles, settings, isFolder: false)
    }

    /// The scenarios.
    static func scenarios(for settings: Settings) -> DocumentSource {
        source("scenarios", settings.scenarios, settings, isFolder: true)
    }

    private static func source(
        _ name: String,
        _ path: String,
        _ settings: Settings,
        isFolder: Bool
    ) -> DocumentSource {
        let isNamed = settings.origins[name] != nil
        guard isNamed || (isFolder ? File.isFolder(path) : File.isRegular(path)) else { return .binary }
        return .path(path, origin: settings.origin(of: name))
    }

    /// Throws a ``SettingsError`` that names the setting where what it names can't be opened, or is of the other kind.
    func check(_ name: String, isFolder: Bool) throws(SettingsError) {
        guard case .path(let path, let origin) = self else { return }
        do throws(SystemError) {
            try File.probe(path, isFolder: isFolder)
        } catch {
            throw SettingsError(origin: origin, name: name, reason: "\(error)")
        }
    }

    /// Where it is looked for, for whoever does not find something there.
    func place(of name: String) -> String {
        switch self {
        case .path(let path, _): "\(File.absolute(path)), which the setting \(name) names"
        case .binary: "the binary's own; the setting \(name) names others"
        case .none: "none"
        }
    }
}

extension DocumentSource: CustomStringConvertible {
    /// The path as it was named, for the log.
    var description: String {
        switch self {
        case .path(let path, _): path
        case .binary: "the binary"
        case .none: "none"
        }
    }
}

/// The file of certificate profiles: a YAML list with one profile an entry.
enum ProfilesFile {
    /// Reads the profiles that the binary holds.
    static func read(_ document: SuppliedDocument) throws(SettingsError) -> [CertificateProfile] {
        try read(document.path, document.bytes)
    }

    /// Reads all profiles of a file, or of these bytes of it, in their order.
    ///
    /// Throws a ``SettingsError`` that names each line that is wrong where the file cannot be read, or an entry is no
    /// profile.
    static func read(_ path: String, _ bytes: [UInt8]? = nil) throws(SettingsError) -> [CertificateProfile] {
        guard case .list(let entries) = try DocumentNode.read(settings: "profiles", in: path, bytes)?.content else {
            throw SettingsError(origin: path, name: "profiles", reason: "is no list of profiles")
        }
        var profiles: [CertificateProfile] = []
        var errors: [SettingsError] = []
        for entry in entries {
            do throws(SettingsError) {
                let profile = try decode(entry, in: path)
                guard !profiles.contains(where: { $0.name == profile.name }) else {
                    throw error(path, entry, profile.name, "there are two of this name")
                }
                profiles.append(profile)
            } catch {
                errors.append(error)
            }
        }
        guard errors.isEmpty else { throw SettingsError(all: errors) }
        return profiles
    }

    private static func decode(_ entry: DocumentNode, in path: String) throws(SettingsError) -> CertificateProfile {
        let name = entry["name"]?.text ?? "profiles"
        do {
            return try DocumentDecoder.decode(CertificateProfile.self, from: entry)
        } catch let DecodingError.keyNotFound(key, context) {
            throw error(path, find(context.codingPath, in: entry), name, "\(key.stringValue) is missing")
        } catch let DecodingError.typeMismatch(_, context), let DecodingError.valueNotFound(_, context),
            let DecodingError.dataCorrupted(context)
        {
            let words = [dotted(context.codingPath), context.debugDescription]
            let reason = words.filter { !$0.isEmpty }.joined(separator: ": ")
            throw error(path, find(context.codingPath, in: entry), name, reason)
        } catch {
            throw self.error(path, entry, name, "\(error)")
        }
    }

    private static func dotted(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { path, key in
            path += key.intValue != nil || path.isEmpty ? key.stringValue : ".\(key.stringValue)"
        }
    }

    /// The node at the end of a path, or the last one before the path leaves what is there.
    private static func find(_ keys: [any CodingKey], in entry: DocumentNode) -> DocumentNode {
        var node = entry
        for key in keys {
            switch node.content {
            case .list(let nodes):
                guard let index = key.intValue, nodes.indices.contains(index) else { return node }
                node = nodes[index]
            default:
                guard let next = node[key.stringValue] else { return node }
                node = next
            }
        }
        return node
    }

    private static func error(_ path: String, _ node: DocumentNode, _ name: String, _ reason: String) -> SettingsError {
        SettingsError(origin: "\(path):\(node.line ?? 0)", name: name, reason: reason)
    }
}
