import Documents
import Notation
import SoftToken

/// Takes a document's entries one by one, in whatever order their lists come, and checks each by itself.
struct DraftReader {
    /// What was taken so far.
    private(set) var draft = DocumentDraft()
    /// What is wrong so far.
    let defects = DocumentDefects()
    private var devices: Set<Serial> = []
    private var licenses: Set<LicenseNumber> = []
    private var tokens: Set<TokenSerial> = []

    /// How many entries a list may have: as many as there may be tokens.
    static let entryLimit = License.tokenLimit

    private static let keys: [DocumentSection: [String]] = [
        .devices: ["serial", "registered", "model"],
        .licenses: [
            "number", "code", "size", "validUntil", "owner", "cluster", "revoked", "activatedAt", "grace", "stale",
            "transferable",
        ],
        .tokens: [
            "serial", "license", "state", "locked", "seed", "type", "period", "digits", "activationCode",
            "activationExpires", "mobileID", "regID", "osVersion", "lapses",
        ],
    ]

    /// A whole number, which some writers of JSON and YAML give a fraction of zero.
    private static func number(_ text: String) -> Int? {
        CoreSchema.integer(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }

    /// A serial; one of digits alone may come as a number.
    private static func serial(_ text: String) -> Serial? { Serial(text) ?? number(text).flatMap { Serial("\($0)") } }

    private static let serialForm = "a serial: up to 16 of A-Z, 0-9 and -, such as FGT60FTK20000001"
    private static let numberForm = "a license number: EFTM and 12 digits, or FTMTRIAL and 8 hexadecimal digits"

    /// Takes the entry that stands at `index` of a list.
    mutating func add(_ node: DocumentNode, to section: DocumentSection, at index: Int) {
        let place = DocumentPlace(section: section, index: index, line: node.line)
        let before = defects.count
        let path = "\(section.rawValue)[\(index)]"
        let keys = Self.keys[section] ?? []
        guard let fields = DocumentFields(node, at: path, keys: keys, noting: defects) else { return }
        switch section {
        case .devices:
            guard let device = device(fields), defects.count == before else { return }
            draft.devices.append(DocumentDraft.Entry(value: device, place: place))
        case .licenses:
            guard let license = license(fields), defects.count == before else { return }
            let noted = place.noting(["code", "size", "owner", "cluster", "grace"], of: fields)
            draft.licenses.append(DocumentDraft.Entry(value: license, place: noted))
        case .tokens:
            guard let token = token(fields), defects.count == before else { return }
            let noted = place.noting(["license", "activationCode"], of: fields)
            draft.tokens.append(DocumentDraft.Entry(value: token, place: noted))
        }
    }

    private mutating func device(_ fields: DocumentFields) -> Device? {
        let isRegistered = fields.flag("registered")
        let model = fields.text("model", length: Device.modelLength)
        guard let serial = fields.required("serial", Self.serialForm, { Self.serial($0) }) else { return nil }
        if !devices.insert(serial).inserted { fields.refuse("serial", "\(serial) stands twice", isContradiction: true) }
        return Device(serial: serial, isRegistered: isRegistered, model: model)
    }

    private mutating func license(_ fields: DocumentFields) -> License? {
        let number = fields.required("number", Self.numberForm) { LicenseNumber($0) }
        if let number, !licenses.insert(number).inserted {
            fields.refuse("number", "\(number) stands twice", isContradiction: true)
        }
        // What a wrong number was meant for shows in its beginning.
        let isTrial = number?.isTrial ?? fields.node("number")?.text?.hasPrefix("FTMTRIAL") ?? false
        var license = isTrial ? trial(number, fields) : bought(number, fields)
        fields.require("owner", for: ["cluster", "activatedAt", "grace"])
        // Each is read, and told where it is wrong, whether or not there is a license to put it into.
        let owner = fields.value("owner", Self.serialForm) { Self.serial($0) }
        license?.owner = owner
        let cluster = cluster(of: owner, fields)
        license?.cluster = cluster
        let isRevoked = fields.flag("revoked")
        license?.isRevoked = isRevoked
        let activatedAt = time("activatedAt", fields)
        license?.activatedAt = activatedAt
        let grace = grace(fields, owner: license?.owner)
        license?.grace = grace
        return license
    }

    private func trial(_ number: LicenseNumber?, _ fields: DocumentFields) -> License? {
        for key in ["code", "validUntil"] where fields.has(key) { fields.refuse(key, "a trial has none") }
        if fields.has("transferable") {
            fields.refuse("transferable", "a trial stays with its unit, so there is nothing to say of it")
        }
        _ = fields.value("size", "2 for a trial") { Self.number($0) == License.trialSize ? () : nil }
        if !fields.has("owner") { fields.refuse(nil, "'owner' is missing; it must be the unit whose trial it is") }
        let isStale = fields.flag("stale")
        guard let number else { return nil }
        var license = License(number: number, size: License.trialSize)
        license.isStale = isStale
        return license
    }

    private func bought(_ number: LicenseNumber?, _ fields: DocumentFields) -> License? {
        let code = fields.required("code", "20 hexadecimal digits in five groups, not all zero", isSecret: true) {
            RedemptionCode($0).flatMap { $0.isTrial ? nil : $0 }
        }
        if fields.flag("stale") { fields.refuse("stale", "only a trial can be stale") }
        let sizes = License.sizes
        let size = fields.required("size", "a number from \(sizes.lowerBound) to \(sizes.upperBound)") {
            Self.number($0).flatMap { sizes.contains($0) ? $0 : nil }
        }
        let validUntil = fields.value("validUntil", "a day such as 2027-11-21") { CalendarDay($0) }
        let isTransferable = !fields.has("transferable") || fields.flag("transferable")
        guard let number, let code, let size else { return nil }
        var license = License(number: number, code: code, size: size, validUntil: validUntil)
        license.isTransferable = isTransferable
        return license
    }

    private func cluster(of owner: Serial?, _ fields: DocumentFields) -> [Serial] {
        guard fields.has("cluster") else { return owner.map { [$0] } ?? [] }
        let before = defects.count
        var cluster: [Serial] = []
        for (path, node) in fields.list("cluster") {
            guard let member = node.text.flatMap({ Self.serial($0) }) else {
                fields.refuse(at: path, line: node.line, "must be \(Self.serialForm), not \(node.echo)")
                continue
            }
            if cluster.contains(member) {
                fields.refuse(at: path, line: node.line, "\(member) stands twice", isContradiction: true)
            }
            cluster.append(member)
        }
        if let owner, before == defects.count, !cluster.contains(owner) {
            fields.refuse("cluster", "must name the owner, \(owner), too", isContradiction: true)
        }
        return cluster
    }

    private func grace(_ fields: DocumentFields, owner: Serial?) -> License.Grace? {
        guard let grace = fields.fields("grace", keys: ["to", "until"]) else { return nil }
        let unit = grace.required("to", Self.serialForm) { Self.serial($0) }
        if let unit, unit == owner {
            grace.refuse("to", "must be the former owner's serial, and \(unit) is the owner", isContradiction: true)
        }
        let until = grace.required("until", Self.timeForm) { RFC3339.seconds($0) }
        guard let until, let unit else { return nil }
        return License.Grace(unit: unit, until: until)
    }

    private mutating func token(_ fields: DocumentFields) -> Token? {
        let serial = fields.required("serial", "a token's serial: FTKMOB and 10 hexadecimal digits, upper case") {
            TokenSerial($0)
        }
        let number = fields.required("license", Self.numberForm) { LicenseNumber($0) }
        let before = defects.count
        let provisioning = provisioning(fields)
        let state = fields.choice("state", TokenState.self)
        let isLocked = fields.has("locked") ? fields.flag("locked") : state == .locked
        if let serial, !tokens.insert(serial).inserted {
            fields.refuse("serial", "\(serial) stands twice", isContradiction: true)
        }
        guard let serial, let number else { return nil }
        var token = Token(serial: serial, license: number, provisioning: provisioning)
        token.isLocked = isLocked
        if let state, before == defects.count { check(state, of: token, fields) }
        return token
    }

    private func provisioning(_ fields: DocumentFields) -> Token.Provisioning? {
        fields.require(
            "seed",
            for: ["type", "period", "digits", "activationCode", "activationExpires", "mobileID", "lapses"]
        )
        fields.require("mobileID", for: ["regID", "osVersion"])
        let published = TokenParameters.published
        let kind = fields.value("type", Self.kindForm) { TokenParameters.Kind(rawValue: $0) }
        let period = fields.value("period", "30 or 60") { [30, 60].contains(Self.number($0)) ? Self.number($0) : nil }
        let digits = fields.value("digits", "6 or 8") { [6, 8].contains(Self.number($0)) ? Self.number($0) : nil }
        let mobileID = fields.text("mobileID", length: 1...64)
        let registrationID = fields.text("regID", length: 0...256)
        let osVersion = fields.text("osVersion", length: 0...15)
        let lapses = time("lapses", fields)
        guard fields.has("seed") else { return nil }
        let seed = fields.value("seed", "40 hexadecimal digits", isSecret: true) { Seed($0) }
        let code = fields.required("activationCode", "16 Base32 characters, upper case", isSecret: true) {
            ActivationCode($0)
        }
        let expires = fields.required("activationExpires", Self.timeForm) { RFC3339.seconds($0) }
        let parameters = TokenParameters(
            kind: kind ?? published.kind,
            period: period ?? published.period,
            digits: digits ?? published.digits
        )
        if parameters == nil { fields.refuse("period", "no such kind of token") }
        guard let expires, let seed, let code, let parameters else { return nil }
        return Token.Provisioning(
            seed: seed,
            parameters: parameters,
            code: code,
            codeExpires: expires,
            phone: mobileID.map { Token.Phone(mobileID: $0, registrationID: registrationID, osVersion: osVersion) },
            lapses: lapses
        )
    }

    private static let timeForm = "a time such as 2027-11-21T08:00:00Z"

    private func time(_ key: String, _ fields: DocumentFields) -> Int64? {
        fields.value(key, Self.timeForm) { RFC3339.seconds($0) }
    }

    private static let kindForm = TokenParameters.Kind.allCases.map(\.rawValue).joined(separator: " or ")

    /// A state follows from the facts, so a written one may only repeat them; whether a code has run out, or what was
    /// lodged has lapsed, depends on the time, so there either word will do.
    private func check(_ state: TokenState, of token: Token, _ fields: DocumentFields) {
        var possible: [TokenState] = [.available]
        if token.isLocked {
            possible = [.locked]
        } else if let provisioning = token.provisioning {
            possible = provisioning.phone == nil ? [.pending, .expired] : [.provisioned]
            if provisioning.lapses != nil { possible.append(.available) }
        }
        guard !possible.contains(state) else { return }
        let words = possible.map(\.rawValue).joined(separator: " or ")
        fields.refuse(
            "state",
            "\(state.rawValue) does not fit the token's other fields, which make it \(words)",
            isContradiction: true
        )
    }
}
