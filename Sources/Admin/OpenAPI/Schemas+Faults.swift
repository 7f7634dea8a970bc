import Faults

/// Fault rules, and the catalogue of what they can do.
extension Schemas {
    static let ruleName: JSONValue = ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"]
    static let effectName: JSONValue = [
        "type": "string", "enum": .array(Catalogue.entries.map { .string($0.name) }),
    ]

    static let faults: [JSONValue.Member] = [
        .init(
            name: "NewFaultRule",
            value: object(
                [
                    "name": nullable(ruleName), "when": nullable(conditions), "do": effectName,
                    "with": nullable(arguments), "skip": nullable(number(from: 0)), "times": nullable(number(from: 1)),
                    "probability": nullable(probability), "for": nullable(lifetime),
                    "stage": told, "matched": told, "acted": told, "missed": told, "retired": told, "expires": told,
                ],
                required: ["do"]
            )
        ),
        .init(
            name: "FaultRule",
            value: object(
                [
                    "name": ruleName, "when": conditions, "do": effectName, "with": arguments,
                    "skip": number(from: 1), "times": number(from: 1), "probability": probability, "for": lifetime,
                    "stage": stage, "matched": count, "acted": count, "missed": misses,
                    "retired": [
                        "type": "boolean", "description": "Whether it has acted as often as it may.",
                    ],
                    "expires": nullable([
                        "type": "string", "format": "date-time",
                        "description": "When it goes by itself, on the lab's clock.",
                    ]),
                ],
                required: ["name", "do", "stage", "matched", "acted", "missed", "retired", "expires"]
            )
        ),
        .init(
            name: "FaultReport",
            value: object(
                ["name": ruleName, "matched": count, "acted": count, "missed": misses],
                required: ["name", "matched", "acted", "missed"]
            )
        ),
        .init(
            name: "FaultEffect",
            value: object(
                [
                    "name": effectName, "stages": ["type": "array", "items": stage],
                    "ends": [
                        "type": "boolean", "description": "Whether no later rule acts at that stage.",
                    ],
                    "summary": text, "parameters": ["type": "array", "items": reference("FaultParameter")],
                    "observed": [
                        "type": "array",
                        "description": "What clients are seen to report: a part of their own words.",
                        "items": object(
                            ["client": text, "version": nullable(text), "report": text],
                            required: ["client", "version", "report"]
                        ),
                    ],
                    "expected": ["type": "string", "description": "What a correct client does."],
                ],
                required: ["name", "stages", "ends", "summary", "parameters", "observed", "expected"]
            )
        ),
        .init(
            name: "FaultParameter",
            value: object(
                [
                    "name": text,
                    "type": [
                        "type": "string",
                        "enum": ["duration", "integer", "number", "string", "choice", "list", "map"],
                    ],
                    "unit": nullable(text), "range": nullable(text), "default": nullable(text), "required": flag,
                    "summary": text,
                ],
                required: ["name", "type", "unit", "range", "default", "required", "summary"]
            )
        ),
    ]

    /// A rule is taken as it is shown.
    private static let told: JSONValue = ["description": "What became of a rule that is shown; passed over."]

    private static let stage: JSONValue = [
        "type": "string", "enum": .array(Stage.allCases.map { .string($0.rawValue) }),
    ]

    /// In YAML, what looks like a number is the text that it is written as.
    private static let conditions: JSONValue = [
        "type": "object",
        "description": "What must hold, all of it; nothing matches everything.",
        "properties": .object(
            RuleKey.allCases.map { .init(name: $0.rawValue, value: ["type": ["string", "number", "null"]]) }
        ),
        "additionalProperties": false,
    ]

    private static let arguments: JSONValue = [
        "type": "object", "description": "The effect's parameters, as the catalogue has them.",
    ]

    private static let probability: JSONValue = ["type": "number", "minimum": 0, "maximum": 1]

    private static let lifetime: JSONValue = [
        "type": "string", "pattern": "^[0-9]{1,10}(ms|s|m|h|d)$",
        "description": "How long it lives on the lab's clock, a second at least.",
    ]

    private static let misses: JSONValue = [
        "type": "object", "description": "Why it did not act, each reason with its count.",
        "additionalProperties": count,
    ]

    private static func number(from least: Int) -> JSONValue {
        ["type": "integer", "minimum": .integer(least), "maximum": 1_000_000_000]
    }
}
