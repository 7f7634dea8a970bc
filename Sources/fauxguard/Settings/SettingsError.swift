/// A setting that cannot be used: which, from where, and why.
struct SettingsError: Error, CustomStringConvertible {
    /// Where the setting was given: `--listen`, `FAUXGUARD_SEED`, or `Config/fauxguard.yaml:12`.
    let origin: String
    /// The setting's name in the configuration file.
    let name: String
    /// What is wrong with it.
    let reason: String

    var description: String { "\(origin): \(name): \(reason)" }
}
