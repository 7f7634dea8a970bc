import SoftToken

/// Repeats the answer of before.
struct ServiceStale: Effect {
    static let entry = EffectEntry(
        "service.stale",
        at: [.answer],
        "The request is carried out, and answered with what this unit was answered the last time it asked for this kind of thing; the first time since the rule came there is nothing to repeat.",
        observed: [
            .curl("HTTP/1.1 200 OK"),
            .openssl("HTTP/1.1 200 OK"),
            .python("200 OK"),
        ],
        expected: "notices"
    )

    init(_ arguments: Arguments) {}

    var needsPreviousAnswer: Bool { true }

    func contradiction(with match: RuleMatch) -> RuleDefect? {
        contradiction(naming: "unit", with: match) { $0 != .mobile }
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.answer.edit { draft in
            guard let previous = draft.previous else { return "nothing was answered to this unit before" }
            draft.body = previous
            return nil
        }
    }
}
