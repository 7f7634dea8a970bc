import Notation
import SoftToken

extension Rules {
    /// Issues a license: what the draft leaves out is drawn, each unlike everything in the registry.
    static func issueLicense<View: RegistryView>(
        _ draft: LicenseDraft,
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        if let refusal = try reason(against: draft, in: view) { return refuse(refusal) }
        var changes: [Change] = []
        let number =
            if let number = draft.number { number } else { try drawNumber(in: view, context.chance, &changes) }
        let code = if let code = draft.code { code } else { try drawCode(in: view, context.chance, &changes) }
        var license = License(number: number, code: code, size: draft.size, validUntil: draft.validUntil)
        license.isTransferable = draft.isTransferable
        changes.append(.insertLicense(license))

        var serials = Set(draft.tokens)
        var drawn = try view.draws(for: .tokenSerials(number))
        let before = drawn
        while serials.count < draft.size {
            let serial = TokenSerial(number: context.chance.draw(.tokenSerials(number), drawn))
            drawn += 1
            if !serials.contains(serial), try view.token(serial) == nil { serials.insert(serial) }
        }
        let tokens = serials.sorted()
        changes += tokens.map { .insertToken(Token(serial: $0, license: number)) }
        if drawn > before { changes.append(.recordDraws(.tokenSerials(number), drawn)) }
        return Ruling(outcome: .license(license, tokens: tokens), changes: changes)
    }

