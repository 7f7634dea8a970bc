import Notation
import Registry
import SoftToken

/// Devices, licenses, tokens, and the document that holds all of them.
extension Schemas {
    static let registry: JSONValue = [
        "Device": object(device),
        "NewDevice": object(["serial": serial, "registered?": flag, "model?": modelName]),
        "DeviceChange": object(["registered?": flag, "model?": nullable(modelName)], minimum: 1),
        "Replacement": object(["with": serial]),
        "Replaced": object([
            "device": reference("Device"), "moved": list(of: licenseNumber),
            "stayed": [
                "type": "array", "description": "Trials, which stay with the old unit, and why.",
                "items": object(["license": licenseNumber, "reason": text]),
            ],
        ]),
        "License": object(license),
        "NewLicense": object([
            "size": whole(1...100_000), "number?": boughtNumber, "code?": redemptionCode, "validUntil?": day,
            "transferable?": flag, "tokens?": ["type": "array", "items": tokenSerial, "uniqueItems": true],
        ]),
        "LicenseChange": object(["validUntil?": nullable(day), "revoked?": flag, "transferable?": flag], minimum: 1),
        "Transfer": object(["to": serial, "graceSeconds?": whole(0...Int(License.Grace.longest))]),
        "Token": object(token),
        "TokenChange": object(["locked": flag]),
        "RegistryDocument": object([
            "devices?": list(of: reference("Device")), "licenses?": list(of: reference("License")),
            "tokens?": list(of: reference("Token")),
        ]),
        "RegistryCounts": object(["devices": count, "licenses": count, "tokens": count]),
    ]

    private static let boughtNumber = text(like: "^EFTM[0-9]{12}$")
    private static let modelName: JSONValue = ["type": "string", "minLength": 1, "maxLength": 64]

    private static let device: JSONValue = [
        "serial": serial, "registered": flag, "model?": text,
        "licenses?": list(of: licenseNumber).saying("Its licenses, where one device is asked for."),
    ]

    private static let license: JSONValue = [
        "number": licenseNumber, "code?": redemptionCode, "size": ["type": "integer", "minimum": 1],
        "validUntil?": day, "owner?": serial, "cluster?": list(of: serial), "revoked?": flag,
        "activatedAt?": time, "grace?": object(["to": serial, "until": time]), "stale?": flag,
        "transferable?": flag.saying("Whether it may be given to another unit; absent where it may."),
        "tokens?": list(of: tokenSerial).saying("Its tokens, where it was just made."),
    ]

    private static let token: JSONValue = [
        "serial": tokenSerial, "license": licenseNumber,
        "state": choice(["available", "pending", "provisioned", "expired", "locked"]),
        "locked?": flag, "seed?": text(like: "^[0-9A-F]{40}$"), "type?": choice(["totp", "hotp"]),
        "period?": ["type": "integer", "enum": [30, 60]], "digits?": ["type": "integer", "enum": [6, 8]],
        "activationCode?": text, "activationExpires?": time, "lapses?": time, "mobileID?": text, "regID?": text,
        "osVersion?": text,
    ]
}

/// The registry document as it is read: a value's text decides, for YAML has no types to speak of, and what is left out
/// may be null as well.
///
/// What entries say of one another (a serial that stands twice, an owner that is no listed device) no schema can tell:
/// such a document is answered with 409.
extension Schemas {
    static let registryInput: JSONValue = [
        "RegistryInput": object([
            "devices?": nullable(list(of: reference("DeviceInput"))),
            "licenses?": nullable(list(of: reference("LicenseInput"))),
            "tokens?": nullable(
                list(of: reference("TokenInput")).saying("Those not listed are made up to a license's size.")
            ),
        ]),
        "DeviceInput": object([
            "serial": serialText, "registered?": nullable(flag), "model?": nullable(text(from: 1, to: 64)),
        ]),
        "LicenseInput": either(
            object(bought, absent(owned)),
            object(bought, owned),
            object(
                [
                    "number": text(like: "^FTMTRIAL[0-9A-F]{8}$"),
                    "size?": ["enum": [.integer(License.trialSize), .string("\(License.trialSize)"), nil]],
                    "code?": null, "validUntil?": null, "transferable?": null, "revoked?": nullable(flag),
                    "stale?": nullable(flag),
                ],
                owned
            )
        ),
        "TokenInput": either(
            object(listed, absent(lodged), absent(phone)),
            object(listed, lodged, absent(phone)),
            object(listed, lodged, phone)
        ),
    ]

    private static let serialText = serialInYAML(serial)
    private static let timeText = text(like: Patterns.time())

    /// A text; what YAML would read as another kind of value is taken as it is written.
    private static func text(from least: Int, to most: Int) -> JSONValue {
        let string: JSONValue = ["type": "string", "minLength": .integer(least), "maxLength": .integer(most)]
        // A number as long as one can be written has 24 characters; where fewer are taken, as many digits are as leave
        // room for a sign and for `.0`, which is an integer too.
        guard most < 24 else { return either(string, ["type": ["number", "boolean"]]) }
        let largest = (0..<(most - 3)).reduce(0) { sum, _ in sum * 10 + 9 }
        return either(string, flag, whole(-largest...largest))
    }

    private static func numberText(_ range: ClosedRange<Int>) -> JSONValue {
        either(whole(range), text(like: Patterns.whole("(?!0$)\(Patterns.number(upTo: range.upperBound))")))
    }

    /// The same fields, none of which may be there.
    private static func absent(_ fields: JSONValue) -> JSONValue {
        .object(fields.members.map { .init($0.name.hasSuffix("?") ? $0.name : $0.name + "?", null) })
    }

    private static let bought: JSONValue = [
        "number": boughtNumber, "code": redemptionCode,
        "size": numberText(License.sizes), "validUntil?": nullable(day), "revoked?": nullable(flag),
        "stale?": ["enum": [false, nil]], "transferable?": nullable(flag),
    ]

    private static let owned: JSONValue = [
        "owner": serialText,
        "cluster?": nullable(list(of: serialText).saying("The units that it covers, the owner among them.")),
        "activatedAt?": nullable(timeText),
        "grace?": nullable(object(["to": serialText, "until": timeText])),
    ]

    private static let listed: JSONValue = [
        "serial": tokenSerial, "license": licenseNumber,
        "state?": nullable(choice(TokenState.allCases.map(\.rawValue))), "locked?": nullable(flag),
    ]

    private static let lodged: JSONValue = [
        "seed": text(like: "^[0-9A-Fa-f]{40}$"), "type?": nullable(choice(["totp", "hotp"])),
        "period?": ["enum": [30, 60, "30", "60", nil]], "digits?": ["enum": [6, 8, "6", "8", nil]],
        "activationCode": text(like: "^[A-Z2-7]{16}$"), "activationExpires": timeText,
        "lapses?": nullable(timeText),
    ]

    private static let phone: JSONValue = [
        "mobileID": text(from: 1, to: 64), "regID?": nullable(text(from: 0, to: 256)),
        "osVersion?": nullable(text(from: 0, to: 15)),
    ]
}
