/// The members that a request may have, in the order in which faults are reported.
package enum RequestField: String, Hashable, Sendable, CaseIterable {
    /// The protocol's version.
    case version = "__version"
    /// The unit's software version.
    case deviceVersion = "__device_version"
    /// The unit's software build.
    case deviceBuild = "__device_build"
    /// The unit that asks.
    case serialNumber = "serial_number"
    /// The members of the unit's cluster.
    case cluster = "__clustered_sns"
    /// The code to redeem, of an activation.
    case redemptionCode = "license_activation_code"
    /// The tokens, of a provision or a poll.
    case tokens
    /// The phone.
    case mobileID = "mobile_id"
    /// What the phone read from its activation code.
    case claim = "token_activation_code"
    /// The phone's registration id.
    case registrationID = "reg_id"
    /// The phone's app version and platform.
    case osVersion = "os_ver"

    /// The member's name on the wire.
    package var name: String { rawValue }

    /// Finds the field of this name.
    init?(_ name: Span<UInt8>) {
        guard let name = ShortName(name) else { return nil }
        for known in Self.known where known.name == name {
            self = known.field
            return
        }
        return nil
    }

    private static let known = allCases.compactMap { field in
        ShortName(field.rawValue.utf8.span).map { (name: $0, field: field) }
    }

    /// Whether a request of this type has the field; what it does not have is skipped like any unknown key.
    func belongs(to type: RequestType) -> Bool {
        switch self {
        case .version, .deviceVersion, .deviceBuild: true
        case .serialNumber, .cluster: type != .mobile
        case .redemptionCode: type == .activation
        case .tokens: type == .provision || type == .polling
        case .mobileID, .claim, .registrationID, .osVersion: type == .mobile
        }
    }
}
