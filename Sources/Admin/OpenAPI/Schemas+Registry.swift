import Notation
import Registry
import SoftToken

/// Devices, licenses, tokens, and the document that holds all of them.
extension Schemas {
    static let registry: [JSONValue.Member] = [
        .init("Device", object(device, required: ["serial", "registered"])),
        .init(
            "NewDevice",
            object(
                ["serial": serial, "registered": flag, "model": modelName],
                required: ["serial"]
            )
        ),
        .init(
            "DeviceChange",
            object(["registered": flag, "model": nullable(modelName)], minimum: 1)
        ),
        .init("Replacement", object(["with": serial], required: ["with"])),
        .init(
            "Replaced",
            object(
                [
                    "device": reference("Device"), "moved": ["type": "array", "items": licenseNumber],
                    "stayed": [
                        "type": "array", "description": "Trials, which stay with the old unit, and why.",
                        "items": object(["license": licenseNumber, "reason": text], required: ["license", "reason"]),
                    ],
                ],
                required: ["device", "moved", "stayed"]
            )
        ),
        .init("License", object(license, required: ["number", "size"])),
        .init(
            "NewLicense",
            object(
                [
                    "size": ["type": "integer", "minimum": 1, "maximum": 100_000],
                    "number": ["type": "string", "pattern": "^EFTM[0-9]{12}$"], "code": redemptionCode,
                    "validUntil": day, "transferable": flag,
                    "tokens": ["type": "array", "items": tokenSerial, "uniqueItems": true],
                ],
                required: ["size"]
            )
        ),
        .init(
            "LicenseChange",
            object(["validUntil": nullable(day), "revoked": flag, "transferable": flag], minimum: 1)
        ),
        .init(
            "Transfer",
            object(
                [
                    "to": serial,
                    "graceSeconds": ["type": "integer", "minimum": 0, "maximum": .integer(Int(Rules.longestGrace))],
                ],
                required: ["to"]
            )
        ),
        .init("Token", object(token, required: ["serial", "license", "state"])),
        .init("TokenChange", object(["locked": flag], required: ["locked"])),
        .init(
            "RegistryDocument",
            object([
                "devices": ["type": "array", "items": reference("Device")],
                "licenses": ["type": "array", "items": reference("License")],
                "tokens": ["type": "array", "items": reference("Token")],
            ])
        ),
        .init(
            "RegistryCounts",
            object(
                ["devices": count, "licenses": count, "tokens": count],
                required: ["devices", "licenses", "tokens"]
            )
        ),
    ]

    private static let modelName: JSONValue = ["type": "string", "minLength": 1, "maxLength": 64]

    private static let device: JSONValue = [
        "serial": serial, "registered": flag, "model": text,
        "licenses": [
            "type": "array", "items": licenseNumber, "description": "Its licenses, where one device is asked for.",
        ],
    ]

    private static let license: JSONValue = [
        "number": licenseNumber, "code": redemptionCode, "size": ["type": "integer", "minimum": 1],
        "validUntil": day, "owner": serial, "cluster": ["type": "array", "items": serial], "revoked": flag,
        "activatedAt": time,
        "grace": object(["to": serial, "until": time], required: ["to", "until"]),
        "stale": flag,
        "transferable": [
            "type": "boolean", "description": "Whether it may be given to another unit; absent where it may.",
        ],
        "tokens": ["type": "array", "items": tokenSerial, "description": "Its tokens, where it was just made."],
    ]

    private static let token: JSONValue = [
        "serial": tokenSerial, "license": licenseNumber,
        "state": ["type": "string", "enum": ["available", "pending", "provisioned", "expired", "locked"]],
        "locked": flag, "seed": ["type": "string", "pattern": "^[0-9A-F]{40}$"],
        "type": ["type": "string", "enum": ["totp", "hotp"]], "period": ["type": "integer", "enum": [30, 60]],
        "digits": ["type": "integer", "enum": [6, 8]], "activationCode": text, "activationExpires": time,
        "lapses": time, "mobileID": text, "regID": text, "osVersion": text,
    ]
}

/// The registry document as it is read: a value's text decides, for YAML has no types to speak of, and what is left out may be
/// null as well.
///
/// What entries say of one another (a serial that stands twice, an owner that is no listed device) no schema can tell: such a
/// document is answered with 409.
extension Schemas {
    static let registryInput: [JSONValue.Member] = [
        .init(
            "RegistryInput",
            object([
                "devices": nullable(["type": "array", "items": reference("DeviceInput")]),
                "licenses": nullable(["type": "array", "items": reference("LicenseInput")]),
                "tokens": nullable([
                    "type": "array", "items": reference("TokenInput"),
                    "description": "Those not listed are made up to a license's size.",
                ]),
            ])
        ),
        .init(
            "DeviceInput",
            object(
                ["serial": serialText, "registered": nullable(flag), "model": nullable(text(from: 1, to: 64))],
                required: ["serial"]
            )
        ),
        .init("LicenseInput", ["anyOf": [freeLicense, ownedLicense, trialLicense]]),
        .init("TokenInput", ["anyOf": [plainToken, lodgedToken, claimedToken]]),
    ]

