import Documents
import Notation

/// The schemas that the OpenAPI document names: what each resource looks like.
enum Schemas {
    /// A reference to one of ``all``.
    static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

    /// A page of a list of these.
    static func page(of name: String) -> JSONValue {
        [
            "type": "object",
            "properties": [
                "items": ["type": "array", "items": reference(name)],
                "next": [
                    "type": ["string", "null"],
                    "description": "The `cursor` of the next page; null where this is the last.",
                ],
            ],
            "required": ["items", "next"],
            "additionalProperties": false,
        ]
    }

    /// What may stand in a place of a path.
    static let pathPlaces: [String: JSONValue] = [
        "lab": labName,
        "serial": ["type": "string", "pattern": "^[A-Z0-9-]{1,16}$"],
        "number": licenseNumber,
        "name": snapshotName,
        "id": ["type": "string", "pattern": "^[0-9]{1,18}$"],
        "rule": ruleName,
        "effect": text,
    ]

    /// Every schema; a rule may name these certificate profiles.
    static func all(profiles: [String]) -> JSONValue {
        let name: JSONValue = profiles.isEmpty ? ["type": "string", "maxLength": 64] : choice(profiles)
        return .object(all + [.init("CertificateProfile", name)])
    }

    private static let all: [JSONValue.Member] = [
        common, labs, registry, registryInput, faults, FaultRuleSchema.conditions(in: .json),
        FaultRuleSchema.conditions(in: .yaml), scenarios, journal, authority,
    ]
    .flatMap(\.members)

    static let labName: JSONValue = ["type": "string", "pattern": "^[a-z0-9][a-z0-9._-]{0,62}$"]
    static let snapshotName: JSONValue = ["type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"]
    static let serial: JSONValue = ["type": "string", "pattern": "^[A-Z0-9-]{1,16}$"]
    static let licenseNumber: JSONValue = ["type": "string", "pattern": "^(EFTM[0-9]{12}|FTMTRIAL[0-9A-F]{8})$"]
    static let tokenSerial: JSONValue = ["type": "string", "pattern": "^FTKMOB[0-9A-F]{10}$"]
    /// Zeros are no license's code: they stand for a trial.
    static let redemptionCode: JSONValue = [
        "type": "string", "pattern": "^([0-9A-Fa-f]{4}-){4}[0-9A-Fa-f]{4}$",
        "not": ["const": "0000-0000-0000-0000-0000"],
    ]
    static let day: JSONValue = ["type": "string", "format": "date"]
    static let time: JSONValue = ["type": "string", "format": "date-time"]
    static let count: JSONValue = ["type": "integer", "minimum": 0]
    static let text: JSONValue = ["type": "string"]
    static let flag: JSONValue = ["type": "boolean"]

    /// An object of these fields and no other; one whose name has a question mark behind it may be left out.
    static func object(_ fields: JSONValue..., minimum: Int = 0) -> JSONValue {
        let (properties, required) = split(fields.flatMap(\.members))
        var members: [JSONValue.Member] = [
            .init("type", "object"), .init("properties", properties), .init("additionalProperties", false),
        ]
        if !required.items.isEmpty { members.append(.init("required", required)) }
        if minimum > 0 { members.append(.init("minProperties", .integer(minimum))) }
        return .object(members)
    }

    /// Fields by their names without question marks, and the names of those that have none.
    static func split(_ fields: [JSONValue.Member]) -> (properties: JSONValue, required: JSONValue) {
        let isOptional = { (field: JSONValue.Member) in field.name.hasSuffix("?") }
        return (
            .object(fields.map { .init(isOptional($0) ? String($0.name.dropLast()) : $0.name, $0.value) }),
            .array(fields.filter { !isOptional($0) }.map { .string($0.name) })
        )
    }

    /// A list of these.
    static func list(of items: JSONValue) -> JSONValue { ["type": "array", "items": items] }

    /// One of these words.
    static func choice(_ words: [String]) -> JSONValue {
        ["type": "string", "enum": .array(words.map { .string($0) })]
    }

