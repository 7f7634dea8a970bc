import Documents
import Faults
import Notation
import Registry
import SoftToken

/// Fault rules, and the catalogue of what they can do.
extension Schemas {
    static let ruleName = text(like: "^(?!\\.{1,2}$)[A-Za-z0-9._-]{1,64}$")
    static let effectName = choice(Catalogue.effects.map(\.name))

    static let faults: JSONValue = [
        "NewFaultRule": FaultRuleSchema.rule(in: .json),
        "NewFaultRuleInYAML": FaultRuleSchema.rule(in: .yaml),
        "FaultRule": object([
            "name": ruleName, "when?": written, "do": effectName, "with?": written,
            "skip?": ruleCount(from: 1), "times?": ruleCount(from: 1), "probability?": probability,
            // As it is shown: of a very long life, with more digits than are taken.
            "for?": text.saying("How long it lives on the lab's clock."),
            "stage": stage, "matched": count, "acted": count, "missed": misses,
            "retired": flag.saying("Whether it has acted as often as it may."),
            "expires": nullable(time.saying("When it goes by itself, on the lab's clock.")),
            "notes": list(of: text).saying("What looked like a slip when it was added, and may be meant."),
        ]),
        "FaultReport": object(["name": ruleName, "matched": count, "acted": count, "missed": misses]),
        "FaultEffect": object([
            "name": effectName, "stages": list(of: stage),
            "ends": flag.saying("Whether no later rule acts at that stage."),
            "summary": text, "parameters": list(of: reference("FaultParameter")),
            "observed": [
                "type": "array",
                "description": "What clients are seen to report: a part of their own words.",
                "items": object(["client": text, "version": nullable(text), "report": text]),
            ],
            "expected": text.saying("What a correct client does."),
        ]),
        "FaultParameter": object([
            "name": text,
            "type": choice(["duration", "integer", "number", "string", "choice", "list", "map"]),
            "unit": nullable(text), "range": nullable(text), "default": nullable(text), "required": flag,
            "summary": text,
        ]),
    ]

    /// A rule is taken as it is shown.
    static let told: JSONValue = ["description": "What became of a rule that is shown; passed over."]

    private static let stage = choice(Stage.allCases.map(\.rawValue))

    /// A rule's conditions and its effect's parameters, as they were given.
    private static let written: JSONValue = ["type": "object"]

    static let messageTypes = RequestType.allCases.map(\.shortName)

    static let probability: JSONValue = ["type": "number", "minimum": 0, "maximum": 1]

    static let lifetime = text(like: Patterns.lifetime)
        .saying("How long it lives on the lab's clock, a second at least.")

    private static let misses: JSONValue = [
        "type": "object", "description": "Why it did not act, each reason with its count.",
        "additionalProperties": count,
    ]

    /// A serial of digits alone needs no quotes in YAML.
    static func serialInYAML(_ text: JSONValue) -> JSONValue {
        either(text, whole(-999_999_999_999_999...9_999_999_999_999_999))
    }

    /// A count of a rule's matches.
    static func ruleCount(from least: Int) -> JSONValue {
        whole(least...1_000_000_000)
    }
}

/// Ready-made worlds.
extension Schemas {
    static let scenarios: JSONValue = [
        "ScenarioSummary": object([
            "name": snapshotName, "title": text, "symptom": symptom, "published": published, "running": flag,
            "see": list(of: text).saying("What is seen while it runs."),
        ]),
        "Scenario": object([
            "name": snapshotName, "title": text, "symptom": symptom, "published": published, "running": flag,
            "see": list(of: reference("ScenarioSight")), "registry?": reference("RegistryInput"),
            "clock?": reference("ClockChange"),
            "steps": list(of: ["type": "object", "minProperties": 1, "maxProperties": 1]),
            "faults": list(of: reference("NewFaultRule")),
            "otherRules?": list(of: text)
                .saying("The rules that were in force before, where it was just started."),
        ]),
        "ScenarioSight": object([
            "what": text, "times": ["type": "integer", "minimum": 1],
            "command": nullable(
                text.saying("What sends the request; null where nothing listens that leads to the lab.")
            ),
            "status?": whole(200...599), "answer?": list(of: text).saying("Parts of the answer's body."),
            "curl?": ["type": "integer", "description": "The exit status of curl, where no answer comes."],
            "journal": [
                "type": "object", "additionalProperties": text,
                "description": "The filters by which the journal finds it afterwards.",
            ],
        ]),
    ]

    private static let symptom = text.saying("The message or log line.")
    private static let published = text.saying("Where that was published.")
}
