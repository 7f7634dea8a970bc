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
        let known = Set(Setting.all.map(\.environmentName)).union(Self.environmentOfClients)
        for name in environment.keys.sorted() where name.hasPrefix("FAUXGUARD_") && !known.contains(name) {
            throw SettingsError(origin: name, name: "environment", reason: "sets nothing: no setting has this name")
        }
    }

    /// Variables that other subcommands read, and the one that names the file.
    private static let environmentOfClients: Set<String> = AdminOptions.environmentNames.union(["FAUXGUARD_CONFIG"])

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
