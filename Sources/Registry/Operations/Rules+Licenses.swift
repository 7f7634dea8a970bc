import Notation
import SoftToken

extension Rules {
    /// Issues a license: what the draft leaves out is drawn, each unlike everything in the registry.
    func issueLicense(_ draft: LicenseDraft) throws(Failure) -> Ruling<OperationOutcome> {
        if let refusal = try reason(against: draft) { return refuse(refusal) }
        var changes: [Change] = []
        let number = if let number = draft.number { number } else { try drawNumber(&changes) }
        let code = if let code = draft.code { code } else { try drawCode(&changes) }
        var license = License(number: number, code: code, size: draft.size, validUntil: draft.validUntil)
        license.isTransferable = draft.isTransferable
        changes.append(.insertLicense(license))

        var serials = Set(draft.tokens)
        var draws = try Draws(.tokenSerials(number), of: context.chance, in: view)
        while serials.count < draft.size {
            let serial = TokenSerial(number: draws.next())
            if !serials.contains(serial), try view.token(serial) == nil { serials.insert(serial) }
        }
        let tokens = serials.sorted()
        changes += tokens.map { .insertToken(Token(serial: $0, license: number)) }
        if draft.tokens.count < draft.size { changes.append(draws.record) }
        return Ruling(outcome: .license(license, tokens: tokens), changes: changes)
    }

    private func reason(against draft: LicenseDraft) throws(Failure) -> OperationRefusal? {
        let sizes = License.sizes
        guard sizes.contains(draft.size) else {
            return .invalid("a license has \(sizes.lowerBound) to \(sizes.upperBound) tokens")
        }
        guard draft.number?.isTrial != true else { return .invalid("a trial is not issued: its unit imports it") }
        guard draft.code?.isTrial != true else { return .invalid("the zeros are the code of every unit's trial") }
        guard draft.tokens.count <= draft.size else {
            return .conflict("\(draft.tokens.count) tokens are listed, and the size is \(draft.size)")
        }
        var named: Set<TokenSerial> = []
        for serial in draft.tokens where !named.insert(serial).inserted {
            return .invalid("token \(serial) is listed twice")
        }
        if let number = draft.number, try view.license(number) != nil {
            return .conflict("license \(number) is there already")
        }
        if let code = draft.code, let other = try view.license(code: code) {
            return .conflict("license \(other.number) has the same code")
        }
        for serial in draft.tokens {
            if let token = try view.token(serial) {
                return .conflict("token \(serial) belongs to license \(token.license)")
            }
        }
        guard try view.tokenTotal() + draft.size <= License.tokenLimit else {
            return .conflict("the licenses would have more than \(License.tokenLimit) tokens together")
        }
        return nil
    }

    private func drawNumber(_ changes: inout [Change]) throws(Failure) -> LicenseNumber {
        var draws = try Draws(.licenseNumbers, of: context.chance, in: view)
        while true {
            let number = LicenseNumber(bought: draws.next())
            guard try view.license(number) == nil else { continue }
            changes.append(draws.record)
            return number
        }
    }

    private func drawCode(_ changes: inout [Change]) throws(Failure) -> RedemptionCode {
        var draws = try Draws(.redemptionCodes, of: context.chance, in: view)
        while true {
            let code = RedemptionCode(high: draws.next(), low: UInt16(truncatingIfNeeded: draws.next()))
            guard !code.isTrial, try view.license(code: code) == nil else { continue }
            changes.append(draws.record)
            return code
        }
    }

    func changeLicense(_ number: LicenseNumber, _ patch: LicensePatch) throws(Failure) -> Ruling<OperationOutcome> {
        guard var license = try view.license(number) else { return refuse(.notFound(.license, name: "\(number)")) }
        guard !number.isTrial || patch.validUntil == .keep else {
            return refuse(.conflict("license \(number) is a trial, which has no last day"))
        }
        guard !number.isTrial || patch.isTransferable == nil else {
            return refuse(.conflict("license \(number) is a trial, which stays with its unit"))
        }
        let stored = license
        license.validUntil = patch.validUntil.applied(to: license.validUntil)
        license.isRevoked = patch.isRevoked ?? license.isRevoked
        license.isTransferable = patch.isTransferable ?? license.isTransferable
        return Ruling(
            outcome: .license(license, tokens: try view.tokenSerials(of: number)),
            changes: license == stored ? [] : [.updateLicense(license)]
        )
    }

    func removeLicense(_ number: LicenseNumber) throws(Failure) -> Ruling<OperationOutcome> {
        guard try view.license(number) != nil else { return refuse(.notFound(.license, name: "\(number)")) }
        return Ruling(outcome: .removed, changes: [.deleteLicense(number)])
    }

    /// Does what the unit's own import does: tokens free again, and the trial no longer stale.
    func resetTrial(_ number: LicenseNumber) throws(Failure) -> Ruling<OperationOutcome> {
        guard var license = try view.license(number) else { return refuse(.notFound(.license, name: "\(number)")) }
        guard number.isTrial else { return refuse(.conflict("license \(number) is no trial")) }
        let wasStale = license.isStale
        license.isStale = false
        let changes: [Change] = wasStale ? [.updateLicense(license)] : []
        let serials = try view.tokenSerials(of: number)
        return Ruling(outcome: .license(license, tokens: serials), changes: changes + (try freed(serials)))
    }

