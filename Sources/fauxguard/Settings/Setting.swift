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
    /// Where a value of some kind is kept.
    typealias Path<Value> = WritableKeyPath<Settings, Value> & Sendable

    /// A setting of one value that `read` makes of a text, or that is refused with what `refusal` says of the text.
    static func value<Value>(
        _ name: String,
        _ purpose: String,
        _ path: any Path<Value>,
        shownAs text: (Value) -> String? = { "\($0)" },
        orElse refusal: @escaping @Sendable (String) -> Refusal,
        _ read: @escaping @Sendable (String) -> Value?
    ) -> Setting {
        Setting(name: name, purpose: purpose, standard: text(Settings()[keyPath: path])) { settings, texts in
            guard let value = read(texts[0]) else { return refusal(texts[0]) }
            settings[keyPath: path] = value
            return nil
        }
    }

    static func text(_ name: String, _ purpose: String, _ path: any Path<String>) -> Setting {
        value(name, purpose, path, shownAs: { $0 }, orElse: { _ in "is empty" }, { $0.isEmpty ? nil : $0 })
    }

    static func optionalText(_ name: String, _ purpose: String, _ path: any Path<String?>) -> Setting {
        value(name, purpose, path, shownAs: { $0 }, orElse: { _ in "is empty" }, { $0.isEmpty ? nil : .some($0) })
    }

    /// A setting of text that is an address to listen at.
    static func address(_ setting: Setting) -> Setting {
        Setting(name: setting.name, purpose: setting.purpose, standard: setting.standard) { settings, texts in
            setting.apply(&settings, texts) ?? ListenerSetting.reason(againstAddress: texts[0])
        }
    }

    static func flag(_ name: String, _ purpose: String, _ path: any Path<Bool>) -> Setting {
        let wrong = { @Sendable (text: String) in "\"\(text)\" is neither true nor false" }
        return value(name, purpose, path, orElse: wrong, CoreSchema.flag)
    }

    static func integer(
        _ name: String,
        _ purpose: String,
        _ range: ClosedRange<Int>,
        _ path: any Path<Int>
    ) -> Setting {
        let none = "is no whole number from \(range.lowerBound) to \(range.upperBound)"
        let read = { @Sendable (text: String) in Int(text).flatMap { range.contains($0) ? $0 : nil } }
        return value(name, purpose, path, orElse: { "\"\($0)\" \(none)" }, read)
    }

    static func duration(_ name: String, _ purpose: String, _ path: any Path<Duration>) -> Setting {
        value(name, purpose, path, shownAs: DurationText.format, orElse: DurationText.refusal(of:), DurationText.parse)
    }

    static func choice<Value: RawRepresentable & CaseIterable & SendableMetatype>(
        _ name: String,
        _ purpose: String,
        _ path: any Path<Value>
    ) -> Setting where Value.RawValue == String, Value.AllCases: SendableMetatype {
        let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
        let wrong = { @Sendable (text: String) in "\"\(text)\" is none of \(known)" }
        return value(name, purpose, path, shownAs: \.rawValue, orElse: wrong, Value.init(rawValue:))
    }
}
