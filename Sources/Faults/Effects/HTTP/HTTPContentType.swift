/// Names another type of content.
struct HTTPContentType: Effect {
    static let entry = EffectEntry(
        "http.contentType",
        at: [.answer],
        "Content-Type says something else of the same body.",
        parameters: [Parameter("value", .text(atMost: 256), default: "text/html", "what it says")],
        observed: [
            .curl("Content-Type: text/html"),
            .openssl("Content-Type: text/html"),
            .python("Content-Type: text/html"),
        ],
        expected: "refuses the answer, or takes it and says so"
    )

    private let value: String

    init(_ arguments: Arguments) throws(RuleDefect) {
        value = arguments.text("value") ?? "text/html"
        if let reason = FieldCheck.reason("Content-Type", value) { throw RuleDefect("with.value", reason) }
    }

    func contradiction(with match: RuleMatch) -> RuleDefect? {
        guard value.lowercased() == "application/json; charset=utf-8" else { return nil }
        return RuleDefect("with.value", "it is what the service says itself")
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        let value = self.value
        plan.answer.edit { draft in
            draft.contentType = value
            return nil
        }
    }
}
