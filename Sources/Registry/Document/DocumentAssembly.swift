import SoftToken
import Yams

/// A document on its way in: what was read so far, and what it must not contradict.
struct DocumentAssembly {
    /// Whether it is a whole registry, in which everything that is named is listed too.
    let isWhole: Bool
    /// What was read, where it stands.
    private(set) var draft = RegistryDraft()

    private var devices: [Serial: Device] = [:]
    private var licenses: [LicenseNumber: License] = [:]
    private var tokens: [TokenSerial: Token] = [:]
    private var codes: Set<RedemptionCode> = []
    private var trialOwners: Set<Serial> = []
    private var claims: Set<UInt64> = []
    private var tokenCounts: [LicenseNumber: Int] = [:]
    private var size = 0

    static let deviceKeys = ["serial", "registered", "model"]
    static let licenseKeys = [
        "number", "code", "size", "validUntil", "owner", "cluster", "revoked", "activatedAt", "grace", "stale",
    ]
    static let tokenKeys = [
        "serial", "license", "state", "locked", "seed", "type", "period", "digits", "activationCode",
        "activationExpires", "lapses", "mobileID", "regID", "osVersion",
    ]

    /// How many tokens a document's licenses may have together.
    static let tokenLimit = 1_000_000

    /// Begins a whole registry, or a part to be merged into one.
    init(isWhole: Bool = true) {
        self.isWhole = isWhole
    }

    private static let serialForm = "a serial: up to 16 of A-Z, 0-9 and -"
    private static let numberForm = "a license number: EFTM and 12 digits, or FTMTRIAL and 8 hexadecimal digits"

    /// Takes an entry of `devices`.
    mutating func addDevice(_ entry: DocumentEntry) throws(DocumentError) {
        let serial = try entry.required("serial", Self.serialForm) { Serial($0) }
        let device = Device(
            serial: serial,
            isRegistered: try entry.flag("registered"),
            model: try entry.text("model", bytes: 1...64)
        )
        guard devices.updateValue(device, forKey: serial) == nil else {
            throw entry.error("serial", "\(serial) stands twice")
        }
        if !isWhole { draft.devices.append(entry.placed(device)) }
    }

    /// Takes an entry of `licenses`, after all devices.
    mutating func addLicense(_ entry: DocumentEntry) throws(DocumentError) {
        let number = try entry.required("number", Self.numberForm) { LicenseNumber($0) }
        guard licenses[number] == nil else { throw entry.error("number", "\(number) stands twice") }
        var license = number.isTrial ? try trial(number, entry) : try bought(number, entry)
        try entry.require("owner", for: ["cluster", "activatedAt", "grace"])
        if let owner = try device("owner", entry) {
            license.owner = owner
            license.cluster = try cluster(of: owner, entry)
        }
        license.isRevoked = try entry.flag("revoked")
        license.activatedAt = try entry.time("activatedAt")
        license.grace = try grace(entry, owner: license.owner)
        size += license.size
        guard size <= Self.tokenLimit else {
            throw entry.error("size", "the licenses have more than \(Self.tokenLimit) tokens together")
        }
        licenses[number] = license
        if !isWhole { draft.licenses.append(entry.placed(license)) }
    }

    private mutating func trial(_ number: LicenseNumber, _ entry: DocumentEntry) throws(DocumentError) -> License {
        for key in ["code", "validUntil"] where entry.has(key) {
            throw entry.error(key, "a trial has none")
        }
        _ = try entry.value("size", "2 for a trial") { Int($0) == License.trialSize ? () : nil }
        let owner = try entry.required("owner", "the unit whose trial it is") { Serial($0) }
        guard trialOwners.insert(owner).inserted else { throw entry.error("owner", "\(owner) has two trials") }
        var license = License(number: number, size: License.trialSize)
        license.isStale = try entry.flag("stale")
        return license
    }

