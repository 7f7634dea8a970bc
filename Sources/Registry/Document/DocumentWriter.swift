import Documents
import Notation
import SoftToken

/// Writes a document entry by entry; whoever has the entries one by one writes the same bytes as who has them all.
struct DocumentWriter {
    private let format: DocumentFormat
    private let now: Int64
    /// How many lists were begun; one more than there are once all are ended.
    private var begun = 0
    private var entries = 0

    /// Begins a document; `now`, in seconds since 1970 by the lab's clock, decides each token's state.
    init(_ format: DocumentFormat, now: Int64) {
        self.format = format
        self.now = now
    }

    /// Appends a device's entry, before all licenses.
    mutating func append(_ device: Device, to bytes: inout [UInt8]) {
        append(device.documentFields, in: .devices, to: &bytes)
    }

    /// Appends a license's entry, before all tokens.
    mutating func append(_ license: License, to bytes: inout [UInt8]) {
        append(license.documentFields, in: .licenses, to: &bytes)
    }

    /// Appends a token's entry.
    mutating func append(_ token: Token, to bytes: inout [UInt8]) {
        append(token.documentFields(now: now, includingLapsed: true), in: .tokens, to: &bytes)
    }

    /// Appends what is left after the last entry.
    mutating func finish(to bytes: inout [UInt8]) {
        advance(to: nil, &bytes)
        if format == .json { bytes += "\n}\n".utf8 }
    }

    private mutating func append(
        _ fields: [DocumentValue.Field],
        in section: DocumentSection,
        to bytes: inout [UInt8]
    ) {
        advance(to: section, &bytes)
        switch format {
        case .yaml:
            if entries == 0 { bytes += "\(section.rawValue):\n".utf8 }
            bytes += "  - ".utf8
            DocumentValue.map(fields).append(to: &bytes, as: .yaml)
            bytes.append(0x0A)
        case .json:
            bytes += (entries == 0 ? "\n    " : ",\n    ").utf8
            DocumentValue.map(fields).append(to: &bytes, as: .json)
        }
        entries += 1
    }

    /// Ends lists and begins the next ones, up to `target`; nil ends all.
    private mutating func advance(to target: DocumentSection?, _ bytes: inout [UInt8]) {
        let all = DocumentSection.allCases
        let last = target.flatMap { all.firstIndex(of: $0) } ?? all.count
        while begun - 1 < last {
            if begun > 0 { end(all[begun - 1], &bytes) }
            if begun < all.count { begin(all[begun], &bytes) }
            begun += 1
            entries = 0
        }
    }

    private func begin(_ section: DocumentSection, _ bytes: inout [UInt8]) {
        switch format {
        case .yaml where begun == 0:
            bytes += "# A lab's whole registry. It holds secrets: redemption codes, seeds and activation codes.\n".utf8
        case .yaml: break
        case .json: bytes += "\(begun == 0 ? "{" : ",")\n  \"\(section.rawValue)\": [".utf8
        }
    }

    private func end(_ section: DocumentSection, _ bytes: inout [UInt8]) {
        switch format {
        case .yaml: if entries == 0 { bytes += "\(section.rawValue): []\n".utf8 }
        case .json: bytes += (entries == 0 ? "]" : "\n  ]").utf8
        }
    }
}

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
