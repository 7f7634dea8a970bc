import Faults
import Journal
import Notation
import TLSNames

/// What is asked of a journal: the filters of a query, and an expectation with them.
extension Schemas {
    /// The number of a journal's entry, or of a rule.
    static let entryNumber: JSONValue = ["type": "string", "pattern": "^[0-9]{1,18}$"]

    /// The value of a filter.
    static func filter(_ key: JournalFilter.Key) -> JSONValue {
        switch key {
        case .client: ["type": "string", "pattern": .string(Patterns.addressBlock)]
        case .sni: ["type": "string", "pattern": .string(Patterns.serverNameOrBelow), "maxLength": 253]
        case .ja4: ["type": "string", "pattern": .string(Patterns.fingerprint)]
        case .alert: reference("AlertName")
        case .listener, .rule, .verdict: ["type": "string", "minLength": 1]
        case .stage: choice(Stage.allCases.filter { $0 != .listener }.map(\.rawValue))
        case .outcome: choice(ConnectionRecord.Outcome.allCases.map(\.rawValue) + ["open"])
        case .type: choice(messageTypes)
        case .serial: ["type": "string", "pattern": .string(Patterns.serialOrPrefix)]
        case .license: licenseNumber
        case .token: tokenSerial
        case .code: ["type": "string", "pattern": "^(none|[0-9]{1,6})$"]
        case .since, .until: ["anyOf": [entryNumber, ["type": "string", "pattern": .string(Patterns.time())]]]
        }
    }

    /// The value of a filter in a body: as a text, or as the API prints it.
    private static func filterInBody(_ key: JournalFilter.Key) -> JSONValue {
        key.canBeNull ? nullable(printed(key)) : printed(key)
    }

    private static func printed(_ key: JournalFilter.Key) -> JSONValue {
        let integer: JSONValue = ["type": "integer", "minimum": .integer(.min), "maximum": .integer(.max)]
        let code: JSONValue = ["type": "integer", "minimum": 0, "maximum": 999_999]
        let entry: JSONValue = ["type": "integer", "minimum": 0, "maximum": .integer(.max)]
        let name: JSONValue = ["anyOf": [filter(key), integer]]
        return switch key {
        case .sni, .listener: name
        case .rule:
            ["anyOf": [name, object(["name": name, "boundBy": ["enum": ["address", .null]]], required: ["name"])]]
        case .alert:
            [
                "anyOf": [
                    filter(key),
                    object(["name": filter(key), "direction": choice(["sent", "received"])], required: ["name"]),
                ]
            ]
        case .token:
            [
                "anyOf": [
                    filter(key), object(["token": nullable(filter(key)), "code": nullable(code)], required: ["token"]),
                ]
            ]
        case .serial: serialInYAML(filter(key))
        case .code: ["anyOf": [filter(key), code]]
        case .since, .until: ["anyOf": [filter(key), entry]]
        case .verdict: ["type": "null"]
        case .client, .stage, .ja4, .type, .license, .outcome: filter(key)
        }
    }

    /// The alerts that a record may tell of.
    static let alertName: JSONValue = {
        let others = (0...UInt8.max).filter { !AlertCode(rawValue: $0).isNamed }.map { "\($0)" }
        return [
            "anyOf": [
                choice(AlertCode.named.map(\.name)),
                ["type": "string", "pattern": .string("^alert_(\(others.joined(separator: "|")))$")],
            ]
        ]
    }()

    /// An expectation: one number at most, and at least one match without any.
    static let verification: JSONValue = {
        let filters = JournalFilter.Key.allCases
            .map { JSONValue.Member($0.rawValue, filterInBody($0)) }
        let conditions: JSONValue = [
            "type": "object",
            "description":
                "Filters, as the journal's query takes them or as a record shows what they are compared with: null for what it has none of.",
            "properties": .object(filters), "additionalProperties": false,
        ]
        let wait: JSONValue = [
            "type": "number", "minimum": 0, "maximum": 600,
            "description": "Seconds; times and atMost are watched to their end, and looked at once without it.",
        ]
        let number: JSONValue = ["type": "integer", "minimum": 0, "maximum": 1_000_000_000]
        let always: [JSONValue.Member] = [
            .init("where", conditions), .init("within", wait),
            .init("count", unit),
        ]
        let alone = object(.object(always))
        let bounded = ["times", "atLeast", "atMost"]
            .map { name in
                object(.object(always + [.init(name, number)]), required: [name])
            }
        return ["anyOf": .array([alone] + bounded)]
    }()
}
