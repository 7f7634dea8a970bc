import Documents
import Notation
import SoftToken

/// A draft on its way into a registry: what its entries must not contradict, and what they change.
///
/// The registry is empty where a document is read as a whole, and what is there where one is merged. The result is
/// checked as one: listed entries replace or join what is there.
struct DocumentAssembly<View: RegistryView> {
    private let draft: DocumentDraft
    private let view: View
    private let chance: Chance
    /// Where else a name may be looked for, as refusals say it.
    private let elsewhere: String

    private var devices: Set<Serial> = []
    private var licenses: [LicenseNumber: License] = [:]
    private var tokens: Set<TokenSerial> = []
    /// How many tokens each license has by now.
    private var tokenCounts: [LicenseNumber: Int] = [:]
    private var leadingDigits: [LicenseNumber: UInt64] = [:]
    /// Codes and claims that have to be free before any entry is written, so that two entries may exchange theirs.
    private var clearing: [Change] = []
    private var changes: [Change] = []
    private let defects = DocumentDefects()

    /// The changes that bring the draft in, or why it is refused.
    static func changes(
        of draft: DocumentDraft,
        in view: View,
        isMerge: Bool,
        _ chance: Chance
    ) throws(View.Failure) -> Result<[Change], DocumentError> {
        let elsewhere = isMerge ? ", nor is it in the registry" : ""
        var assembly = DocumentAssembly(draft: draft, view: view, chance: chance, elsewhere: elsewhere)
        try assembly.add()
        if let error = assembly.defects.error { return .failure(error.asContradiction) }
        try assembly.makeUpTokens()
        return .success(assembly.clearing + assembly.changes)
    }

    private mutating func add() throws(View.Failure) {
        for entry in draft.devices {
            let device = entry.value
            devices.insert(device.serial)
            let stored = try view.device(device.serial)
            if stored == nil {
                changes.append(.insertDevice(device))
            } else if stored != device {
                changes.append(.updateDevice(device))
            }
        }
        for entry in draft.licenses { licenses[entry.value.number] = entry.value }
        for entry in draft.tokens { tokens.insert(entry.value.serial) }
        try addLicenses()
        try addTokens()
    }

    private func require(_ unit: Serial, _ key: String, _ place: DocumentPlace) throws(View.Failure) {
        guard !devices.contains(unit) else { return }
        guard try view.device(unit) == nil else { return }
        defects.note(place.error(key, "\(unit) is no listed device\(elsewhere)"))
    }

    private mutating func addLicenses() throws(View.Failure) {
        var codes: Set<RedemptionCode> = []
        var trialOwners: Set<Serial> = []
        var total = try view.tokenTotal()
        for entry in draft.licenses {
            let license = entry.value
            let place = entry.place
            if let owner = license.owner { try require(owner, "owner", place) }
            for (index, member) in license.cluster.enumerated() where member != license.owner {
                try require(member, "cluster[\(index)]", place)
            }
            if let grace = license.grace { try require(grace.unit, "grace.to", place) }
            if let code = license.code {
                let holder = try view.license(code: code)
                if !codes.insert(code).inserted || !isReplaced(holder) {
                    defects.note(place.error("code", "another license has the same"))
                }
            }
            if license.number.isTrial, let owner = license.owner {
                let trial = try view.trial(of: owner)
                if !trialOwners.insert(owner).inserted || !isReplaced(trial) {
                    defects.note(place.error("owner", "\(owner) has two trials"))
                }
            }
            let stored = try view.license(license.number)
            total += license.size - (stored?.size ?? 0)
            guard total <= License.tokenLimit else {
                let limit = License.tokenLimit
                defects.note(place.error("size", "the licenses have more than \(limit) tokens together"))
                // Each license after it would be one more.
                return
            }
            try add(license, over: stored, place)
        }
    }

    /// Whether what has a code, or a trial, now is itself an entry of the draft, which then says what becomes of it.
    private func isReplaced(_ license: License?) -> Bool {
        license.map { licenses[$0.number] != nil } ?? true
    }

