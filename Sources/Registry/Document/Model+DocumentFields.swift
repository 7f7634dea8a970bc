import Notation
import SoftToken

extension Device {
    /// The fields of a document's entry, in their order.
    package var documentFields: [DocumentValue.Field] {
        var fields: [DocumentValue.Field] = [
            ("serial", .word(serial.description)), ("registered", .flag(isRegistered)),
        ]
        if let model { fields.append(("model", .text(model))) }
        return fields
    }
}

extension License {
    /// The fields of a document's entry, in their order; its code is among them.
    package var documentFields: [DocumentValue.Field] {
        var fields: [DocumentValue.Field] = [("number", .word(number.description))]
        if let code { fields.append(("code", .word(code.text))) }
        fields.append(("size", .number(size)))
        if let validUntil { fields.append(("validUntil", .word(validUntil.description))) }
        if let owner {
            fields.append(("owner", .word(owner.description)))
            fields.append(("cluster", .list(cluster.map { .word($0.description) })))
        }
        if isRevoked { fields.append(("revoked", .flag(true))) }
        if let time = activatedAt.flatMap({ RFC3339.text($0) }) { fields.append(("activatedAt", .word(time))) }
        if let grace, let until = RFC3339.text(grace.until) {
            fields.append(("grace", .map([("to", .word(grace.unit.description)), ("until", .word(until))])))
        }
        if isStale { fields.append(("stale", .flag(true))) }
        if !isTransferable { fields.append(("transferable", .flag(false))) }
        return fields
    }
}

extension Token {
    /// The fields of a document's entry, in their order; seed and activation code are among them.
    ///
    /// - Parameters:
    ///   - now: Seconds since 1970 by the lab's clock, from which the state follows.
    ///   - includingLapsed: Whether what has lapsed by `now` is told too. A document tells it, for an earlier clock
    ///     makes it count again.
    /// - Returns: The fields.
    package func documentFields(now: Int64, includingLapsed: Bool = false) -> [DocumentValue.Field] {
        var fields: [DocumentValue.Field] = [
            ("serial", .word(serial.description)), ("license", .word(license.description)),
            ("state", .word(state(at: now).rawValue)),
        ]
        if isLocked { fields.append(("locked", .flag(true))) }
        guard let lodged = includingLapsed ? provisioning : lodged(at: now) else { return fields }
        fields += [
            ("seed", .word(String(decoding: lodged.seed.hexadecimal, as: UTF8.self))),
            ("type", .word(lodged.parameters.kind.rawValue)),
            ("period", .number(lodged.parameters.period)),
            ("digits", .number(lodged.parameters.digits)),
            ("activationCode", .word(String(decoding: lodged.code.base32, as: UTF8.self))),
        ]
        if let expires = RFC3339.text(lodged.codeExpires) {
            fields.append(("activationExpires", .word(expires)))
        }
        if let phone = lodged.phone {
            fields.append(("mobileID", .text(phone.mobileID)))
            if let registrationID = phone.registrationID { fields.append(("regID", .text(registrationID))) }
            if let osVersion = phone.osVersion { fields.append(("osVersion", .text(osVersion))) }
        }
        if let lapses = lodged.lapses.flatMap({ RFC3339.text($0) }) { fields.append(("lapses", .word(lapses))) }
        return fields
    }
}
