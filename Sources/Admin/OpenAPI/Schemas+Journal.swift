/// What the journal tells.
extension Schemas {
    private static let ruleList: JSONValue = [
        "type": "array",
        "description": "The fault rules that acted so far.",
        "items": object(["name": text, "boundBy": nullable(text)], required: ["name", "boundBy"]),
    ]
    private static let missList: JSONValue = [
        "type": "array",
        "description": "The fault rules that nearly acted, and why they did not.",
        "items": object(["rule": text, "reason": text], required: ["rule", "reason"]),
    ]

    static let journal: [JSONValue.Member] = [
        .init(
            name: "JournalRecord",
            value: [
                "type": "object",
                "description": "One connection from accept to close, with its exchanges.",
                "properties": [
                    "id": text, "lab": text, "listener": text, "client": text, "port": count, "accepted": time,
                    "labTime": time, "stage": text, "outcome": nullable(text), "reason": nullable(text),
                    "sni": nullable(text), "ja4": nullable(text), "tls": ["type": ["object", "null"]],
                    "clientCertificate": ["type": ["string", "null"]],
                    "alert": nullable(object(["name": text, "direction": text], required: ["name", "direction"])),
                    "timings": ["type": "object"],
                    "bytes": ["type": "object"],
                    "rules": ruleList, "nearMisses": missList,
                    "verdict": nullable(text),
                    "exchanges": ["type": "array", "items": reference("JournalExchange")],
                ],
                "required": ["id", "listener", "client", "stage", "outcome", "exchanges"],
            ]
        ),
        .init(
            name: "JournalExchange",
            value: [
                "type": "object",
                "description": "One request and its answer.",
                "properties": [
                    "id": text, "at": time, "labTime": time, "lab": text, "method": text, "path": text,
                    "status": [
                        "type": ["integer", "null"],
                        "description": "Null where a fault rule let no answer go out.",
                    ],
                    "type": nullable(text), "serial": nullable(text),
                    "license": nullable(text), "code": ["type": ["integer", "null"]], "reason": nullable(text),
                    "tokens": ["type": "array", "items": ["type": "object"]], "rules": ruleList,
                    "nearMisses": missList, "microseconds": count,
                    "request": ["type": "object"], "answer": ["type": "object"],
                ],
                "required": ["id", "method", "path", "status"],
            ]
        ),
        .init(
            name: "Verification",
            value: object(
                [
                    "where": [
                        "type": "object", "description": "Filters, as the journal's query takes them.",
                        "additionalProperties": text,
                        "properties": .object(JournalRoutes.filters.map { .init(name: $0.name, value: text) }),
                    ],
                    "times": count, "atLeast": count, "atMost": count,
                    "within": ["type": "number", "minimum": 0, "maximum": 600],
                ]
            )
        ),
        .init(
            name: "Verified",
            value: object(
                ["holds": ["type": "boolean", "const": true], "observed": count],
                required: ["holds", "observed"]
            )
        ),
        .init(
            name: "NearMiss",
            value: object(
                [
                    "id": text,
                    "differs": [
                        "type": "array",
                        "items": object(
                            ["filter": text, "wanted": text, "found": nullable(text)],
                            required: ["filter", "wanted", "found"]
                        ),
                    ],
                ],
                required: ["id", "differs"]
            )
        ),
    ]
}