    private mutating func bought(_ number: LicenseNumber, _ entry: DocumentEntry) throws(DocumentError) -> License {
        let code = try entry.required("code", "20 hexadecimal digits in five groups, not all zero") {
            RedemptionCode($0).flatMap { $0.isTrial ? nil : $0 }
        }
        guard codes.insert(code).inserted else { throw entry.error("code", "another license has the same") }
        guard try !entry.flag("stale") else { throw entry.error("stale", "only a trial can be stale") }
        let sizes = License.sizes
        return License(
            number: number,
            code: code,
            size: try entry.required("size", "a number from \(sizes.lowerBound) to \(sizes.upperBound)") {
                Int($0).flatMap { sizes.contains($0) ? $0 : nil }
            },
            validUntil: try entry.value("validUntil", "a day such as 2027-11-21") { CalendarDay($0) }
        )
    }

    private func cluster(of owner: Serial, _ entry: DocumentEntry) throws(DocumentError) -> [Serial] {
        var cluster: [Serial] = []
        for (node, path) in try entry.list("cluster") {
            guard let member = node.scalar.flatMap({ Serial($0.string) }) else {
                throw DocumentError(path: path, line: node.mark?.line, reason: "must be \(Self.serialForm)")
            }
            guard isKnown(member) else {
                throw DocumentError(path: path, line: node.mark?.line, reason: "\(member) is no listed device")
            }
            guard !cluster.contains(member) else {
                throw DocumentError(path: path, line: node.mark?.line, reason: "\(member) stands twice")
            }
            cluster.append(member)
        }
        guard entry.has("cluster") else { return [owner] }
        guard cluster.contains(owner) else { throw entry.error("cluster", "must name the owner, \(owner), too") }
        return cluster
    }

    private func grace(_ entry: DocumentEntry, owner: Serial?) throws(DocumentError) -> License.Grace? {
        guard let grace = try entry.entry("grace", keys: ["to", "until"]) else { return nil }
        guard let unit = try device("to", grace), unit != owner else {
            throw grace.error("to", "must be the former owner's serial")
        }
        guard let until = try grace.time("until") else { throw grace.error(nil, "'until' is missing") }
        return License.Grace(unit: unit, until: until)
    }

    private func device(_ key: String, _ entry: DocumentEntry) throws(DocumentError) -> Serial? {
        guard let serial = try entry.value(key, Self.serialForm, { Serial($0) }) else { return nil }
        guard isKnown(serial) else { throw entry.error(key, "\(serial) is no listed device") }
        return serial
    }

    /// Whether a unit may be named; in a part, the registry has the last word.
    private func isKnown(_ serial: Serial) -> Bool { !isWhole || devices[serial] != nil }

    /// Takes an entry of `tokens`, after all licenses.
    mutating func addToken(_ entry: DocumentEntry) throws(DocumentError) {
        let serial = try entry.required("serial", "a token's serial: FTKMOB and 10 hexadecimal digits, upper case") {
            TokenSerial($0)
        }
        let number = try entry.required("license", Self.numberForm) { LicenseNumber($0) }
        if let license = licenses[number] {
            let count = tokenCounts[number, default: 0] + 1
            guard count <= license.size else {
                throw entry.error("license", "\(number) has \(license.size) tokens, and this is one more")
            }
            tokenCounts[number] = count
        } else if isWhole {
            throw entry.error("license", "\(number) is no listed license")
        }
        var token = Token(serial: serial, license: number, provisioning: try provisioning(entry))
        let state = try entry.value("state", Self.stateForm) { TokenState(rawValue: $0) }
        token.isLocked = entry.has("locked") ? try entry.flag("locked") : state == .locked
        guard tokens.updateValue(token, forKey: serial) == nil else {
            throw entry.error("serial", "\(serial) stands twice")
        }
        if let state { try check(state, of: token, entry) }
        if !isWhole { draft.tokens.append(entry.placed(token)) }
    }

