import Notation

/// Lies in Content-Length.
struct HTTPLength: Effect {
    static let entry = EffectEntry(
        "http.length",
        at: [.answer],
        ends: true,
        "Content-Length lies by so many bytes; the connection closes behind the body.",
        parameters: [
            Parameter("delta", .integer(-1_048_576...1_048_576, unit: "bytes"), "how many too many, or too few")
        ],
        observed: [
            .curl("curl: (18) transfer closed with 10 bytes remaining to read"),
            .openssl("Content-Length: 408"),
            .python("IncompleteRead(398 bytes read, 10 more expected)"),
        ],
        expected: "refuses the answer"
    )

    private let delta: Int

    init(_ arguments: Arguments) throws(RuleDefect) {
        delta = arguments.integer("delta") ?? 0
        guard delta != 0 else { throw RuleDefect("with.delta", "0 would be the truth") }
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        let delta = self.delta
        plan.answer.edit { draft in
            guard draft.body.count + delta >= 0 else {
                return "the body has only \(Wording.count(draft.body.count, "byte"))"
            }
            draft.lengthError = delta
            draft.cut = .fraction(1)
            return nil
        }
    }
}
