import IO
import Supplied

/// Where the demo lab, the certificate profiles and the scenarios are taken from.
///
/// What somebody named is taken, and nothing else: that it is not there is an error. Where nobody named anything it is the
/// checkout that the program runs in, or the binary's own, so that the binary alone serves.
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
