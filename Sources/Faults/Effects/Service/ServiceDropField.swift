import SoftToken

/// Leaves a field out.
struct ServiceDropField: Effect {
    static let entry = EffectEntry(
        "service.dropField",
        at: [.answer],
        "A field is left out of the answer.",
        parameters: [Parameter("field", .text(atMost: 256), FieldPath.summary)],
        observed: [
            .curl("\"result\":1}}"),
            .openssl("\"result\":1}}"),
            .python("KeyError: 'error'"),
        ],
        expected: "refuses the answer, or does without, and does not crash"
    )

    private let path: FieldPath

    init(_ arguments: Arguments) throws(RuleDefect) {
        path = try FieldPath(arguments)
    }

    func contradiction(with match: RuleMatch) -> RuleDefect? { path.contradiction(with: match) }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        let path = self.path
        plan.answer.edit { path.change($0.body) { _ in nil }.apply(to: &$0) }
    }
}
