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

    /// One line for each thing that is wrong.
    var description: String {
        (["\(origin): \(name): \(reason)"] + others.map(\.description)).joined(separator: "\n")
    }
}

extension SettingsError {
    /// One of a setting.
    init(origin: String, name: String, reason: String) {
        (self.origin, self.name, self.reason) = (origin, name, reason)
    }

    /// Joins several, of which there is at least one.
    init(all: [SettingsError]) {
        self = all[0]
        others += all.dropFirst()
    }
}
