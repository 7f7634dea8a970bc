import Registry
import SoftToken

/// A registry in dictionaries, for the rules alone.
struct MemoryRegistry: RegistryView {
    var devices: [Serial: Device] = [:]
    var licenses: [LicenseNumber: License] = [:]
    var tokens: [TokenSerial: Token] = [:]
    var draws: [Chance.Purpose: UInt64] = [:]

    init() {}

    init(_ document: RegistryDocument) {
        devices = Dictionary(uniqueKeysWithValues: document.devices.map { ($0.serial, $0) })
        licenses = Dictionary(uniqueKeysWithValues: document.licenses.map { ($0.number, $0) })
        tokens = Dictionary(uniqueKeysWithValues: document.tokens.map { ($0.serial, $0) })
    }

    /// The same registry as a document.
    var document: RegistryDocument {
        RegistryDocument(
            devices: Array(devices.values),
            licenses: Array(licenses.values),
            tokens: Array(tokens.values)
        )
    }

    func device(_ serial: Serial) -> Device? { devices[serial] }

    func license(_ number: LicenseNumber) -> License? { licenses[number] }

    func license(code: RedemptionCode) -> License? { licenses.values.first { $0.code == code } }

    func trial(of owner: Serial) -> License? {
        licenses.values.filter { $0.owner == owner && $0.number.isTrial }.min { $0.number < $1.number }
    }

    func licenses(naming unit: Serial) -> [LicenseNumber] {
        licenses.values.filter { $0.owner == unit || $0.cluster.contains(unit) || $0.grace?.unit == unit }
            .map(\.number).sorted()
    }

    func tokenTotal() -> Int { licenses.values.reduce(0) { $0 + $1.size } }

    func token(_ serial: TokenSerial) -> Token? { tokens[serial] }

    func tokenSerials(of license: LicenseNumber) -> [TokenSerial] {
        tokens.values.filter { $0.license == license }.map(\.serial).sorted()
    }

    func token(claim: UInt64) -> Token? { tokens.values.first { $0.provisioning?.code.claim == claim } }

    func draws(for purpose: Chance.Purpose) -> UInt64 { draws[purpose, default: 0] }

    /// Makes the changes of a ruling.
    mutating func make(_ changes: [Change]) {
        for change in changes {
            switch change {
            case .insertDevice(let device): devices[device.serial] = device
            case .updateDevice(let device): devices[device.serial] = device
            case .deleteDevice(let serial): devices[serial] = nil
            case .insertLicense(let license), .updateLicense(let license), .reissueLicense(let license):
                licenses[license.number] = license
            case .deleteLicense(let number):
                licenses[number] = nil
                tokens = tokens.filter { $0.value.license != number }
            case .insertToken(let token): tokens[token.serial] = token
            case .updateToken(let token): tokens[token.serial] = token
            case .recordDraws(let purpose, let count): draws[purpose] = count
            }
        }
    }
}