    /// Either this or null.
    static func nullable(_ schema: JSONValue) -> JSONValue { ["anyOf": [schema, ["type": "null"]]] }

    private static let common: JSONValue = [
        "Problem": [
            "type": "object",
            "description": "Why a request was refused (RFC 9457); some kinds have further members.",
            "properties": [
                "type": ["type": "string", "format": "uri"], "title": text,
                "status": ["type": "integer", "minimum": 400, "maximum": 599], "detail": text,
                "suggestions": ["type": "array", "items": text, "description": "Names like the one not found."],
                "path": ["type": "string", "description": "The field or the entry that is wrong."],
                "line": ["type": "integer", "description": "Its line in the document."],
                "reason": ["type": "string", "description": "What is wrong with it."],
                "errors": [
                    "type": "array", "items": reference("Defect"), "maxItems": .integer(DocumentError.limit),
                    "description": "Everything that is wrong with a document, by its lines.",
                ],
                "untold": [
                    "type": "integer", "description": "How many more things are wrong than `errors` tells.",
                ],
                "observed": count,
                "nearMisses": list(of: reference("NearMiss")),
                "rules": [
                    "type": "array", "items": reference("FaultReport"),
                    "description": "What became of each fault rule of the lab.",
                ],
            ],
            "required": ["type", "title", "status", "detail"],
        ],
        "Defect": object([
            "path?": ["type": "string", "description": "The field or the entry that is wrong."],
            "line?": ["type": "integer", "minimum": 1], "reason": text,
            "suggestions?": list(of: text),
        ]),
        "Health": object(["status": ["type": "string", "const": "alive"]]),
        "Readiness": object(["status": choice(["ready", "not ready"])]),
    ]

    private static let labs: JSONValue = [
        "Lab": object([
            "name": labName,
            "seed": ["type": "integer", "minimum": 0, "description": "Where the lab's chance comes from."],
            "listeners": [
                "type": "array",
                "items": object(["name": text, "address": text]),
            ],
            "clock": reference("Clock"), "devices": count, "licenses": count, "tokens": count,
        ]),
        "NewLab": object([
            "name": labName,
            "listen?": [
                "type": "string", "pattern": .string(Patterns.listener),
                "description": """
                HOST:PORT[,proxy=ADDRESS/BITS] of a listener of its own, with the host's address and no name; port 0
                takes a free one, which the lab keeps over a restart.
                """,
                "examples": ["127.0.0.1:0", "[::1]:0", "127.0.0.1:0,proxy=127.0.0.1/32"],
            ],
            "seed?": ["type": "integer", "minimum": 0, "maximum": .integer(.max)],
        ]),
        "Clock": object([
            "mode": choice(["running", "frozen"]), "now": time,
            "certificates": choice(["host", "lab"]),
        ]),
        "ClockChange": object(
            [
                "mode?": choice(["running", "frozen"]),
                "now?": [
                    "type": "string",
                    "pattern": .string(
                        Patterns.time(year: "(19[7-9][0-9]|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9])")
                    ),
                    "description": "A time of RFC 3339, from 1970 to 9998.",
                ],
                "certificates?": choice(["host", "lab"]),
            ],
            minimum: 1
        ),
        "ClockAdvance": object([
            "seconds": ["type": "integer", "minimum": 0, "maximum": .integer(ClockRoutes.longestAdvance)]
        ]),
        "Snapshot": object(["name": snapshotName, "created": time, "bytes": count]),
        "NewSnapshot": object(["name?": snapshotName]),
    ]

    private static let authority: JSONValue = [
        "DeviceCertificateOrder": [
            "anyOf": [
                object(["format?": choice(["pem"])]),
                object([
                    "format": choice(["pkcs12"]),
                    "password": [
                        "type": "string", "minLength": 1, "pattern": "^[^\\x00]*$",
                        "description": "What the key is encrypted with; PEM keys are not.",
                    ],
                ]),
            ]
        ]
    ]
}
