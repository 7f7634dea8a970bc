import SoftToken

/// What a document says of each thing.
extension DocumentValue {
    /// A device's entry.
    static func of(_ device: Device) -> DocumentValue {
        var fields: [Field] = [
            ("serial", .word(device.serial.description)), ("registered", .flag(device.isRegistered)),
        ]
        if let model = device.model { fields.append(("model", .text(model))) }
        return .map(fields)
    }

    /// A license's entry.
    static func of(_ license: License) -> DocumentValue {
        var fields: [Field] = [("number", .word(license.number.description))]
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
        return .map(fields)
    }

    /// A token's entry; its state follows from `now`, seconds since 1970 by the lab's clock.
    static func of(_ token: Token, now: Int64) -> DocumentValue {
        var fields: [Field] = [
            ("serial", .word(token.serial.description)), ("license", .word(token.license.description)),
            ("state", .word(token.state(at: now).rawValue)),
        ]
        if token.isLocked { fields.append(("locked", .flag(true))) }
        guard let provisioning = token.provisioning else { return .map(fields) }
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
        if let lapses = provisioning.lapses.flatMap({ RFC3339.text($0) }) { fields.append(("lapses", .word(lapses))) }
        guard let phone = provisioning.phone else { return .map(fields) }
        fields.append(("mobileID", .text(phone.mobileID)))
        if let registrationID = phone.registrationID { fields.append(("regID", .text(registrationID))) }
        if let osVersion = phone.osVersion { fields.append(("osVersion", .text(osVersion))) }
        return .map(fields)
    }
}

/// The same as JSON, which is how the admin plane shows each.
extension Device {
    /// The entry as JSON.
    package var json: String { DocumentValue.of(self).json }

    /// The entry as JSON with one more member, a list of names.
    package func json(adding name: String, _ values: [String]) -> String {
        DocumentValue.of(self).adding(name, values).json
    }
}

extension License {
    /// The entry as JSON.
    package var json: String { DocumentValue.of(self).json }

    /// The entry as JSON with one more member, a list of names.
    package func json(adding name: String, _ values: [String]) -> String {
        DocumentValue.of(self).adding(name, values).json
    }
}

extension Token {
    /// The entry as JSON; the state follows from `now`, seconds since 1970 by the lab's clock.
    package func json(now: Int64) -> String { DocumentValue.of(self, now: now).json }
}
