package import Registry
import SoftToken

extension MemoryRegistry {
    /// What a document holds.
    package init(_ document: RegistryDocument) {
        self.init()
        devices = Dictionary(uniqueKeysWithValues: document.devices.map { ($0.serial, $0) })
        licenses = Dictionary(uniqueKeysWithValues: document.licenses.map { ($0.number, $0) })
        tokens = Dictionary(uniqueKeysWithValues: document.tokens.map { ($0.serial, $0) })
    }

    /// The same registry as a document.
    package var document: RegistryDocument {
        RegistryDocument(
            devices: Array(devices.values),
            licenses: Array(licenses.values),
            tokens: Array(tokens.values)
        )
    }

    /// Makes the changes of a ruling.
    package mutating func make(_ changes: [Change]) {
        for change in changes {
            switch change {
            case .insertDevice(let device), .updateDevice(let device): devices[device.serial] = device
            case .deleteDevice(let serial): devices[serial] = nil
            case .insertLicense(let license), .updateLicense(let license), .reissueLicense(let license):
                licenses[license.number] = license
            case .deleteLicense(let number):
                licenses[number] = nil
                tokens = tokens.filter { $0.value.license != number }
            case .insertToken(let token), .updateToken(let token): tokens[token.serial] = token
            case .recordDraws(let purpose, let count): draws[purpose] = count
            }
        }
    }
}
