package import SoftToken

/// One change to a registry, as the rules ask for it and a store makes it.
///
/// The changes of one ruling are made together or not at all, in their order.
package enum Change: Sendable, Equatable {
    /// A device that is not there yet.
    case insertDevice(Device)
    /// A device that is there, with its new facts.
    case updateDevice(Device)
    /// A device that is there and that no license names.
    case deleteDevice(Serial)
    /// A license that is not there yet; its units are.
    case insertLicense(License)
    /// A license that is there, with its new binding and marks. Number, code and size stay.
    case updateLicense(License)
    /// A license that is there, with another code or size too.
    case reissueLicense(License)
    /// A license that is there, with its tokens.
    case deleteLicense(LicenseNumber)
    /// A token that is not there yet; its license is.
    case insertToken(Token)
    /// A token that is there, with its new facts. Serial and license stay.
    case updateToken(Token)
    /// How often this purpose was drawn by now.
    case recordDraws(Chance.Purpose, UInt64)
}
