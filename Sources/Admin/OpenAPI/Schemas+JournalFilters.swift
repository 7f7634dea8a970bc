import Faults
import Journal

/// What is asked of a journal: the filters of a query, and an expectation with them.
extension Schemas {
    /// The number of a journal's entry, or of a rule.
    static let entryNumber: JSONValue = ["type": "string", "pattern": "^[0-9]{1,18}$"]

    /// The value of a filter.
    static func filter(_ key: JournalFilter.Key) -> JSONValue {
        switch key {
        case .client: ["type": "string", "pattern": .string(Patterns.addressBlock)]
        case .sni, .listener, .alert, .ja4, .rule, .verdict: ["type": "string", "minLength": 1]
        case .stage: choice(Stage.allCases.map(\.rawValue))
        case .outcome: choice(ConnectionRecord.Outcome.allCases.map(\.rawValue) + ["open"])
        case .type: choice(messageTypes)
        case .serial: ["type": "string", "pattern": .string(Patterns.serialOrPrefix)]
        case .license: licenseNumber
        case .token: tokenSerial
        case .code: ["type": "string", "pattern": "^(none|-?[0-9]{1,18})$"]
        case .since, .until: ["anyOf": [entryNumber, ["type": "string", "pattern": .string(Patterns.time())]]]
        }
    }

    /// The value of a filter in a body: as a text, or as the API prints it.
    private static func filterInBody(_ key: JournalFilter.Key) -> JSONValue {
        let integer: JSONValue = ["type": "integer"]
        let entry: JSONValue = ["type": "integer", "minimum": 0]
        return switch key {
        case .sni, .listener, .alert, .ja4, .rule: ["anyOf": [filter(key), integer]]
        case .serial: serialInYAML(filter(key))
        case .code: ["anyOf": [filter(key), integer, ["type": "null"]]]
        case .outcome: nullable(filter(key))
        case .since, .until: ["anyOf": [filter(key), entry]]
        case .client, .stage, .license, .token, .type, .verdict: filter(key)
        }
    }

    /// An expectation: one number at most, and at least one match without any.
    static let verification: JSONValue = {
        let filters = JournalFilter.Key.allCases.filter(\.canBeAsked)
            .map { JSONValue.Member(name: $0.rawValue, value: filterInBody($0)) }
        let conditions: JSONValue = [
            "type": "object", "description": "Filters, as the journal's query takes them.",
            "properties": .object(filters), "additionalProperties": false,
        ]
        let wait: JSONValue = [
            "type": "number", "minimum": 0, "maximum": 600,
            "description": "Seconds; times and atMost are watched to their end, and looked at once without it.",
        ]
        let number: JSONValue = ["type": "integer", "minimum": 0, "maximum": 1_000_000_000]
        let always: [JSONValue.Member] = [
            .init(name: "where", value: conditions), .init(name: "within", value: wait),
            .init(name: "count", value: unit),
        ]
        let alone = object(.object(always))
        let bounded = ["times", "atLeast", "atMost"]
            .map { name in
                object(.object(always + [.init(name: name, value: number)]), required: [name])
            }
        return ["anyOf": .array([alone] + bounded)]
    }()
}
