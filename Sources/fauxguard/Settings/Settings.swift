import IO
import Journal
import Logging
import Registry
import Server
import SoftToken

/// Everything that can be set, with its default: the one place that flags, environment and file are merged into.
struct Settings {
    /// How log lines are written.
    enum LogFormat: String, CaseIterable {
        case text
        case json
    }

    var data = "./data"
    var listeners: [ListenerSetting] = []
    var admin = "127.0.0.1:8480"
    var adminTokenFile: String?
    var registry = "Config/registry.yaml"
    var scenarios = "Config/scenarios"
    var isEphemeral = false
    var seed: UInt64 = 1
    var readyFile: String?
    var logLevel = Logger.Level.info
    var logFormat = LogFormat.text
    var names: [String] = []
    var profiles = "Certs/profiles.yaml"
    var authorityListener: String?
    var loops = 0
    var shutdownGrace = Duration.seconds(5)
    var limits = ServerLimits()
    var journal = JournalLimits()
    var errors: [ServiceError: ErrorTable.Override] = [:]
    var wire = WireChoices()
    var rules = RuleChoices()
    var faults: [FaultSetting] = []
    var keepsRules = false

    /// Where each setting was given that somebody gave, by its name in the file.
    var origins: [String: String] = [:]

    /// Where a setting was given, for what is wrong with it: a flag, a variable, a file's line, or its name alone.
    func origin(of name: String) -> String { origins[name] ?? "default" }

    /// The default data-plane listener.
    static let defaultListener = "main=127.0.0.1:8443,lab=default"

    /// How many event loops there are.
    var loopCount: Int { loops == 0 ? CoreCount.available : loops }
}

extension Settings {
    /// Where certificates can say that the lists of what was revoked and OCSP are; nil where that is not known before
    /// the listener stands (port 0), or is no address for a client to go to.
    var publicationAddress: String? {
        guard let text = authorityListener, let address = try? SocketAddress.resolve(text), address.port != 0 else {
            return nil
        }
        switch address.host {
        case .v4(0), .v6(0, 0, scope: _): return nil
        // A scope means something on this machine only.
        case .v6(_, _, scope: let scope) where scope != 0: return nil
        default: return "\(address)"
        }
    }
}

/// A setting that cannot be used: which, from where, and why.
struct SettingsError: Error, CustomStringConvertible {
    /// Where the setting was given: `--listen`, `FAUXGUARD_SEED`, or `Config/fauxguard.yaml:12`.
    let origin: String
    /// The setting's name in the configuration file.
    let name: String
    /// What is wrong with it.
    let reason: String

    /// What else is wrong.
    private(set) var others: [SettingsError] = []

    /// Whether a flag's value is none, so that the program was called wrongly; a file that it names is another matter.
    private(set) var isUsage = false

    /// One line for each thing that is wrong.
    var description: String {
        let first = isUsage ? "\(origin): \(reason)" : "\(origin): \(name): \(reason)"
        return ([first] + others.map(\.description)).joined(separator: "\n")
    }
}

extension SettingsError {
    /// Joins several, of which there is at least one.
    init(all: [SettingsError]) {
        self = all[0]
        others += all.dropFirst()
    }
}

/// Flags beat environment beat file beat defaults.
extension Settings {
    /// Merges the layers.
    ///
    /// `flags` are settings by their names in the file, with the flag that gave each. Throws a ``SettingsError`` that
    /// names the setting and where it was given.
    static func merge(
        file: String?,
        environment: [String: String],
        flags: [(flag: String, name: String, texts: [String])]
    ) throws -> Settings {
        var settings = Settings()
        if let file {
            for entry in try SettingsFile.read(file) {
                if let rules = entry.rules {
                    settings.faults = rules
                    continue
                }
                try settings.set(entry.name, to: entry.texts, from: "\(file):\(entry.line)", isList: entry.isList)
                // A default that is written out is the default: the example file, uncommented, changes nothing.
                if let standard = Setting.all.first(where: { $0.name == entry.name })?.standard,
                    entry.texts == [standard]
                {
                    settings.origins[entry.name] = nil
                }
            }
        }
        try settings.apply(environment: environment)
        for (flag, name, texts) in flags {
            try settings.set(name, to: texts, from: flag, isList: texts.count != 1)
        }
        if settings.listeners.isEmpty {
            try settings.set("listen", to: [defaultListener], from: "default", isList: true)
        }
        try settings.nameListeners()
        return settings
    }

    private mutating func apply(environment: [String: String]) throws {
        for setting in Setting.all {
            guard let text = environment[setting.environmentName] else { continue }
            // The clients take the same variable as a URL; one that was meant for them is no address to listen at.
            if setting.environmentName == "FAUXGUARD_ADMIN", text.contains("://") { continue }
            let texts = setting.isList ? text.split(separator: " ").map(String.init) : [text]
            try set(setting.name, to: texts, from: setting.environmentName, isList: setting.isList)
        }
        // Others are read by other commands, and one names the file.
        let known = Set(Setting.all.map(\.environmentName) + AdminOptions.Variable.allCases.map(\.rawValue))
            .union(["FAUXGUARD_CONFIG"])
        for name in environment.keys.sorted() where name.hasPrefix("FAUXGUARD_") && !known.contains(name) {
            throw SettingsError(origin: name, name: "environment", reason: "sets nothing: no setting has this name")
        }
    }

    private mutating func set(_ name: String, to texts: [String], from origin: String, isList: Bool) throws {
        guard let setting = Setting.all.first(where: { $0.name == name }) else {
            throw SettingsError(origin: origin, name: name, reason: "no setting has this name")
        }
        guard setting.isList || !isList else {
            throw SettingsError(origin: origin, name: name, reason: "takes one value, not a list")
        }
        if let reason = setting.apply(&self, texts) {
            throw SettingsError(origin: origin, name: name, reason: reason, isUsage: origin.hasPrefix("--"))
        }
        origins[name] = origin
    }

    /// Gives unnamed listeners their names (`main`, `listener-2`, …) and refuses a name used twice.
    private mutating func nameListeners() throws {
        var taken: Set<String> = []
        for index in listeners.indices {
            let name = listeners[index].name ?? (index == 0 ? "main" : "listener-\(index + 1)")
            guard taken.insert(name).inserted else {
                throw SettingsError(origin: "listeners", name: "listen", reason: "two listeners are named \"\(name)\"")
            }
            listeners[index].name = name
        }
    }
}
