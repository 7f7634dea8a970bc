import Notation
import SoftToken

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
