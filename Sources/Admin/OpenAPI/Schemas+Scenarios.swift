import Notation

/// Ready-made worlds.
extension Schemas {
    static let scenarios: [JSONValue.Member] = [
        .init(
            "ScenarioSummary",
            object(
                [
                    "name": snapshotName, "title": text, "symptom": symptom, "published": published, "running": flag,
                    "see": ["type": "array", "items": text, "description": "What is seen while it runs."],
                ],
                required: ["name", "title", "symptom", "published", "running", "see"]
            )
        ),
        .init(
            "Scenario",
            object(
                [
                    "name": snapshotName, "title": text, "symptom": symptom, "published": published, "running": flag,
                    "see": ["type": "array", "items": reference("ScenarioSight")],
                    "registry": reference("RegistryInput"), "clock": reference("ClockChange"),
                    "steps": ["type": "array", "items": ["type": "object", "minProperties": 1, "maxProperties": 1]],
                    "faults": ["type": "array", "items": reference("NewFaultRule")],
                    "otherRules": [
                        "type": "array", "items": text,
                        "description": "The rules that were in force before, where it was just started.",
                    ],
                ],
                required: ["name", "title", "symptom", "published", "running", "see", "steps", "faults"]
            )
        ),
        .init(
            "ScenarioSight",
            object(
                [
                    "what": text, "times": ["type": "integer", "minimum": 1],
                    "command": nullable([
                        "type": "string",
                        "description": "What sends the request; null where nothing listens that leads to the lab.",
                    ]),
                    "status": ["type": "integer", "minimum": 200, "maximum": 599],
                    "answer": ["type": "array", "items": text, "description": "Parts of the answer's body."],
                    "curl": [
                        "type": "integer", "description": "The exit status of curl, where no answer comes.",
                    ],
                    "journal": [
                        "type": "object", "additionalProperties": text,
                        "description": "The filters by which the journal finds it afterwards.",
                    ],
                ],
                required: ["what", "times", "command", "journal"]
            )
        ),
    ]

    private static let symptom: JSONValue = ["type": "string", "description": "The message or log line."]
    private static let published: JSONValue = ["type": "string", "description": "Where that was published."]
}
