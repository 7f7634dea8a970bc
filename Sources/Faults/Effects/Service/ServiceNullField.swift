import SoftToken

/// Sets a field to null.
struct ServiceNullField: Effect {
    static let entry = EffectEntry(
        "service.nullField",
        at: [.answer],
        "A field of the answer is null.",
        parameters: [Parameter("field", .text(atMost: 256), FieldPath.summary)],
        observed: [
            .curl("\"license\":null"),
            .openssl("\"license\":null"),
            .python("'license': None"),
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
        plan.answer.edit { path.change($0.body) { _ in Array("null".utf8) }.apply(to: &$0) }
    }
}
