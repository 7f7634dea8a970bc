/// One thing that can be set: its name in the file, what it means, its default, and how a text becomes a value.
///
/// The environment's name follows from the file's: `limits.bodyBytes` is `FAUXGUARD_LIMITS_BODYBYTES`.
struct Setting: Sendable {
    /// Dotted name in the configuration file.
    let name: String
    /// Whether the file may give a list; from the environment, a list is separated by spaces.
    var isList = false
    /// What it does, for `--help`.
    let purpose: String
    /// Its default as the file would give it; nil where there is none.
    let standard: String?
    /// Sets it from texts (one, unless it is a list), or says why not.
    let apply: @Sendable (inout Settings, [String]) -> Refusal?

    /// Why a text was refused; nil stands for success.
    typealias Refusal = String

    /// The variable that sets it.
    var environmentName: String {
        "FAUXGUARD_" + name.uppercased().map { $0 == "." ? "_" : String($0) }.joined()
    }
}
