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
    /// One of a setting.
    init(origin: String, name: String, reason: String, isUsage: Bool = false) {
        (self.origin, self.name, self.reason) = (origin, name, reason)
        self.isUsage = isUsage
    }

    /// Joins several, of which there is at least one.
    init(all: [SettingsError]) {
        self = all[0]
        others += all.dropFirst()
    }
}
