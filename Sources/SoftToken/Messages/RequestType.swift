/// The four requests of the service, as `__type` names them (docs/protocol.md section 3).
///
/// [our choice: no-other-types] Others surely exist; none was ever published, and none is made up here.
package enum RequestType: String, Hashable, Sendable, CaseIterable {
    /// A unit redeems a code.
    case activation = "SoftToken.ActivationLicenseRequest"
    /// A unit lodges seeds.
    case provision = "SoftToken.ProvisionRequest"
    /// A unit asks how its tokens stand.
    case polling = "SoftToken.PollingRequest"
    /// A phone redeems an activation code.
    case mobile = "SoftToken.MobileProvisionRequest"

    /// The answer's `__type`.
    package var answerName: String {
        switch self {
        case .activation: "SoftToken.ActivationLicenseResponse"
        case .provision: "SoftToken.ProvisionResponse"
        case .polling: "SoftToken.PollingResponse"
        case .mobile: "SoftToken.MobileProvisionResponse"
        }
    }

    /// The name without `SoftToken.`, as rules, filters and records have it.
    package var shortName: String {
        // Records ask it of every request: a literal takes no memory.
        switch self {
        case .activation: "ActivationLicenseRequest"
        case .provision: "ProvisionRequest"
        case .polling: "PollingRequest"
        case .mobile: "MobileProvisionRequest"
        }
    }

    /// The path under which the service takes it.
    package var endpoint: Endpoint { self == .mobile ? .mobile : .process }

    /// Finds the type whose name these bytes are; no two names have the same length.
    init?(_ name: Span<UInt8>) {
        let type: RequestType
        switch name.count {
        case 24: type = .polling
        case 26: type = .provision
        case 32: type = .mobile
        case 34: type = .activation
        default: return nil
        }
        guard name.equals(type.rawValue.utf8.span) else { return nil }
        self = type
    }
}

/// The two methods under `/SoftToken/Provisioning.asmx` (docs/protocol.md section 1).
package enum Endpoint: Hashable, Sendable, CaseIterable {
    /// `Process`, for appliances.
    case process
    /// `Mobile`, for phones.
    case mobile

    /// Where requests are posted.
    package var path: String {
        switch self {
        case .process: "/SoftToken/Provisioning.asmx/Process"
        case .mobile: "/SoftToken/Provisioning.asmx/Mobile"
        }
    }
}
