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

/// A set of fields, a bit each.
struct RequestFields: OptionSet {
    var rawValue: UInt16 = 0

    /// What a request of a type is refused without.
    ///
    /// [our choice: optional-fields] Published requests carry every field of their type but the version, which a phone
    /// left out; a unit outside a cluster may well list none, so that the cluster may be absent too.
    static func required(by type: RequestType) -> RequestFields {
        switch type {
        case .activation: [.one(.serialNumber), .one(.redemptionCode)]
        case .provision, .polling: [.one(.serialNumber), .one(.tokens)]
        case .mobile: [.one(.mobileID), .one(.claim)]
        }
    }

    /// Notes a field, and returns whether it is new.
    @discardableResult
    @inline(__always)
    mutating func note(_ field: RequestField) -> Bool {
        let bit = Self.one(field).rawValue
        defer { rawValue |= bit }
        return rawValue & bit == 0
    }

    static func one(_ field: RequestField) -> RequestFields {
        switch field {
        case .version: RequestFields(rawValue: 1)
        case .deviceVersion: RequestFields(rawValue: 1 << 1)
        case .deviceBuild: RequestFields(rawValue: 1 << 2)
        case .serialNumber: RequestFields(rawValue: 1 << 3)
        case .cluster: RequestFields(rawValue: 1 << 4)
        case .redemptionCode: RequestFields(rawValue: 1 << 5)
        case .tokens: RequestFields(rawValue: 1 << 6)
        case .mobileID: RequestFields(rawValue: 1 << 7)
        case .claim: RequestFields(rawValue: 1 << 8)
        case .registrationID: RequestFields(rawValue: 1 << 9)
        case .osVersion: RequestFields(rawValue: 1 << 10)
        }
    }
}

/// The members of one entry of a request's `tokens`, in the published order, which is that in which faults are
/// reported.
package enum TokenField: String, Error, CaseIterable {
    /// The token's serial.
    case token
    /// The secret that an appliance lodges.
    case seed
    /// For how many minutes the activation code holds.
    case codeExpire = "code_expire"
    /// How passwords follow one another.
    case type
    /// How many seconds a password lasts.
    case period
    /// How many digits a password has.
    case digits

    /// The member's name on the wire.
    package var name: String { rawValue }
}

extension CaseIterable where Self: RawRepresentable<String> {
    /// Finds the one of this name.
    init?(_ name: Span<UInt8>) {
        for one in Self.allCases where name.equals(one.rawValue) {
            self = one
            return
        }
        return nil
    }
}