    private mutating func add(_ license: License, over stored: License?, _ place: DocumentPlace) throws(View.Failure) {
        guard let stored else { return changes.append(.insertLicense(license)) }
        let serials = try view.tokenSerials(of: license.number)
        guard serials.count <= license.size else {
            return defects.note(place.error("size", "\(license.number) has \(serials.count) tokens already"))
        }
        tokenCounts[license.number] = serials.count
        leadingDigits[license.number] = serials.first?.leadingDigits
        if let code = stored.code, code != license.code {
            var cleared = stored
            cleared.code = nil
            clearing.append(.reissueLicense(cleared))
        }
        if license.code != stored.code || license.size != stored.size {
            changes.append(.reissueLicense(license))
        } else if license != stored {
            changes.append(.updateLicense(license))
        }
    }

    private mutating func addTokens() throws(View.Failure) {
        var claims: Set<UInt64> = []
        for entry in draft.tokens {
            let token = entry.value
            let place = entry.place
            let stored = try view.token(token.serial)
            try count(token, isNew: stored == nil, place)
            if let stored, stored.license != token.license {
                defects.note(place.error("license", "\(token.serial) is a token of \(stored.license)"))
            }
            if let claim = token.provisioning?.code.claim {
                let holder = try view.token(claim: claim)
                if !claims.insert(claim).inserted || !(holder.map { tokens.contains($0.serial) } ?? true) {
                    defects.note(place.error("activationCode", "another token has the same"))
                }
            }
            leadingDigits[token.license] = token.serial.leadingDigits
            guard let stored else {
                changes.append(.insertToken(token))
                continue
            }
            if let claim = stored.provisioning?.code.claim, claim != token.provisioning?.code.claim {
                var cleared = stored
                cleared.provisioning = nil
                clearing.append(.updateToken(cleared))
            }
            if stored != token { changes.append(.updateToken(token)) }
        }
    }

    private mutating func count(_ token: Token, isNew: Bool, _ place: DocumentPlace) throws(View.Failure) {
        let number = token.license
        let known = licenses[number]
        let license =
            if let known { known } else { try view.license(number) }
        guard let license else {
            return defects.note(place.error("license", "\(number) is no listed license\(elsewhere)"))
        }
        guard isNew else { return }
        // A license that is there and not listed has all of its tokens.
        let count = (tokenCounts[number] ?? (known == nil ? license.size : 0)) + 1
        guard count <= license.size else {
            return defects.note(
                place.error("license", "\(number) is of size \(license.size), and this is one token more")
            )
        }
        tokenCounts[number] = count
    }

    /// Adds tokens until every listed license has as many as its size; those of a trial share their first two digits.
    private mutating func makeUpTokens() throws(View.Failure) {
        for license in licenses.values.sorted(by: { $0.number < $1.number }) {
            var missing = license.size - tokenCounts[license.number, default: 0]
            guard missing > 0 else { continue }
            var draws = try Draws(.tokenSerials(license.number), of: chance, in: view)
            while missing > 0 {
                var number = draws.next()
                if license.number.isTrial {
                    let digits = leadingDigits[license.number] ?? number >> 32 & 0xFF
                    leadingDigits[license.number] = digits
                    number = digits << 32 | number & 0xFFFF_FFFF
                }
                let serial = TokenSerial(number: number)
                guard !tokens.contains(serial), try view.token(serial) == nil else { continue }
                tokens.insert(serial)
                changes.append(.insertToken(Token(serial: serial, license: license.number)))
                missing -= 1
            }
            changes.append(draws.record)
        }
    }
}

extension TokenSerial {
    /// The first two of the ten hexadecimal digits, as a number.
    fileprivate var leadingDigits: UInt64 {
        UInt64(Hexadecimal.value(of: text[6]) ?? 0) << 4 | UInt64(Hexadecimal.value(of: text[7]) ?? 0)
    }
}
