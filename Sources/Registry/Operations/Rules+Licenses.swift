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
