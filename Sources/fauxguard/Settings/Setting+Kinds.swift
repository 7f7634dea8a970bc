import Documents
import Notation

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
