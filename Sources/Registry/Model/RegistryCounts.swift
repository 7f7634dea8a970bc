/// How much a registry holds.
package struct RegistryCounts: Sendable, Equatable {
    /// Devices.
    package var devices: Int
    /// Licenses, trials among them.
    package var licenses: Int
    /// Tokens.
    package var tokens: Int

    /// Joins the counts.
    package init(devices: Int = 0, licenses: Int = 0, tokens: Int = 0) {
        self.devices = devices
        self.licenses = licenses
        self.tokens = tokens
    }

    /// Adds what another one counts.
    package mutating func add(_ other: RegistryCounts) {
        devices += other.devices
        licenses += other.licenses
        tokens += other.tokens
    }

    /// What these changes make of an empty registry.
    package init(inserting changes: [Change]) {
        self.init()
        for change in changes {
            switch change {
            case .insertDevice: devices += 1
            case .insertLicense: licenses += 1
            case .insertToken: tokens += 1
            default: break
            }
        }
    }
}
