import Documents
import Faults
import Registry

/// One rule of the setting `faults`, and where it was given.
struct FaultSetting {
    /// The setting's name.
    static let name = "faults"
    /// The key that it has in the file beside other settings of rules.
    static let longName = "faults.rules"

    /// The rule.
    let rule: Rule
    /// Its place, such as `faults[2]`.
    let place: String
    /// Where it stands: `Config/fauxguard.yaml:12`, or the variable.
    let origin: String

    /// Whether a value of the setting is a mapping of the rules and of other settings beside them.
    static func holdsSettings(_ node: DocumentNode) -> Bool {
        guard case .mapping(let members) = node.content else { return false }
        return members.contains { ["rules", "persistent"].contains($0.key.text) }
    }

    /// Reads the value of the setting in a file; throws a ``SettingsError`` that names the line and the rule's value.
    static func read(_ node: DocumentNode, in path: String) throws(SettingsError) -> [FaultSetting] {
        do throws(DocumentError) {
            return settings(try RuleDocument.entries(node, as: .yaml, at: name)) { line in
                line.map { "\(path):\($0)" } ?? path
            }
        } catch {
            throw SettingsError(error, in: path)
        }
    }

    /// Reads what a variable holds: the list of rules on one line; throws why it can't be read.
    static func read(_ text: String, from origin: String) throws(DocumentError) -> [FaultSetting] {
        guard !text.isEmpty else { return [] }
        return settings(try RuleDocument.read(Array(text.utf8), as: .yaml)) { _ in origin }
    }

    private static func settings(_ entries: [RuleDocument.Entry], _ origin: (Int?) -> String) -> [FaultSetting] {
        entries.enumerated()
            .map { FaultSetting(rule: $1.rule, place: "\(name)[\($0)]", origin: origin($1.line)) }
    }
}

extension SettingsError {
    /// A rule that is refused when it comes into force.
    init(_ defect: RuleDefect, of setting: FaultSetting) {
        let place = defect.path.isEmpty ? setting.place : "\(setting.place).\(defect.path)"
        self.init(origin: setting.origin, name: place, reason: defect.reason)
    }

    /// Rules that can't be read.
    fileprivate init(_ error: DocumentError, in path: String) {
        self.init(
            all: error.all.map { one in
                SettingsError(
                    origin: one.line.map { "\(path):\($0)" } ?? path,
                    name: one.path,
                    reason: one.reason + one.hint
                )
            }
        )
    }
}
