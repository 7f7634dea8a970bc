import SoftToken

/// Takes a document's entries one by one, in whatever order their lists come, and checks each by itself.
struct DraftReader {
    /// What was taken so far.
    private(set) var draft = DocumentDraft()
    private var devices: Set<Serial> = []
    private var licenses: Set<LicenseNumber> = []
    private var tokens: Set<TokenSerial> = []

    private static let deviceKeys = ["serial", "registered", "model"]
    private static let licenseKeys = [
        "number", "code", "size", "validUntil", "owner", "cluster", "revoked", "activatedAt", "grace", "stale",
        "transferable",
    ]
    private static let tokenKeys = [
        "serial", "license", "state", "locked", "seed", "type", "period", "digits", "activationCode",
        "activationExpires", "mobileID", "regID", "osVersion", "lapses",
    ]

    /// A whole number, which some writers of JSON and YAML give a fraction of zero.
    private static func number(_ text: String) -> Int? {
        let whole = text.hasSuffix(".0") ? text.dropLast(2) : text[...]
        let digits = whole.hasPrefix("-") ? whole.dropFirst() : whole
        return digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(whole) : nil
    }

    /// A serial; one of digits alone may come as a number.
    private static func serial(_ text: String) -> Serial? { Serial(text) ?? number(text).flatMap { Serial("\($0)") } }

    private static let serialForm = "a serial: up to 16 of A-Z, 0-9 and -"
    private static let numberForm = "a license number: EFTM and 12 digits, or FTMTRIAL and 8 hexadecimal digits"

    /// Takes the entry that stands at `index` of a list.
    mutating func add(_ node: DocumentNode, to section: DocumentSection, at index: Int) throws(DocumentError) {
        let place = DocumentPlace(section: section, index: index, line: node.line)
        switch section {
        case .devices: try addDevice(DocumentEntry(node, at: place, keys: Self.deviceKeys))
        case .licenses: try addLicense(DocumentEntry(node, at: place, keys: Self.licenseKeys))
        case .tokens: try addToken(DocumentEntry(node, at: place, keys: Self.tokenKeys))
        }
    }

    private mutating func addDevice(_ entry: DocumentEntry) throws(DocumentError) {
        let serial = try entry.required("serial", Self.serialForm) { Self.serial($0) }
        let device = Device(
            serial: serial,
            isRegistered: try entry.flag("registered"),
            model: try entry.text("model", length: Rules.modelLength)
        )
        guard devices.insert(serial).inserted else {
            throw entry.error("serial", "\(serial) stands twice").asContradiction
        }
        draft.devices.append(DocumentDraft.Entry(value: device, place: entry.place(noting: [])))
    }

    private mutating func addLicense(_ entry: DocumentEntry) throws(DocumentError) {
        let number = try entry.required("number", Self.numberForm) { LicenseNumber($0) }
        guard licenses.insert(number).inserted else {
            throw entry.error("number", "\(number) stands twice").asContradiction
        }
        var license = number.isTrial ? try trial(number, entry) : try bought(number, entry)
        try entry.require("owner", for: ["cluster", "activatedAt", "grace"])
        if let owner = try entry.value("owner", Self.serialForm, { Self.serial($0) }) {
            license.owner = owner
            license.cluster = try cluster(of: owner, entry)
        }
        license.isRevoked = try entry.flag("revoked")
        license.activatedAt = try entry.time("activatedAt")
        license.grace = try grace(entry, owner: license.owner)
        let place = entry.place(noting: ["code", "size", "owner", "cluster", "grace"])
        draft.licenses.append(DocumentDraft.Entry(value: license, place: place))
    }

    private func trial(_ number: LicenseNumber, _ entry: DocumentEntry) throws(DocumentError) -> License {
        for key in ["code", "validUntil"] where entry.has(key) {
            throw entry.error(key, "a trial has none")
        }
        guard !entry.has("transferable") else {
            throw entry.error("transferable", "a trial stays with its unit, so there is nothing to say of it")
        }
        _ = try entry.value("size", "2 for a trial") { Self.number($0) == License.trialSize ? () : nil }
        _ = try entry.required("owner", "the unit whose trial it is") { Self.serial($0) }
        var license = License(number: number, size: License.trialSize)
        license.isStale = try entry.flag("stale")
        return license
    }

    private func bought(_ number: LicenseNumber, _ entry: DocumentEntry) throws(DocumentError) -> License {
        let code = try entry.required("code", "20 hexadecimal digits in five groups, not all zero") {
            RedemptionCode($0).flatMap { $0.isTrial ? nil : $0 }
        }
        guard try !entry.flag("stale") else { throw entry.error("stale", "only a trial can be stale") }
        let sizes = License.sizes
        var license = License(
            number: number,
            code: code,
            size: try entry.required("size", "a number from \(sizes.lowerBound) to \(sizes.upperBound)") {
                Self.number($0).flatMap { sizes.contains($0) ? $0 : nil }
            },
            validUntil: try entry.value("validUntil", "a day such as 2027-11-21") { CalendarDay($0) }
        )
        if entry.has("transferable") { license.isTransferable = try entry.flag("transferable") }
        return license
    }

