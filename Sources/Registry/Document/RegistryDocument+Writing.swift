import SoftToken

extension RegistryDocument {
    /// The document in YAML, one entry a line, with a comment that says what it is.
    ///
    /// - Parameter now: Seconds since 1970 by the lab's clock, from which each token's state follows.
    /// - Returns: The text.
    package func yaml(now: Int64) -> String {
        var text = """
            # A lab's whole registry. It holds secrets: redemption codes, seeds and activation codes.

            """
        for (name, entries) in sections(now: now) {
            text += entries.isEmpty ? "\(name): []\n" : "\(name):\n"
            for entry in entries {
                text += "  - " + DocumentValue.map(entry).yaml + "\n"
            }
        }
        return text
    }

    /// The document in JSON, one entry a line, with the same fields.
    ///
    /// - Parameter now: As for ``yaml(now:)``.
    /// - Returns: The text.
    package func json(now: Int64) -> String {
        let sections = sections(now: now)
            .map { name, entries in
                let lines = entries.map { "\n    " + DocumentValue.map($0).json }
                return "  \"\(name)\": [" + lines.joined(separator: ",") + (lines.isEmpty ? "]" : "\n  ]")
            }
        return "{\n" + sections.joined(separator: ",\n") + "\n}\n"
    }

    private func sections(now: Int64) -> [(String, [[DocumentValue.Field]])] {
        [
            ("devices", devices.map { fields(of: $0) }),
            ("licenses", licenses.map { fields(of: $0) }),
            ("tokens", tokens.map { fields(of: $0, now: now) }),
        ]
    }

    private func fields(of device: Device) -> [DocumentValue.Field] {
        var fields: [DocumentValue.Field] = [
            ("serial", .word(device.serial.description)), ("registered", .flag(device.isRegistered)),
        ]
        if let model = device.model { fields.append(("model", .text(model))) }
        return fields
    }

    private func fields(of license: License) -> [DocumentValue.Field] {
        var fields: [DocumentValue.Field] = [("number", .word(license.number.description))]
        if let code = license.code { fields.append(("code", .word(code.text))) }
        fields.append(("size", .number(license.size)))
        if let day = license.validUntil { fields.append(("validUntil", .word(day.description))) }
        if let owner = license.owner {
            fields.append(("owner", .word(owner.description)))
            fields.append(("cluster", .list(license.cluster.map { .word($0.description) })))
        }
        if license.isRevoked { fields.append(("revoked", .flag(true))) }
        if let time = license.activatedAt.flatMap({ RFC3339.text($0) }) { fields.append(("activatedAt", .word(time))) }
        if let grace = license.grace, let until = RFC3339.text(grace.until) {
            fields.append(("grace", .map([("to", .word(grace.unit.description)), ("until", .word(until))])))
        }
        if license.isStale { fields.append(("stale", .flag(true))) }
        return fields
    }

    private func fields(of token: Token, now: Int64) -> [DocumentValue.Field] {
        var fields: [DocumentValue.Field] = [
            ("serial", .word(token.serial.description)), ("license", .word(token.license.description)),
            ("state", .word(token.state(at: now).rawValue)),
        ]
        if token.isLocked { fields.append(("locked", .flag(true))) }
        guard let provisioning = token.provisioning else { return fields }
        fields += [
            ("seed", .word(String(decoding: provisioning.seed.hexadecimal, as: UTF8.self))),
            ("type", .word(provisioning.parameters.kind.rawValue)),
            ("period", .number(provisioning.parameters.period)),
            ("digits", .number(provisioning.parameters.digits)),
            ("activationCode", .word(String(decoding: provisioning.code.base32, as: UTF8.self))),
        ]
        if let expires = RFC3339.text(provisioning.codeExpires) {
            fields.append(("activationExpires", .word(expires)))
        }
        guard let phone = provisioning.phone else { return fields }
        fields.append(("mobileID", .text(phone.mobileID)))
        if let registrationID = phone.registrationID { fields.append(("regID", .text(registrationID))) }
        if let osVersion = phone.osVersion { fields.append(("osVersion", .text(osVersion))) }
        return fields
    }
}

/// A value of a document on its way out.
private enum DocumentValue {
    /// A field of a mapping.
    typealias Field = (name: String, value: DocumentValue)

    /// A text of our own vocabulary, which YAML needs no quotes for unless it starts with a mark.
    case word(String)
    /// A text that someone else chose.
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([DocumentValue])
    case map([Field])

    var yaml: String {
        switch self {
        case .word(let word): word.hasPrefix("-") ? Self.quoted(word) : word
        case .list(let values): "[" + values.map(\.yaml).joined(separator: ", ") + "]"
        case .map(let fields): "{ " + fields.map { "\($0.name): \($0.value.yaml)" }.joined(separator: ", ") + " }"
        default: json
        }
    }

    var json: String {
        switch self {
        case .word(let text): Self.quoted(text)
        case .text(let text): Self.quoted(text)
        case .number(let number): String(number)
        case .flag(let flag): flag ? "true" : "false"
        case .list(let values): "[" + values.map(\.json).joined(separator: ", ") + "]"
        case .map(let fields):
            "{ " + fields.map { "\"\($0.name)\": \($0.value.json)" }.joined(separator: ", ") + " }"
        }
    }

    /// The text in double quotes, which JSON and YAML both read.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            // Controls, the marks that would look like YAML's aliases, and what YAML takes for a line's end or can't
            // print.
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "&", "*", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}",
                "\u{FFFF}":
                let digits = String(scalar.value, radix: 16, uppercase: true)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
