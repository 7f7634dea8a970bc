/// A request of either path, decoded.
package enum SoftTokenRequest: Sendable, Equatable {
    /// A unit redeems a code.
    case activation(ActivationLicenseRequest)
    /// A unit lodges seeds.
    case provision(ProvisionRequest)
    /// A unit asks how its tokens stand.
    case polling(PollingRequest)
    /// A phone redeems an activation code.
    case mobile(MobileProvisionRequest)

    /// Which of them it is.
    package var type: RequestType {
        switch self {
        case .activation: .activation
        case .provision: .provision
        case .polling: .polling
        case .mobile: .mobile
        }
    }

    /// Who asks; nil for a phone, which names no unit.
    package var header: RequestHeader? {
        switch self {
        case .activation(let request): request.header
        case .provision(let request): request.header
        case .polling(let request): request.header
        case .mobile: nil
        }
    }

    /// The message itself, for what rules of faults see of it and make of it.
    package var message: any RequestMessage {
        switch self {
        case .activation(let request): request
        case .provision(let request): request
        case .polling(let request): request
        case .mobile(let request): request
        }
    }
}

/// What a request of one type says and may be made to say, as far as rules of faults go.
package protocol RequestMessage: Sendable {
    /// How many entries its `tokens` have.
    var tokenCount: Int { get }
    /// The serials among them that are well-formed.
    var namedTokens: [TokenSerial] { get }
    /// The outcome of a service that refuses it, with each of its tokens or without one; the reasons are placeholders.
    func refused(listingTokens: Bool) -> SoftTokenOutcome
    /// The same message with its last tokens, so many, spoilt.
    func spoilt(last count: Int) -> SoftTokenRequest
}

/// What the rules decided on a request.
package enum SoftTokenOutcome: Sendable, Equatable {
    /// On a code.
    case activation(ActivationOutcome)
    /// On seeds.
    case provision(ProvisionOutcome)
    /// On the standing of tokens.
    case polling(PollingOutcome)
    /// On a phone's claim.
    case mobile(MobileOutcome)

    /// The outcome itself, for records.
    package var message: any OutcomeMessage {
        switch self {
        case .activation(let outcome): outcome
        case .provision(let outcome): outcome
        case .polling(let outcome): outcome
        case .mobile(let outcome): outcome
        }
    }
}

/// What an outcome of one type comes to, for records.
package protocol OutcomeMessage: Sendable {
    /// The reason at the top of the answer, where it is a refusal.
    var refusal: ServiceError? { get }
    /// Tells of each token, in the answer's order.
    func forEachToken(_ tell: (TokenResult) -> Void)
}

/// What a token came to.
package enum TokenResult {
    /// It is well, and belongs to this license, where the answer says so.
    case granted(TokenSerial, LicenseNumber?)
    /// It is refused: what the request called it, why, and the member at fault, where one is.
    case refused(String?, ServiceError, TokenField?)
}

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

    /// Whether such a request often changes nothing, so that it is decided as a read before it waits for the writer.
    package var isOftenRead: Bool { self == .activation || self == .polling }
}

extension RequestType {
    /// The paths below `d` of all that an answer to such a request may have, each element of an array as `[]`.
    ///
    /// Where a request is refused, fields are null or arrays empty: these are all that there can be at all.
    package var answerFields: Set<String> {
        var fields = ["__type", "__version", "__device_version", "__device_build"] + Self.error(at: "error")
        if self == .mobile { return Set(fields + ["mobile_id_hash", "seed", "token"]) }
        fields += ["serial_number", "__clustered_sns", "__clustered_sns[]", "__clustered_sns[].sn"]
        // A peer's error is a text alone.
        fields += ["__clustered_sns[].error", "result", "tokens", "tokens[]", "tokens[].token", "tokens[].license"]
        fields += Self.error(at: "tokens[].error")
        switch self {
        case .activation: fields.append("license")
        case .provision: fields += ["tokens[].token_activation_code", "tokens[].qr_code", "tokens[].code_expire"]
        case .polling: fields += ["tokens[].reg_id", "tokens[].os_ver", "tokens[].status"]
        case .mobile: break
        }
        return Set(fields)
    }

    private static func error(at path: String) -> [String] {
        [path, "\(path).error_code", "\(path).error_message"]
    }

    /// The name in a sentence: `a PollingRequest`, `an ActivationLicenseRequest`.
    package var named: String { "\(self == .activation ? "an" : "a") \(shortName)" }
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