    private func cluster(of owner: Serial, _ entry: DocumentEntry) throws(DocumentError) -> [Serial] {
        let cluster: [Serial] = try entry.list("cluster") { node, before in
            guard let member = node.text.flatMap({ Self.serial($0) }) else {
                return .failure(.invalid("must be \(Self.serialForm)"))
            }
            return before.contains(member) ? .failure(.conflict("\(member) stands twice")) : .success(member)
        }
        guard entry.has("cluster") else { return [owner] }
        guard cluster.contains(owner) else {
            throw entry.error("cluster", "must name the owner, \(owner), too").asContradiction
        }
        return cluster
    }

    private func grace(_ entry: DocumentEntry, owner: Serial?) throws(DocumentError) -> License.Grace? {
        guard let grace = try entry.entry("grace", keys: ["to", "until"]) else { return nil }
        guard let unit = try grace.value("to", Self.serialForm, { Self.serial($0) }) else {
            throw grace.error("to", "must be the former owner's serial")
        }
        guard unit != owner else {
            throw grace.error("to", "must be the former owner's serial, and \(unit) is the owner").asContradiction
        }
        guard let until = try grace.time("until") else { throw grace.error(nil, "'until' is missing") }
        return License.Grace(unit: unit, until: until)
    }

    private mutating func addToken(_ entry: DocumentEntry) throws(DocumentError) {
        let serial = try entry.required("serial", "a token's serial: FTKMOB and 10 hexadecimal digits, upper case") {
            TokenSerial($0)
        }
        let number = try entry.required("license", Self.numberForm) { LicenseNumber($0) }
        var token = Token(serial: serial, license: number, provisioning: try provisioning(entry))
        let state = try entry.value("state", Self.stateForm) { TokenState(rawValue: $0) }
        token.isLocked = entry.has("locked") ? try entry.flag("locked") : state == .locked
        guard tokens.insert(serial).inserted else {
            throw entry.error("serial", "\(serial) stands twice").asContradiction
        }
        if let state { try check(state, of: token, entry) }
        let place = entry.place(noting: ["license", "activationCode"])
        draft.tokens.append(DocumentDraft.Entry(value: token, place: place))
    }

    private func provisioning(_ entry: DocumentEntry) throws(DocumentError) -> Token.Provisioning? {
        try entry.require(
            "seed",
            for: ["type", "period", "digits", "activationCode", "activationExpires", "mobileID", "lapses"]
        )
        try entry.require("mobileID", for: ["regID", "osVersion"])
        guard let seed = try entry.value("seed", "40 hexadecimal digits", { Seed($0) }) else { return nil }
        let published = TokenParameters.published
        let parameters = TokenParameters(
            kind: try entry.value("type", Self.kindForm) { TokenParameters.Kind(rawValue: $0) } ?? published.kind,
            period: try entry.value("period", "30 or 60") {
                [30, 60].contains(Self.number($0)) ? Self.number($0) : nil
            }
                ?? published.period,
            digits: try entry.value("digits", "6 or 8") { [6, 8].contains(Self.number($0)) ? Self.number($0) : nil }
                ?? published.digits
        )
        let code = try entry.required("activationCode", "16 Base32 characters, upper case") { ActivationCode($0) }
        guard let expires = try entry.time("activationExpires") else {
            throw entry.error(nil, "'activationExpires' is missing; it must be a time such as 2027-11-21T08:00:00Z")
        }
        guard let parameters else { throw entry.error("period", "no such kind of token") }
        let mobileID = try entry.text("mobileID", length: 1...64)
        let registrationID = try entry.text("regID", length: 0...256)
        let osVersion = try entry.text("osVersion", length: 0...15)
        return Token.Provisioning(
            seed: seed,
            parameters: parameters,
            code: code,
            codeExpires: expires,
            phone: mobileID.map {
                Token.Phone(mobileID: $0, registrationID: registrationID, osVersion: osVersion)
            },
            lapses: try entry.time("lapses")
        )
    }

    private static let kindForm = TokenParameters.Kind.allCases.map(\.rawValue).joined(separator: " or ")
    private static let stateForm = TokenState.allCases.map(\.rawValue).joined(separator: ", ")

    /// A state follows from the facts, so a written one may only repeat them; whether a code has run out, or what was
    /// lodged has lapsed, depends on the time, so there either word will do.
    private func check(_ state: TokenState, of token: Token, _ entry: DocumentEntry) throws(DocumentError) {
        var possible: [TokenState] = [.available]
        if token.isLocked {
            possible = [.locked]
        } else if let provisioning = token.provisioning {
            possible = provisioning.phone == nil ? [.pending, .expired] : [.provisioned]
            if provisioning.lapses != nil { possible.append(.available) }
        }
        guard possible.contains(state) else {
            let words = possible.map(\.rawValue).joined(separator: " or ")
            throw
                entry.error(
                    "state",
                    "\(state.rawValue) does not fit the token's other fields, which make it \(words)"
                )
                .asContradiction
        }
    }
}