    private mutating func provisioning(_ entry: DocumentEntry) throws(DocumentError) -> Token.Provisioning? {
        try entry.require(
            "seed",
            for: ["type", "period", "digits", "activationCode", "activationExpires", "lapses", "mobileID"]
        )
        try entry.require("mobileID", for: ["regID", "osVersion"])
        guard let seed = try entry.value("seed", "40 hexadecimal digits", { Seed($0) }) else { return nil }
        let kinds = TokenParameters.Kind.allCases.map(\.rawValue).joined(separator: " or ")
        let published = TokenParameters.published
        let parameters = TokenParameters(
            kind: try entry.value("type", kinds) { TokenParameters.Kind(rawValue: $0) } ?? published.kind,
            period: try entry.value("period", "30 or 60") { ["30": 30, "60": 60][$0] } ?? published.period,
            digits: try entry.value("digits", "6 or 8") { ["6": 6, "8": 8][$0] } ?? published.digits
        )
        let code = try entry.required("activationCode", "16 Base32 characters, upper case") { ActivationCode($0) }
        guard claims.insert(code.claim).inserted else {
            throw entry.error("activationCode", "another token has the same")
        }
        guard let expires = try entry.time("activationExpires") else {
            throw entry.error(nil, "'activationExpires' is missing; it must be a time such as 2027-11-21T08:00:00Z")
        }
        guard let parameters else { throw entry.error("period", "no such kind of token") }
        let mobileID = try entry.text("mobileID", bytes: 1...64)
        let registrationID = try entry.text("regID", bytes: 0...256)
        let osVersion = try entry.text("osVersion", bytes: 0...15)
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

    private static let stateForm = TokenState.allCases.map(\.rawValue).joined(separator: ", ")

    /// A state follows from the facts, so a written one may only repeat them; whether a code has run out, or all of it has
    /// lapsed, depends on the time, so there either word will do.
    private func check(_ state: TokenState, of token: Token, _ entry: DocumentEntry) throws(DocumentError) {
        let possible: [TokenState] =
            if token.isLocked { [.locked] } else if token.provisioning == nil { [.available] } else {
                (token.provisioning?.phone == nil ? [.pending, .expired] : [.provisioned])
                    + (token.provisioning?.lapses == nil ? [] : [.available])
            }
        guard possible.contains(state) else {
            let words = possible.map(\.rawValue).joined(separator: " or ")
            throw entry.error(
                "state",
                "\(state.rawValue) does not fit the token's other fields, which make it \(words)"
            )
        }
    }

    /// The whole document, with every license's tokens made up to its size.
    func completed(_ chance: Chance) -> RegistryDocument {
        var taken = Set(tokens.keys)
        var made: [Token] = []
        var sharedDigits: [LicenseNumber: UInt64] = [:]
        for token in tokens.values where token.license.isTrial {
            sharedDigits[token.license] = token.serial.leadingDigits
        }
        for license in licenses.values.sorted(by: { $0.number < $1.number }) {
            var missing = license.size - tokenCounts[license.number, default: 0]
            var drawn: UInt64 = 0
            while missing > 0 {
                var number = chance.draw(.tokenSerials(license.number), drawn)
                drawn += 1
                if license.number.isTrial {
                    let digits = sharedDigits[license.number] ?? number >> 32 & 0xFF
                    sharedDigits[license.number] = digits
                    number = digits << 32 | number & 0xFFFF_FFFF
                }
                let serial = TokenSerial(number: number)
                guard taken.insert(serial).inserted else { continue }
                made.append(Token(serial: serial, license: license.number))
                missing -= 1
            }
        }
        return RegistryDocument(
            devices: Array(devices.values),
            licenses: Array(licenses.values),
            tokens: tokens.values + made
        )
    }
}

extension TokenSerial {
    /// The first two of the ten hexadecimal digits, as a number.
    var leadingDigits: UInt64 {
        UInt64(Hexadecimal.value(of: text[6]) ?? 0) << 4 | UInt64(Hexadecimal.value(of: text[7]) ?? 0)
    }
}
