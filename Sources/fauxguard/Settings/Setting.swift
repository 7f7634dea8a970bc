import Documents
import Notation
import SoftToken

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

/// The page of all settings.
extension Setting {
    /// What `serve --help-settings` prints: each setting with its default, and what it does, in lines for a terminal.
    static var help: String {
        let head = """
            Everything that can be set, by its name in the configuration file, with its
            default. A name with a dot is a key below another; in the environment,
            limits.bodyBytes is FAUXGUARD_LIMITS_BODYBYTES. Durations are a number and ms,
            s, m, h or d, such as 250ms, 1.5h or 2d12h.


            """
        let settings = all.filter { !$0.name.hasPrefix("errors.") }
            .map { setting in
                (["  \(setting.name): \(setting.standard ?? "(none)")"] + prose(setting.purpose, indent: 6))
                    .joined(separator: "\n")
            }
        let refusals = guesses.flatMap { error in
            ["    \(error.rawValue): \(ErrorTable()[error].code)"] + prose(ErrorTable()[error].text, indent: 8)
        }
        let errors =
            ["  errors.NAME.code, errors.NAME.message"]
            + prose("number and text of a refusal that is not published; NAME is one of:", indent: 6) + refusals
        return head + (settings + errors).joined(separator: "\n") + "\n"
    }

    private static func prose(_ text: String, indent: Int) -> [String] {
        Prose.lines(text, width: Terminal.standardWidth - indent)
            .map { String(repeating: " ", count: indent) + $0 }
    }
}

/// How texts become values of each kind, and what a wrong one is answered.
extension Setting {
    static func text(
        _ name: String,
        _ purpose: String,
        _ path: any WritableKeyPath<Settings, String> & Sendable
    ) -> Setting {
        Setting(name: name, purpose: purpose, standard: Settings()[keyPath: path]) { settings, texts in
            settings[keyPath: path] = texts[0]
            return texts[0].isEmpty ? "is empty" : nil
        }
    }

    static func optionalText(
        _ name: String,
        _ purpose: String,
        _ path: any WritableKeyPath<Settings, String?> & Sendable
    ) -> Setting {
        Setting(name: name, purpose: purpose, standard: Settings()[keyPath: path]) { settings, texts in
            settings[keyPath: path] = texts[0]
            return texts[0].isEmpty ? "is empty" : nil
        }
    }

    /// A setting of text that is an address to listen at.
    static func address(_ setting: Setting) -> Setting {
        Setting(name: setting.name, purpose: setting.purpose, standard: setting.standard) { settings, texts in
            setting.apply(&settings, texts) ?? ListenerSetting.reason(againstAddress: texts[0])
        }
    }

    static func flag(
        _ name: String,
        _ purpose: String,
        _ path: any WritableKeyPath<Settings, Bool> & Sendable
    ) -> Setting {
        Setting(name: name, purpose: purpose, standard: "\(Settings()[keyPath: path])") { settings, texts in
            guard let value = CoreSchema.flag(texts[0]) else {
                return "\"\(texts[0])\" is neither true nor false"
            }
            settings[keyPath: path] = value
            return nil
        }
    }

    static func integer(
        _ name: String,
        _ purpose: String,
        _ range: ClosedRange<Int>,
        _ path: any WritableKeyPath<Settings, Int> & Sendable
    ) -> Setting {
        Setting(name: name, purpose: purpose, standard: "\(Settings()[keyPath: path])") { settings, texts in
            guard let value = Int(texts[0]), range.contains(value) else {
                return "\"\(texts[0])\" is no whole number from \(range.lowerBound) to \(range.upperBound)"
            }
            settings[keyPath: path] = value
            return nil
        }
    }

    static func duration(
        _ name: String,
        _ purpose: String,
        _ path: any WritableKeyPath<Settings, Duration> & Sendable
    ) -> Setting {
        Setting(name: name, purpose: purpose, standard: DurationText.format(Settings()[keyPath: path])) {
            settings,
            texts in
            guard let value = DurationText.parse(texts[0]) else { return DurationText.refusal(of: texts[0]) }
            settings[keyPath: path] = value
            return nil
        }
    }

    static func choice<Value: RawRepresentable & CaseIterable & SendableMetatype>(
        _ name: String,
        _ purpose: String,
        _ path: any WritableKeyPath<Settings, Value> & Sendable
    ) -> Setting where Value.RawValue == String, Value.AllCases: SendableMetatype {
        Setting(name: name, purpose: purpose, standard: Settings()[keyPath: path].rawValue) { settings, texts in
            guard let value = Value(rawValue: texts[0]) else {
                let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
                return "\"\(texts[0])\" is none of \(known)"
            }
            settings[keyPath: path] = value
            return nil
        }
    }
}
