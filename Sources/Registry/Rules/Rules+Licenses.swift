import SoftToken

/// What the operator's operations do with licenses.
extension Rules {
    /// Issues a license; what the draft leaves open is drawn, and is like nothing that is there.
    static func issue<View: RegistryView>(
        _ draft: LicenseDraft,
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard draft.tokens.count <= draft.size else {
            return refused(.invalid("\(draft.tokens.count) tokens are more than the size, \(draft.size)"))
        }
        guard Set(draft.tokens).count == draft.tokens.count else { return refused(.invalid("a token stands twice")) }
        for serial in draft.tokens {
            guard try view.token(serial) == nil else { return refused(.conflict("a token \(serial) is there already")) }
        }
        var changes: [Change] = []
        let number: LicenseNumber
        if let given = draft.number {
            guard try view.license(given) == nil else {
                return refused(.conflict("a license \(given) is there already"))
            }
            number = given
        } else {
            let (drawn, count) = try drawNumber(in: view, context)
            number = drawn
            changes.append(.recordDraws(.licenseNumbers, count))
        }
        let code: RedemptionCode
        if let given = draft.code {
            guard try view.license(code: given) == nil else {
                return refused(.conflict("another license has this code"))
            }
            code = given
        } else {
            let (drawn, count) = try drawCode(in: view, context)
            code = drawn
            changes.append(.recordDraws(.redemptionCodes, count))
        }
        let license = License(number: number, code: code, size: draft.size, validUntil: draft.validUntil)
        let serials =
            draft.tokens + (try drawSerials(draft.size - draft.tokens.count, of: license, draft, view, context))
        changes.append(.insertLicense(license))
        changes += serials.map { .insertToken(Token(serial: $0, license: number)) }
        return Ruling(outcome: .license(license, tokens: serials.sorted()), changes: changes)
    }

    private static func drawNumber<View: RegistryView>(
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> (LicenseNumber, UInt64) {
        var count = try view.draws(for: .licenseNumbers)
        while true {
            let number = LicenseNumber(bought: context.chance.draw(.licenseNumbers, count))
            count += 1
            if try view.license(number) == nil { return (number, count) }
        }
    }

    private static func drawCode<View: RegistryView>(
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> (RedemptionCode, UInt64) {
        var count = try view.draws(for: .redemptionCodes)
        while true {
            let high = context.chance.draw(.redemptionCodes, count)
            let low = UInt16(truncatingIfNeeded: context.chance.draw(.redemptionCodes, count + 1))
            let code = RedemptionCode(high: high, low: low)
            count += 2
            if !code.isTrial, try view.license(code: code) == nil { return (code, count) }
        }
    }

    private static func drawSerials<View: RegistryView>(
        _ count: Int,
        of license: License,
        _ draft: LicenseDraft,
        _ view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> [TokenSerial] {
        var taken = Set(draft.tokens)
        var serials: [TokenSerial] = []
        serials.reserveCapacity(count)
        var drawn: UInt64 = 0
        while serials.count < count {
            let serial = TokenSerial(number: context.chance.draw(.tokenSerials(license.number), drawn))
            drawn += 1
            if taken.insert(serial).inserted, try view.token(serial) == nil { serials.append(serial) }
        }
        return serials
    }

    static func change<View: RegistryView>(
        _ number: LicenseNumber,
        _ patch: LicensePatch,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard let stored = try view.license(number) else { return refused(.noLicense(number)) }
        var license = stored
        if let day = patch.validUntil {
            guard !number.isTrial else { return refused(.conflict("a trial has no last day")) }
            license.validUntil = day
        }
        if let revoked = patch.revoked { license.isRevoked = revoked }
        return Ruling(
            outcome: .license(license, tokens: []),
            changes: license == stored ? [] : [.updateLicense(license)]
        )
    }

    static func remove<View: RegistryView>(
        _ number: LicenseNumber,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard try view.license(number) != nil else { return refused(.noLicense(number)) }
        return Ruling(outcome: .removed, changes: [.deleteLicense(number)])
    }

    /// Gives a license to another unit: owner and cluster become that unit at once.
    ///
    /// Without a grace its tokens are available at once. With one, the former owner stays covered until it ends, and so
    /// does what was lodged before; what the new owner lodges does not lapse.
    ///
    /// [our choice: transfer] PROTOCOL.md section 5: that a whole license moves is public, how a grace works is not. A
    /// trial belongs to its unit, and a license that nobody activated needs no transfer.
    static func transfer<View: RegistryView>(
        _ number: LicenseNumber,
        to unit: Serial,
        grace seconds: Int64,
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard var license = try view.license(number) else { return refused(.noLicense(number)) }
        guard !number.isTrial else { return refused(.conflict("a trial stays with its unit")) }
        guard let owner = license.owner else {
            return refused(.conflict("nobody activated the license \(number) yet: its code works on any unit"))
        }
        if let refusal = try refusal(of: unit, in: view, insteadOf: owner) { return refused(refusal) }
        let (until, overflow) = context.now.addingReportingOverflow(seconds)
        guard !overflow, CalendarDay(containing: until) != nil else {
            return refused(.invalid("the grace would end after the year 9999"))
        }
        license.owner = unit
        license.cluster = [unit]
        license.grace = seconds > 0 ? License.Grace(unit: owner, until: until) : nil
        var changes: [Change] = [.updateLicense(license)]
        for serial in try view.tokenSerials(of: number) {
            guard var token = try view.token(serial), token.provisioning != nil else { continue }
            var lodged = seconds > 0 ? token.lodged(at: context.now) : nil
            let end = min(until, lodged?.lapses ?? until)
            lodged?.lapses = end
            token.provisioning = lodged
            changes.append(.updateToken(token))
        }
        return Ruling(outcome: .license(license, tokens: []), changes: changes)
    }

    /// Makes a trial's tokens available and the trial fresh, as importing it again does.
    static func resetTrial<View: RegistryView>(
        _ number: LicenseNumber,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard let stored = try view.license(number) else { return refused(.noLicense(number)) }
        guard number.isTrial else { return refused(.conflict("\(number) is no trial")) }
        var license = stored
        license.isStale = false
        var changes: [Change] = license == stored ? [] : [.updateLicense(license)]
        changes += try releases(of: number, in: view)
        return Ruling(outcome: .license(license, tokens: []), changes: changes)
    }

    /// The changes that make every token of a license available again.
    static func releases<View: RegistryView>(
        of number: LicenseNumber,
        in view: View
    ) throws(View.Failure) -> [Change] {
        var changes: [Change] = []
        for serial in try view.tokenSerials(of: number) {
            guard var token = try view.token(serial), token.provisioning != nil else { continue }
            token.provisioning = nil
            changes.append(.updateToken(token))
        }
        return changes
    }
}
