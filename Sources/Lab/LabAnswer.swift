import Journal
package import Registry
package import SoftToken

/// What a lab answers to one question: the rules' ruling beside the request that it answers.
package enum LabAnswer: Sendable {
    /// To a unit that redeemed a code.
    case activation(ActivationLicenseRequest, Ruling<ActivationOutcome>)
    /// To a unit that lodged seeds.
    case provision(ProvisionRequest, Ruling<ProvisionOutcome>)
    /// To a unit that asked how its tokens stand.
    case polling(PollingRequest, Ruling<PollingOutcome>)
    /// To a phone.
    case mobile(MobileProvisionRequest, MobileAnswer)
    /// The body was no JSON, or held no object `d`.
    case unreadable(JSONError)
    /// `__type` named nothing that the path takes.
    case unknownType
    /// A field was missing or wrong.
    case fieldInvalid(RequestType, PartialHeader, RequestField)
    /// The registry could not be read or written.
    case unavailable(StoreError)

    /// How the answer goes out.
    package enum Kind: Sendable {
        /// As an answer of the service, refusals included.
        case answered
        /// As the failure of a body that could not be read.
        case unreadable
        /// As a failure of this server, for this reason.
        case unavailable(String)
    }

    /// The request's type, for records.
    var type: RequestType? {
        switch self {
        case .activation: .activation
        case .provision: .provision
        case .polling: .polling
        case .mobile: .mobile
        case .fieldInvalid(let type, _, _): type
        case .unreadable, .unknownType, .unavailable: nil
        }
    }

    /// The requesting unit, for records.
    var serial: Serial? {
        switch self {
        case .activation(let request, _): request.header.serial
        case .provision(let request, _): request.header.serial
        case .polling(let request, _): request.header.serial
        case .fieldInvalid(_, let header, _): header.serial
        case .mobile, .unreadable, .unknownType, .unavailable: nil
        }
    }

    /// The reason at the top of the answer, where it is a refusal.
    var refusal: ServiceError? {
        switch self {
        case .activation(_, let ruling): if case .refused(let reason) = ruling.outcome { reason } else { nil }
        case .provision(_, let ruling): ruling.outcome.refusal
        case .polling(_, let ruling): ruling.outcome.refusal
        case .mobile(_, .refused(let reason)): reason
        case .unknownType: .unknownType
        case .fieldInvalid: .fieldInvalid
        case .mobile, .unreadable, .unavailable: nil
        }
    }
}
