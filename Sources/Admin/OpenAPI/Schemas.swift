import Documents
import Notation

/// The schemas that the OpenAPI document names: what each resource looks like.
enum Schemas {
    /// What may stand in a place of a path.
    static let pathPlaces: [String: JSONValue] = [
        "lab": labName,
        "serial": serial,
        "number": licenseNumber,
        "name": snapshotName,
        "id": entryNumber,
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

    static let labName = text(like: "^[a-z0-9][a-z0-9._-]{0,62}$")
    static let snapshotName = text(like: "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")
    static let serial = text(like: "^[A-Z0-9-]{1,16}$")
    static let licenseNumber = text(like: "^(EFTM[0-9]{12}|FTMTRIAL[0-9A-F]{8})$")
    static let tokenSerial = text(like: "^FTKMOB[0-9A-F]{10}$")
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
    static let null: JSONValue = ["type": "null"]
}

/// What schemas are made of.
extension Schemas {
    /// A reference to one of those that the document names.
    static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

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

    /// The same, with what it is.
    static func described(_ description: String?, _ fields: JSONValue) -> JSONValue {
        let (properties, required) = split(fields.members)
        var members: [JSONValue.Member] = [.init("type", "object")]
        members["description"] = description.map { .string($0) }
        members["properties"] = properties
        members["required"] = required
        members["additionalProperties"] = false
        return .object(members)
    }

    /// Fields by their names without question marks, and the names of those that have none.
    private static func split(_ fields: [JSONValue.Member]) -> (properties: JSONValue, required: JSONValue) {
        let isOptional = { (field: JSONValue.Member) in field.name.hasSuffix("?") }
        return (
            .object(fields.map { .init(isOptional($0) ? String($0.name.dropLast()) : $0.name, $0.value) }),
            .texts(fields.filter { !isOptional($0) }.map(\.name))
        )
    }

    static func page(of name: String) -> JSONValue {
        described(nil, ["items": list(of: reference(name)), "next": nextPage])
    }

    static let nextPage: JSONValue = [
        "type": ["string", "null"], "description": "The `cursor` of the next page; null where this is the last.",
    ]

    static func list(of items: JSONValue) -> JSONValue { ["type": "array", "items": items] }
    static func choice(_ words: [String]) -> JSONValue { ["type": "string", "enum": .texts(words)] }
    static func either(_ forms: JSONValue...) -> JSONValue { ["anyOf": .array(forms)] }
    static func nullable(_ schema: JSONValue) -> JSONValue { either(schema, null) }
    static func text(like pattern: String) -> JSONValue { ["type": "string", "pattern": .string(pattern)] }

    /// A whole number within bounds.
    static func whole(_ range: ClosedRange<Int>) -> JSONValue {
        ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
    }
}

extension JSONValue {
    /// A schema with what it describes.
    func saying(_ description: String) -> JSONValue {
        .object(members + [Member("description", .string(description))])
    }
}

/// Problems, the server, labs with their clocks and snapshots, certificates.
extension Schemas {
    private static let common: JSONValue = [
        "Problem": [
            "type": "object",
            "description": "Why a request was refused (RFC 9457); some kinds have further members.",
            "properties": [
                "type": ["type": "string", "format": "uri"], "title": text, "status": whole(400...599), "detail": text,
                "suggestions": list(of: text).saying("Names like the one not found."),
                "path": text.saying("The field or the entry that is wrong."),
                "line": ["type": "integer", "description": "Its line in the document."],
                "reason": text.saying("What is wrong with it."),
                "errors": [
                    "type": "array", "items": reference("Defect"), "maxItems": .integer(DocumentError.limit),
                    "description": "Everything that is wrong with a document, by its lines.",
                ],
                "untold": ["type": "integer", "description": "How many more things are wrong than `errors` tells."],
                "observed": count,
                "nearMisses": list(of: reference("NearMiss")),
                "rules": list(of: reference("FaultReport")).saying("What became of each fault rule of the lab."),
            ],
            "required": ["type", "title", "status", "detail"],
        ],
        "Defect": object([
            "path?": text.saying("The field or the entry that is wrong."), "line?": ["type": "integer", "minimum": 1],
            "reason": text, "suggestions?": list(of: text),
        ]),
        "Health": object(["status": ["type": "string", "const": "alive"]]),
        "Readiness": object(["status": choice(["ready", "not ready"])]),
    ]

    private static let labs: JSONValue = [
        "Lab": object([
            "name": labName, "seed": count.saying("Where the lab's chance comes from."),
            "listeners": list(of: object(["name": text, "address": text])),
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
            "seed?": whole(0...Int.max),
        ]),
        "Clock": object(["mode": clockMode, "now": time, "certificates": certificateClock]),
        "ClockChange": object(
            [
                "mode?": clockMode,
                "now?": text(like: Patterns.time(year: "(19[7-9][0-9]|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9])"))
                    .saying("A time of RFC 3339, from 1970 to 9998."),
                "certificates?": certificateClock,
            ],
            minimum: 1
        ),
        "ClockAdvance": object(["seconds": whole(0...ClockRoutes.longestAdvance)]),
        "Snapshot": object(["name": snapshotName, "created": time, "bytes": count]),
        "NewSnapshot": object(["name?": snapshotName]),
    ]

    private static let clockMode = choice(["running", "frozen"])
    private static let certificateClock = choice(["host", "lab"])

    private static let authority: JSONValue = [
        "DeviceCertificateOrder": either(
            object(["format?": choice(["pem"])]),
            object([
                "format": choice(["pkcs12"]),
                "password": [
                    "type": "string", "minLength": 1, "pattern": "^[^\\x00]*$",
                    "description": "What the key is encrypted with; PEM keys are not.",
                ],
            ])
        )
    ]
}
