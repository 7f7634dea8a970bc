import Documents
import Faults
import IO
import Registry

/// One `--listen [NAME=]HOST:PORT[,lab=LAB][,proxy=ADDRESS/BITS]…`.
struct ListenerSetting: Equatable {
    /// The listener's name, by which rules and the journal know it.
    var name: String?
    /// Where it listens, as written; resolved when it is opened.
    let address: String
    /// The lab whose world its connections see.
    private(set) var lab = "default"
    /// The proxies whose PROXY protocol headers it takes.
    let proxies: TrustedProxies

    /// Reads the written form; the reason for a refusal is thrown as text.
    init(_ text: String) throws(ListenerSettingError) {
        var target = text
        if let equals = text.prefix(while: { $0 != "," }).firstIndex(of: "=") {
            let name = String(text[..<equals])
            guard Self.isName(name) else {
                throw ListenerSettingError(reason: "\"\(name)\" is no name: use letters, digits, '-', '_' and '.'")
            }
            self.name = name
            target = String(text[text.index(after: equals)...])
        }
        address = String(target.prefix { $0 != "," })
        if let reason = Self.reason(againstAddress: address) { throw ListenerSettingError(reason: reason) }
        let read: ListenAddress
        do throws(ListenAddress.Defect) {
            read = try ListenAddress(target)
        } catch {
            throw ListenerSettingError(reason: error.reason)
        }
        proxies = read.proxies
        for part in read.others {
            guard part.hasPrefix("lab="), Self.isName(String(part.dropFirst(4))) else {
                throw ListenerSettingError(
                    reason: "\"\(part)\" is not understood after the address: only lab=NAME and proxy=ADDRESS/BITS are"
                )
            }
            lab = String(part.dropFirst(4))
        }
    }

    /// Why a text is no address to listen at, by its form; nil where it may be one.
    ///
    /// Whether its host is one is seen at the start.
    static func reason(againstAddress text: String) -> String? {
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
            UInt16(text[text.index(after: colon)...]) != nil, text.hasPrefix("[") || !text[..<colon].contains(":")
        else { return "\"\(text)\" is no HOST:PORT, such as 127.0.0.1:8443 or [::1]:0" }
        return nil
    }

    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }
}

/// A `--listen` that cannot be read.
struct ListenerSettingError: Error {
    /// What is wrong with it.
    let reason: String
}

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
