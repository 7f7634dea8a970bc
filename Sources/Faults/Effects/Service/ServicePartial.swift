import SoftToken

/// Lets a part of a request's tokens fail.
struct ServicePartial: Effect {
    static let entry = EffectEntry(
        "service.partial",
        at: [.request],
        "A part of the request's tokens is refused, the last ones; the rest works. A single token cannot be parted.",
        parameters: [
            Parameter("fraction", .number(0.001...0.999), default: "0.5", "which share of them"),
            Parameter("code", .integer(0...999_999, unit: "(a code)"), default: "31", "the error_code of each"),
            Parameter(
                "message",
                .text(atMost: 1_024),
                default: "what is published for the code",
                "the error_message of each"
            ),
        ],
        observed: [
            .curl("\"error\":{\"error_code\":31,\"error_message\":\"token does not belong to product\"}"),
            .openssl("\"error\":{\"error_code\":31,\"error_message\":\"token does not belong to product\"}"),
            .python("{'error_code': 31, 'error_message': 'token does not belong to product'}"),
        ],
        expected: "keeps the good ones"
    )

    private let fraction: Double
    private let error: [UInt8]

    init(_ arguments: Arguments) {
        fraction = arguments.number("fraction") ?? 0.5
        let code = arguments.integer("code") ?? 31
        error = ErrorObject.text(code, arguments.text("message") ?? ErrorTable().text(ofCode: code) ?? "error \(code)")
    }

    func contradiction(with match: RuleMatch) -> RuleDefect? {
        contradiction(naming: "token", with: match) { $0.namesTokens }
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.steps.append(.partial(fraction))
        let (fraction, error) = (self.fraction, self.error)
        plan.answer.edit { draft in
            let count = ErrorObject.count(of: "d.tokens[*]", in: draft.body)
            guard count > 1 else { return "there are not two tokens" }
            let failing = (count - Step.failing(fraction, of: count))..<count
            guard ErrorObject.put(error, at: "d.tokens[*].error", into: &draft, only: failing) == count else {
                return "a token has no place for an error"
            }
            return nil
        }
    }
}
