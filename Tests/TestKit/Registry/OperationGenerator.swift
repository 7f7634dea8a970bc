package import Registry
import SoftToken

/// Makes operations on what a sample's registry holds, a few of them on what it does not.
package enum OperationGenerator {
    /// The next operation.
    package static func operation(on sample: Sample, _ random: inout SeededRandom) throws -> RegistryOperation {
        let units = [sample.a, sample.b, sample.c, sample.u, sample.unknown]
        func unit() -> Serial { units.randomElement(using: &random) ?? sample.a }
        let license = sample.registry.licenses.keys.sorted().randomElement(using: &random) ?? sample.new.number
        let token = sample.registry.tokens.keys.sorted().randomElement(using: &random) ?? TokenSerial(number: 0)
        switch Int.random(in: 0..<18, using: &random) {
        case 0: return .addDevice(Device(serial: unit(), isRegistered: true))
        case 1:
            let patch = DevicePatch(isRegistered: Bool.random(using: &random), model: .set("FortiGate-60F"))
            return .changeDevice(unit(), patch)
        case 2: return .removeDevice(unit())
        case 3: return .replaceDevice(unit(), with: unit())
        case 4: return .issueLicense(LicenseDraft(size: Int.random(in: 0...3, using: &random)))
        case 5: return .issueLicense(LicenseDraft(size: 1, number: license, tokens: [token]))
        case 6:
            let patch = LicensePatch(
                isRevoked: Bool.random(using: &random),
                isTransferable: Bool.random(using: &random) ? nil : Bool.random(using: &random)
            )
            return .changeLicense(license, patch)
        case 7: return .removeLicense(license)
        case 8...11:
            let grace = Bool.random(using: &random) ? 0 : Int64.random(in: 1...3_000, using: &random)
            return .transferLicense(license, to: unit(), graceSeconds: grace)
        case 12: return .resetTrial(license)
        case 13: return .lock(token)
        case 14: return .unlock(token)
        case 15: return .release(token)
        default: return .expire(token)
        }
    }
}