    /// The changes that make tokens available; a lock stays.
    func freed(_ serials: [TokenSerial]) throws(Failure) -> [Change] {
        try changes(of: serials) { $0.provisioning = nil }
    }

    /// The changes of those tokens that `change` makes others of.
    func changes(of serials: [TokenSerial], _ change: (inout Token) -> Void) throws(Failure) -> [Change] {
        var changes: [Change] = []
        for serial in serials {
            guard var token = try view.token(serial) else { continue }
            let stored = token
            change(&token)
            if token != stored { changes.append(.updateToken(token)) }
        }
        return changes
    }

    /// Changes one token; `change` says why it stays as it is, where it must.
    func change(
        _ serial: TokenSerial,
        _ change: (inout Token) -> OperationRefusal?
    ) throws(Failure) -> Ruling<OperationOutcome> {
        guard var token = try view.token(serial) else { return refuse(.notFound(.token, name: "\(serial)")) }
        let stored = token
        if let refusal = change(&token) { return refuse(refusal) }
        return Ruling(outcome: .token(token), changes: token == stored ? [] : [.updateToken(token)])
    }

    func setLock(_ isLocked: Bool, _ serial: TokenSerial) throws(Failure) -> Ruling<OperationOutcome> {
        try change(serial) { token in
            token.isLocked = isLocked
            return nil
        }
    }

    /// Drops everything that was lodged for a token; a locked one has to be unlocked first.
    func release(_ serial: TokenSerial) throws(Failure) -> Ruling<OperationOutcome> {
        try change(serial) { token in
            guard !token.isLocked else { return .conflict("token \(serial) is locked") }
            token.provisioning = nil
            return nil
        }
    }

    /// Ends the activation code of a token that waits for a phone.
    func expire(_ serial: TokenSerial) throws(Failure) -> Ruling<OperationOutcome> {
        try change(serial) { token in
            let state = token.state(at: context.now)
            guard state == .pending else {
                return .conflict("token \(serial) is \(state.rawValue), so no activation code of it is pending")
            }
            token.provisioning?.codeExpires = context.now
            return nil
        }
    }
}

extension LicenseNumber {
    /// The bought license whose twelve digits are the last ones of `number`.
    fileprivate init(bought number: UInt64) {
        let digits = String(number % 1_000_000_000_000)
        let text = "EFTM" + String(repeating: "0", count: 12 - digits.count) + digits
        guard let license = LicenseNumber(text) else { preconditionFailure("twelve digits are a license's number") }
        self = license
    }
}

extension License.Grace {
    /// The longest of a transfer, in seconds: ten years.
    package static let longest: Int64 = 315_576_000
}

extension Rules {
    /// Gives a license to another unit: owner and cluster become that unit at once.
    ///
    /// With a grace the former owner stays covered until it ends; what was lodged before, and what the former owner
    /// lodges meanwhile, lapses then, by the clock alone. Without one the tokens are available at once.
    ///
    /// [our choice: transfer] docs/protocol.md 3.7 and 5 know no such message: only that a license can be given to
    /// another unit, unless it was sold as one that can't. That tokens have to be provisioned there again is inferred.
    /// A transfer during a grace ends that grace; what its unit lodged under it is freed, or is its own again where the
    /// license goes back to it.
    func transferLicense(
        _ number: LicenseNumber,
        to unit: Serial,
        graceSeconds: Int64
    ) throws(Failure) -> Ruling<OperationOutcome> {
        guard var license = try view.license(number) else { return refuse(.notFound(.license, name: "\(number)")) }
        let longest = License.Grace.longest
        guard (0...longest).contains(graceSeconds), RFC3339.text(context.now + graceSeconds) != nil else {
            return refuse(.invalid("a grace lasts 0 to \(longest) seconds, and ends before the year 10000"))
        }
        guard !number.isTrial else {
            return refuse(.conflict("license \(number) is a trial, which stays with its unit"))
        }
        guard license.isTransferable else {
            return refuse(.conflict("license \(number) is not transferable: only a replacement of its unit moves it"))
        }
        guard let owner = license.owner else {
            return refuse(.conflict("license \(number) is not activated, so there is nobody to transfer it from"))
        }
        guard let device = try view.device(unit) else { return refuse(.notFound(.device, name: "\(unit)")) }
        guard device.isRegistered else { return refuse(.conflict("device \(unit) is not registered")) }
        guard unit != owner else { return refuse(.conflict("license \(number) belongs to device \(unit) already")) }

        let returns = license.grace.map { $0.unit == unit && context.now < $0.until } == true
        let end = graceSeconds > 0 ? context.now + graceSeconds : nil
        license.owner = unit
        license.cluster = [unit]
        license.grace = end.map { License.Grace(unit: owner, until: $0) }
        let serials = try view.tokenSerials(of: number)
        let changes = try changes(of: serials) { token in
            let lodged = token.lodged(at: context.now)
            let isFormerOwners = lodged?.lapses == nil
            let stays = isFormerOwners ? end != nil : returns
            token.provisioning = stays ? lodged : nil
            token.provisioning?.lapses = isFormerOwners ? end : nil
        }
        return Ruling(outcome: .license(license, tokens: serials), changes: [.updateLicense(license)] + changes)
    }
}