    private static func reason<View: RegistryView>(
        against draft: LicenseDraft,
        in view: View
    ) throws(View.Failure) -> OperationRefusal? {
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

    private static func drawNumber<View: RegistryView>(
        in view: View,
        _ chance: Chance,
        _ changes: inout [Change]
    ) throws(View.Failure) -> LicenseNumber {
        var drawn = try view.draws(for: .licenseNumbers)
        while true {
            let number = LicenseNumber(bought: chance.draw(.licenseNumbers, drawn))
            drawn += 1
            if try view.license(number) == nil {
                changes.append(.recordDraws(.licenseNumbers, drawn))
                return number
            }
        }
    }

    private static func drawCode<View: RegistryView>(
        in view: View,
        _ chance: Chance,
        _ changes: inout [Change]
    ) throws(View.Failure) -> RedemptionCode {
        var drawn = try view.draws(for: .redemptionCodes)
        while true {
            let code = RedemptionCode(
                high: chance.draw(.redemptionCodes, drawn),
                low: UInt16(truncatingIfNeeded: chance.draw(.redemptionCodes, drawn + 1))
            )
            drawn += 2
            if !code.isTrial, try view.license(code: code) == nil {
                changes.append(.recordDraws(.redemptionCodes, drawn))
                return code
            }
        }
    }

    static func changeLicense<View: RegistryView>(
        _ number: LicenseNumber,
        _ patch: LicensePatch,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
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

    static func removeLicense<View: RegistryView>(
        _ number: LicenseNumber,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard try view.license(number) != nil else { return refuse(.notFound(.license, name: "\(number)")) }
        return Ruling(outcome: .removed, changes: [.deleteLicense(number)])
    }

    /// Does what the unit's own import does: tokens free again, and the trial no longer stale.
    static func resetTrial<View: RegistryView>(
        _ number: LicenseNumber,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard var license = try view.license(number) else { return refuse(.notFound(.license, name: "\(number)")) }
        guard number.isTrial else { return refuse(.conflict("license \(number) is no trial")) }
        var changes: [Change] = []
        if license.isStale {
            license.isStale = false
            changes.append(.updateLicense(license))
        }
        let serials = try view.tokenSerials(of: number)
        changes += try freed(serials, in: view)
        return Ruling(outcome: .license(license, tokens: serials), changes: changes)
    }

    /// The changes that make tokens available; a lock stays.
    static func freed<View: RegistryView>(
        _ serials: [TokenSerial],
        in view: View
    ) throws(View.Failure) -> [Change] {
        var changes: [Change] = []
        for serial in serials {
            guard var token = try view.token(serial), token.provisioning != nil else { continue }
            token.provisioning = nil
            changes.append(.updateToken(token))
        }
        return changes
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

extension Rules {
    /// The longest grace of a transfer, in seconds: ten years.
    package static let longestGrace: Int64 = 315_576_000

    /// Gives a license to another unit: owner and cluster become that unit at once.
    ///
    /// With a grace the former owner stays covered until it ends; what was lodged before, and what the former owner
    /// lodges meanwhile, lapses then, by the clock alone. Without one the tokens are available at once.
    ///
    /// [our choice: transfer] docs/protocol.md 3.7 and 5 know no such message: only that a license can be given to
    /// another unit, unless it was sold as one that can't. That tokens have to be provisioned there again is inferred.
    /// A transfer during a grace ends that grace; what its unit lodged under it is freed, or is its own again where the
    /// license goes back to it.
    static func transferLicense<View: RegistryView>(
        _ number: LicenseNumber,
        to unit: Serial,
        graceSeconds: Int64,
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard var license = try view.license(number) else { return refuse(.notFound(.license, name: "\(number)")) }
        guard (0...longestGrace).contains(graceSeconds), RFC3339.text(context.now + graceSeconds) != nil else {
            return refuse(.invalid("a grace lasts 0 to \(longestGrace) seconds, and ends before the year 10000"))
        }
        guard !number.isTrial else {
            return refuse(.conflict("license \(number) is a trial, which stays with its unit"))
        }
        guard license.isTransferable else {
            return refuse(
                .conflict("license \(number) is not transferable: only a replacement of its unit moves it")
            )
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
        var changes: [Change] = [.updateLicense(license)]
        let serials = try view.tokenSerials(of: number)
        for serial in serials {
            guard var token = try view.token(serial), token.provisioning != nil else { continue }
            let stored = token
            token.provisioning = token.lodged(at: context.now)
                .flatMap { lodged in
                    var lodged = lodged
                    let isFormerOwners = lodged.lapses == nil
                    guard isFormerOwners ? end != nil : returns else { return nil }
                    lodged.lapses = isFormerOwners ? end : nil
                    return lodged
                }
            if token != stored { changes.append(.updateToken(token)) }
        }
        return Ruling(outcome: .license(license, tokens: serials), changes: changes)
    }
}

extension Rules {
    static func setLock<View: RegistryView>(
        _ isLocked: Bool,
        _ serial: TokenSerial,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard var token = try view.token(serial) else { return refuse(.notFound(.token, name: "\(serial)")) }
        guard token.isLocked != isLocked else { return Ruling(outcome: .token(token)) }
        token.isLocked = isLocked
        return Ruling(outcome: .token(token), changes: [.updateToken(token)])
    }

    /// Drops everything that was lodged for a token; a locked one has to be unlocked first.
    static func release<View: RegistryView>(
        _ serial: TokenSerial,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard var token = try view.token(serial) else { return refuse(.notFound(.token, name: "\(serial)")) }
        guard !token.isLocked else { return refuse(.conflict("token \(serial) is locked")) }
        guard token.provisioning != nil else { return Ruling(outcome: .token(token)) }
        token.provisioning = nil
        return Ruling(outcome: .token(token), changes: [.updateToken(token)])
    }

    /// Ends the activation code of a token that waits for a phone.
    static func expire<View: RegistryView>(
        _ serial: TokenSerial,
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard var token = try view.token(serial) else { return refuse(.notFound(.token, name: "\(serial)")) }
        let state = token.state(at: context.now)
        guard state == .pending else {
            return refuse(.conflict("token \(serial) is \(state.rawValue), so no activation code of it is pending"))
        }
        token.provisioning?.codeExpires = context.now
        return Ruling(outcome: .token(token), changes: [.updateToken(token)])
    }
}
