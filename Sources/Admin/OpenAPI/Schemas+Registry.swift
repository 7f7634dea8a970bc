import Notation
import Registry

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
