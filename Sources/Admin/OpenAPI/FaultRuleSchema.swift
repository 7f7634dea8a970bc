import Documents
import Faults
import Notation
import Registry

/// Every rule that is taken, as a schema: for each effect what it takes, as the catalogue has it, and what a rule with it may
/// match on.
///
/// It is made of the catalogue, so that an effect is described by being listed. What an effect asks beyond its parameters'
/// kinds is in ``EffectForms``.
struct FaultRuleSchema {
    private let format: DocumentFormat

    private init(_ format: DocumentFormat) {
        self.format = format
    }

    /// A rule to be made, in JSON or in YAML, where what looks like a number is taken for the text that it is written as.
    static func rule(in format: DocumentFormat) -> JSONValue {
        let schema = FaultRuleSchema(format)
        return ["anyOf": .array(Catalogue.entries.flatMap { schema.forms(of: $0) })]
    }

    /// The schemas of `when`, by the name of the last stage at which the rule can act: what is known by then.
    static func conditions(in format: DocumentFormat) -> [JSONValue.Member] {
        let schema = FaultRuleSchema(format)
        return conditionStages.map { stage in
            .init(name(ofConditionsAt: stage, in: format), schema.conditions(at: stage))
        }
    }

    private static let conditionStages: [Stage] = [.listener, .accept, .hello, .request]

    private static func name(ofConditionsAt stage: Stage, in format: DocumentFormat) -> String {
        let word =
            switch stage {
            case .listener: "Listener"
            case .accept: "Accept"
            case .hello, .handshake: "Hello"
            default: "Request"
            }
        return "FaultConditionsAt\(word)\(format == .yaml ? "InYAML" : "")"
    }

    private func forms(of entry: EffectEntry) -> [JSONValue] {
        EffectForms(entry, in: format).all
            .map { form in
                let arguments = Schemas.object(.object(form.parameters), required: form.required)
                let isCounting = form.lastStage != .listener
                return Schemas.object(
                    [
                        "name": Schemas.nullable(Schemas.ruleName),
                        "when": Schemas.nullable(
                            Schemas.reference(Self.name(ofConditionsAt: form.lastStage, in: format))
                        ),
                        "do": ["const": .string(entry.name)],
                        "with": form.required.isEmpty ? Schemas.nullable(arguments) : arguments,
                        "skip": Schemas.nullable(isCounting ? Schemas.ruleCount(from: 0) : ["const": 0]),
                        "times": isCounting ? Schemas.nullable(Schemas.ruleCount(from: 1)) : ["type": "null"],
                        "probability": Schemas.nullable(isCounting ? Schemas.probability : ["const": 1]),
                        "for": Schemas.nullable(Schemas.lifetime),
                        "stage": Schemas.told, "matched": Schemas.told, "acted": Schemas.told, "missed": Schemas.told,
                        "retired": Schemas.told, "expires": Schemas.told, "notes": Schemas.told,
                    ],
                    required: form.required.isEmpty ? ["do"] : ["do", "with"]
                )
            }
    }

    private func conditions(at stage: Stage) -> JSONValue {
        let keys = RuleKey.allCases.filter { key in
            stage == .listener ? key == .listener : key.isKnown(at: stage)
        }
        let properties = keys.map { key in
            JSONValue.Member(key.rawValue, Schemas.nullable(condition(key)))
        }
        return [
            "type": "object", "description": "What must hold, all of it; nothing matches everything.",
            "properties": .object(properties), "additionalProperties": false,
        ]
    }

    private func condition(_ key: RuleKey) -> JSONValue {
        switch key {
        case .listener:
            return format == .yaml
                ? ["type": ["string", "number"], "minLength": 1] : ["type": "string", "minLength": 1]
        case .client: return ["type": "string", "pattern": .string(Patterns.addressBlock)]
        case .sni: return ["type": "string", "pattern": .string(Patterns.hostNameOrBelow), "maxLength": 253]
        case .ja4:
            return [
                "type": "string",
                "pattern": "^t(10|11|12|13|00|s2|s3)[di][0-9]{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$",
            ]
        case .serial:
            let text: JSONValue = ["type": "string", "pattern": .string(Patterns.serialOrPrefix)]
            return format == .yaml ? Schemas.serialInYAML(text) : text
        case .license: return Schemas.licenseNumber
        case .token: return Schemas.tokenSerial
        case .message: return Schemas.choice(Schemas.messageTypes)
        case .path:
            return [
                "type": "string", "pattern": .string(Patterns.pathOrPrefix),
                "maxLength": .integer(ExchangeFacts.pathLimit),
            ]
        }
    }
}