    private static let null: JSONValue = ["type": "null"]

    /// A serial may be all digits, which need no quotes.
    private static let serialText: JSONValue = [
        "anyOf": [
            serial, ["type": "integer", "minimum": .integer(-999_999_999_999_999), "maximum": 9_999_999_999_999_999],
        ]
    ]
    private static let timeText: JSONValue = ["type": "string", "pattern": .string(Patterns.time())]

    /// A text; what YAML would read as another kind of value is taken as it is written.
    private static func text(from least: Int, to most: Int) -> JSONValue {
        let string: JSONValue = ["type": "string", "minLength": .integer(least), "maxLength": .integer(most)]
        // A number as long as one can be written has 24 characters; where fewer are taken, as many digits are as leave
        // room for a sign and for `.0`, which is an integer too.
        guard most < 24 else { return ["anyOf": [string, ["type": ["number", "boolean"]]]] }
        let largest = (0..<(most - 3)).reduce(0) { sum, _ in sum * 10 + 9 }
        return [
            "anyOf": [
                string, ["type": "boolean"],
                ["type": "integer", "minimum": .integer(-largest), "maximum": .integer(largest)],
            ]
        ]
    }

    private static func numberText(_ range: ClosedRange<Int>) -> JSONValue {
        [
            "anyOf": [
                ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)],
                [
                    "type": "string",
                    "pattern": .string(Patterns.whole("(?!0$)\(Patterns.number(upTo: range.upperBound))")),
                ],
            ]
        ]
    }

    private static func members(_ value: JSONValue) -> [JSONValue.Member] {
        if case .object(let members) = value { members } else { [] }
    }

    // MARK: Licenses

    private static let bought = members([
        "number": ["type": "string", "pattern": "^EFTM[0-9]{12}$"], "code": redemptionCode,
        "size": numberText(License.sizes), "validUntil": nullable(day), "revoked": nullable(flag),
        "stale": ["enum": [false, nil]], "transferable": nullable(flag),
    ])

    private static let owned = members([
        "owner": serialText,
        "cluster": nullable([
            "type": "array", "items": serialText, "description": "The units that it covers, the owner among them.",
        ]),
        "activatedAt": nullable(timeText),
        "grace": nullable(object(["to": serialText, "until": timeText], required: ["to", "until"])),
    ])

    private static let freeLicense = object(
        .object(bought + members(["owner": null, "cluster": null, "activatedAt": null, "grace": null])),
        required: ["number", "code", "size"]
    )

    private static let ownedLicense = object(
        .object(bought + owned),
        required: ["number", "code", "size", "owner"]
    )

    private static let trialLicense = object(
        .object(
            members([
                "number": ["type": "string", "pattern": "^FTMTRIAL[0-9A-F]{8}$"],
                "size": ["enum": [.integer(License.trialSize), .string("\(License.trialSize)"), nil]],
                "code": null, "validUntil": null, "transferable": null, "revoked": nullable(flag),
                "stale": nullable(flag),
            ]) + owned
        ),
        required: ["number", "owner"]
    )

    // MARK: Tokens

    private static let listed = members([
        "serial": tokenSerial, "license": licenseNumber,
        "state": nullable(choice(TokenState.allCases.map(\.rawValue))), "locked": nullable(flag),
    ])

    private static let lodged = members([
        "seed": ["type": "string", "pattern": "^[0-9A-Fa-f]{40}$"], "type": nullable(choice(["totp", "hotp"])),
        "period": ["enum": [30, 60, "30", "60", nil]], "digits": ["enum": [6, 8, "6", "8", nil]],
        "activationCode": ["type": "string", "pattern": "^[A-Z2-7]{16}$"], "activationExpires": timeText,
        "lapses": nullable(timeText),
    ])

    private static let noPhone = members(["mobileID": null, "regID": null, "osVersion": null])
    private static let phone = members([
        "mobileID": text(from: 1, to: 64), "regID": nullable(text(from: 0, to: 256)),
        "osVersion": nullable(text(from: 0, to: 15)),
    ])

    private static let plainToken = object(
        .object(listed + lodged.map { .init($0.name, null) } + noPhone),
        required: ["serial", "license"]
    )
    private static let lodgedToken = object(
        .object(listed + lodged + noPhone),
        required: ["serial", "license", "seed", "activationCode", "activationExpires"]
    )
    private static let claimedToken = object(
        .object(listed + lodged + phone),
        required: ["serial", "license", "seed", "activationCode", "activationExpires", "mobileID"]
    )
}
