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
    private static let code: JSONValue = ["type": ["integer", "null"]]
    private static let handshake = object(["version": text, "cipher": text, "alpn": nullable(text), "resumed": flag])
    /// A request or an answer; its bytes are there where they are asked for, in Base64 where they are no UTF-8.
    private static let message = object([
        "bytes": count, "head?": text, "headBase64?": text, "body?": text, "bodyBase64?": text, "cut?": flag,
    ])

    private static let unit = choice(JournalUnit.allCases.map(\.rawValue))
        .saying("What is counted: exchanges where a filter is one of theirs, or is a rule that acts on them.")
    private static let dropped =
        count
        .saying("How many entries of the span asked for are gone, so that there may have been more.")

    /// A page of records that says whether it is all.
    static let journalPage = object([
        "items": list(of: reference("JournalRecord")), "next": nextPage, "dropped": dropped,
    ])

    static let journal: JSONValue = [
        "JournalRecord": described(
            "One connection from accept to close, with its exchanges.",
            [
                "id": count, "lab": nullable(text), "listener": text, "client": text, "port": count,
                "accepted": time, "labTime": nullable(time), "stage": text, "outcome": nullable(text),
                "reason": nullable(text),
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
                "id": count, "at": time, "labTime": time, "lab": text, "method": nullable(text), "path": nullable(text),
                "status": [
                    "type": ["integer", "null"],
                    "description": "Null where a rule kept the request from the service and answered nothing.",
                ],
                "type": nullable(text), "serial": nullable(text), "license": nullable(text),
                "code": code, "reason": nullable(text),
                "tokens": list(of: object(["token": nullable(text), "code": code])),
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
                        "version": text, "creator": ["type": "object"], "entries": list(of: ["type": "object"]),
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
            "id": text, "differs": list(of: object(["filter": text, "wanted": text, "found": nullable(text)])),
        ]),
    ]
}

/// What is asked of a journal: the filters of a query, and an expectation with them.
extension Schemas {
    /// The number of a journal's entry, or of a rule.
    static let entryNumber = text(like: "^[0-9]{1,18}$")

    /// The value of a filter.
    static func filter(_ key: JournalFilter.Key) -> JSONValue {
        switch key {
        case .client: text(like: Patterns.addressBlock)
        case .sni: ["type": "string", "pattern": .string(Patterns.serverNameOrBelow), "maxLength": 253]
        case .ja4: text(like: Patterns.fingerprint)
        case .alert: reference("AlertName")
        case .listener, .rule, .verdict: ["type": "string", "minLength": 1]
        case .stage: choice(Stage.allCases.filter { $0 != .listener }.map(\.rawValue))
        case .outcome: choice(ConnectionRecord.Outcome.allCases.map(\.rawValue) + ["open"])
        case .type: choice(messageTypes)
        case .serial: text(like: Patterns.serialOrPrefix)
        case .license: licenseNumber
        case .token: tokenSerial
        case .code: text(like: "^(none|[0-9]{1,6})$")
        case .since, .until: either(entryNumber, text(like: Patterns.time()))
        }
    }

    /// The value of a filter in a body: as a text, or as the API prints it.
    private static func filterInBody(_ key: JournalFilter.Key) -> JSONValue {
        key.canBeNull ? nullable(printed(key)) : printed(key)
    }

    private static func printed(_ key: JournalFilter.Key) -> JSONValue {
        let (form, code) = (filter(key), whole(0...999_999))
        let name = either(form, whole(Int.min...Int.max))
        return switch key {
        case .sni, .listener: name
        case .rule: either(name, object(["name": name, "boundBy?": ["enum": ["address", .null]]]))
        case .alert: either(form, object(["name": form, "direction?": choice(["sent", "received"])]))
        case .token: either(form, object(["token": nullable(form), "code?": nullable(code)]))
        case .serial: serialInYAML(form)
        case .code: either(form, code)
        case .since, .until: either(form, whole(0...Int.max))
        case .verdict: null
        case .client, .stage, .ja4, .type, .license, .outcome: form
        }
    }

    /// The alerts that a record may tell of.
    private static let alertName: JSONValue = {
        let others = (0...UInt8.max).filter { !AlertCode(rawValue: $0).isNamed }.map { "\($0)" }
        return either(choice(AlertCode.named.map(\.name)), text(like: "^alert_(\(others.joined(separator: "|")))$"))
    }()

    /// An expectation: one number at most, and at least one match without any.
    private static let verification: JSONValue = {
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
        let always: JSONValue = ["where?": conditions, "within?": wait, "count?": unit]
        let bounded = ["times", "atLeast", "atMost"].map { name in object(always, [name: whole(0...1_000_000_000)]) }
        return ["anyOf": .array([object(always)] + bounded)]
    }()
}
