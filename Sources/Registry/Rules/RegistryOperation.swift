package import SoftToken

/// Something that the operator does to a registry, as the vendor's portal or support would.
package enum RegistryOperation: Sendable, Equatable {
    /// A device that is not there yet.
    case addDevice(Device)
    /// A device's registration or model.
    case changeDevice(Serial, DevicePatch)
    /// A device that no license names is forgotten.
    case removeDevice(Serial)
    /// A device was returned, and another takes its place with all of its licenses (RMA).
    case replaceDevice(Serial, with: Serial)
    /// A license that is not there yet.
    case issueLicense(LicenseDraft)
    /// A license's last day, or whether it is revoked.
    case changeLicense(LicenseNumber, LicensePatch)
    /// A license is forgotten with its tokens.
    case removeLicense(LicenseNumber)
    /// A license goes to another unit; the former owner stays covered for so many seconds.
    case transferLicense(LicenseNumber, to: Serial, graceSeconds: Int64)
    /// A trial's tokens are made available, as importing it again does.
    case resetTrial(LicenseNumber)
    /// A token's provisions are refused from now on.
    case lock(TokenSerial)
    /// They are taken again.
    case unlock(TokenSerial)
    /// What was lodged for a token is dropped, so that it is available again.
    case release(TokenSerial)
    /// A token's activation code ends now.
    case expire(TokenSerial)
}

/// What changes of a device; nil leaves as it is.
package struct DevicePatch: Sendable, Equatable {
    /// Whether it is registered.
    package var registered: Bool?
    /// What kind of unit it is; an inner nil takes the word away.
    package var model: String??

    /// Joins both.
    package init(registered: Bool? = nil, model: String?? = nil) {
        self.registered = registered
        self.model = model
    }
}

/// What changes of a license; nil leaves as it is.
package struct LicensePatch: Sendable, Equatable {
    /// The last day on which an unused code can be redeemed; an inner nil takes the bound away.
    package var validUntil: CalendarDay??
    /// Whether it is revoked.
    package var revoked: Bool?

    /// Joins both.
    package init(validUntil: CalendarDay?? = nil, revoked: Bool? = nil) {
        self.validUntil = validUntil
        self.revoked = revoked
    }
}

/// A license that is to be issued; what is nil is drawn from the lab's chance.
package struct LicenseDraft: Sendable, Equatable {
    /// How many tokens it has, within ``License/sizes``.
    package var size: Int
    /// Its number, which is no trial's.
    package var number: LicenseNumber?
    /// The code that activates it, which is not the zeros.
    package var code: RedemptionCode?
    /// The last day on which an unused code can be redeemed.
    package var validUntil: CalendarDay?
    /// Serials of its first tokens; the others are drawn.
    package var tokens: [TokenSerial]

    /// Joins the fields.
    package init(
        size: Int,
        number: LicenseNumber? = nil,
        code: RedemptionCode? = nil,
        validUntil: CalendarDay? = nil,
        tokens: [TokenSerial] = []
    ) {
        self.size = size
        self.number = number
        self.code = code
        self.validUntil = validUntil
        self.tokens = tokens
    }
}
