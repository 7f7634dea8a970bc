import SoftToken

/// Lets the service refuse with any error.
struct ServiceErrorEffect: Effect {
    static let entry = EffectEntry(
        "service.error",
        at: [.request],
        "The service refuses with this error; nothing is changed in the registry.",
        parameters: [
            Parameter("code", .integer(0...999_999, unit: "(a code)"), "error_code: published, or one not seen yet"),
            Parameter("message", .text(atMost: 1_024), default: "what is published for the code", "error_message"),
            Parameter(
                "at",
                .choice(["top", "token", "peer"]),
                default: "top",
                "where it stands: at the top, at each token (under code 17), or as text at each peer (under 17 and 31)"
            ),
        ],
        observed: [
            .curl("\"error\":{\"error_code\":17,\"error_message\":\"no valid token found\"}"),
            .openssl("\"error\":{\"error_code\":17,\"error_message\":\"no valid token found\"}"),
            .python("{'error_code': 17, 'error_message': 'no valid token found'}"),
        ],
        expected: "shows the message"
    )

    private let error: [UInt8]
    private let message: [UInt8]
    private let code: Int
    private let place: RefusalPlace

    init(_ arguments: Arguments) {
        code = arguments.integer("code") ?? 0
        let text = arguments.text("message") ?? ErrorTable().text(ofCode: code) ?? "error \(code)"
        error = ErrorObject.text(code, text)
        message = ErrorObject.quoted(text)
        place = arguments.text("at").flatMap { RefusalPlace(rawValue: $0) } ?? .top
    }

    func contradiction(with match: RuleMatch) -> RuleDefect? {
        switch place {
        case .top: nil
        case .token: contradiction(naming: "token", with: match) { $0.namesTokens }
        case .peer: contradiction(naming: "peer", with: match) { $0 != .mobile }
        }
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.steps.append(.refuse(place))
        let (error, message, code, place) = (self.error, self.message, self.code, self.place)
        plan.answer.edit { draft in
            switch place {
            case .token:
                guard ErrorObject.put(error, at: "d.tokens[*].error", into: &draft) else { return "it names no token" }
            case .peer:
                guard ErrorObject.putAtPeers(message, into: &draft) else { return "it names no peer" }
            case .top:
                guard ErrorObject.put(error, at: "d.error", into: &draft) else {
                    return "the answer has no place for it"
                }
                draft.code = code
            }
            return nil
        }
    }
}
