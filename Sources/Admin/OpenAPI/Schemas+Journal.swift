import Faults
import Journal
import Notation
import TLSNames

/// What the journal tells.
extension Schemas {
    private static let ruleList: JSONValue = [
        "type": "array",
        "description": "The fault rules that acted so far.",
        "items": object(["name": text, "boundBy": nullable(text)]),
    ]
    private static let missList: JSONValue = [
        "type": "array",
        "description": "The fault rules that nearly acted, and why they did not.",
        "items": object(["rule": text, "reason": text]),
    ]

    private static let optional: JSONValue = ["type": ["integer", "null"], "minimum": 0]
    private static let handshake: JSONValue = object([
        "version": text, "cipher": text, "alpn": nullable(text), "resumed": flag,
    ])
    /// A request or an answer; its bytes are there where they are asked for, in Base64 where they are no UTF-8.
    private static let message: JSONValue = object([
        "bytes": count, "head?": text, "headBase64?": text, "body?": text, "bodyBase64?": text, "cut?": flag,
    ])

    /// An object of these fields and no other, with what it is.
    private static func described(_ description: String, _ fields: JSONValue) -> JSONValue {
        let (properties, required) = split(fields.members)
        return [
            "type": "object", "description": .string(description), "properties": properties, "required": required,
            "additionalProperties": false,
        ]
    }

    static let unit: JSONValue = [
        "type": "string", "enum": .array(JournalUnit.allCases.map { .string($0.rawValue) }),
        "description": "What is counted: exchanges where a filter is one of theirs, or is a rule that acts on them.",
    ]
    private static let dropped: JSONValue = [
        "type": "integer", "minimum": 0,
        "description": "How many entries of the span asked for are gone, so that there may have been more.",
    ]

    /// A page of records that says whether it is all.
    static let journalPage: JSONValue = object([
        "items": list(of: reference("JournalRecord")),
        "next": [
            "type": ["string", "null"],
            "description": "The `cursor` of the next page; null where this is the last.",
        ],
        "dropped": dropped,
    ])

    static let journal: JSONValue = [
        "JournalRecord": described(
            "One connection from accept to close, with its exchanges.",
            [
                "id": count, "lab": nullable(text), "listener": text, "client": text, "port": count,
                "accepted": time,
                "labTime": nullable(time), "stage": text, "outcome": nullable(text), "reason": nullable(text),
                "sni": nullable(text), "ja4": nullable(text), "tls": nullable(handshake),
                "clientCertificate": nullable(text),
                "alert": nullable(object(["name": text, "direction": text])),
                "timings": object(["hello?": optional, "handshake?": optional, "total?": optional]),
                "bytes": object(["in?": optional, "out?": optional]), "rules": ruleList, "nearMisses": missList,
                "verdict": nullable(text), "exchanges": list(of: reference("JournalExchange")),
                "exchangesDropped?": flag,
            ]
        ),
        "JournalExchange": described(
            "One request and its answer.",
            [
                "id": count, "at": time, "labTime": time, "lab": text, "method": nullable(text),
                "path": nullable(text),
                "status": [
                    "type": ["integer", "null"],
                    "description": "Null where a rule kept the request from the service and answered nothing.",
                ],
                "type": nullable(text), "serial": nullable(text), "license": nullable(text),
                "code": ["type": ["integer", "null"]], "reason": nullable(text),
                "tokens": [
                    "type": "array",
                    "items": object(["token": nullable(text), "code": ["type": ["integer", "null"]]]),
                ],
                "rules": ruleList, "nearMisses": missList, "microseconds": count, "request": message,
                "answer": message, "tokensCut?": flag, "pending?": flag,
            ]
        ),
        "HTTPArchive": [
            "type": "object",
            "description": "The exchanges as HAR 1.2, which browsers and proxies read.",
            "properties": [
                "log": [
                    "type": "object",
                    "properties": [
                        "version": text, "creator": ["type": "object"],
                        "entries": ["type": "array", "items": ["type": "object"]],
                    ],
                    "required": ["version", "creator", "entries"],
                ]
            ],
            "required": ["log"],
        ],
        "Verification": verification,
        "AlertName": alertName,
        "Verified": object([
            "holds": ["type": "boolean", "const": true], "observed": count, "counted": unit, "dropped": dropped,
        ]),
        "NearMiss": object([
            "id": text,
            "differs": [
                "type": "array",
                "items": object(["filter": text, "wanted": text, "found": nullable(text)]),
            ],
        ]),
    ]
}

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
            ["anyOf": [name, object(["name": name, "boundBy?": ["enum": ["address", .null]]])]]
        case .alert:
            [
                "anyOf": [
                    filter(key),
                    object(["name": filter(key), "direction?": choice(["sent", "received"])]),
                ]
            ]
        case .token:
            [
                "anyOf": [
                    filter(key), object(["token": nullable(filter(key)), "code?": nullable(code)]),
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
        let filters = JournalFilter.Key.allCases.map { JSONValue.Member($0.rawValue, filterInBody($0)) }
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
        let always: JSONValue = ["where?": conditions, "within?": wait, "count?": unit]
        let bounded = ["times", "atLeast", "atMost"].map { name in object(always, [name: number]) }
        return ["anyOf": .array([object(always)] + bounded)]
    }()
}
