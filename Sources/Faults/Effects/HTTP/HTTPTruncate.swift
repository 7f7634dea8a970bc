import Notation

/// Closes in the middle of a body.
struct HTTPTruncate: Effect {
    static let entry = EffectEntry(
        "http.truncate",
        at: [.answer],
        ends: true,
        "The connection closes in the middle of the answer's body.",
        parameters: [
            Parameter("fraction", .number(0...1), default: "0.5", "which share of the body is sent"),
            Parameter("bytes", .integer(0...1_048_576, unit: "bytes"), default: "what fraction says", "how much of it"),
        ],
        observed: [
            .curl("curl: (18) transfer closed with"),
            .openssl("HTTP/1.1 200 OK"),
            .python("IncompleteRead: IncompleteRead("),
        ],
        expected: "refuses the answer"
    )

    private let cut: AnswerPlan.Cut

    init(_ arguments: Arguments) throws(RuleDefect) {
        if let bytes = arguments.integer("bytes") {
            guard !arguments.has("fraction") else { throw RuleDefect("with", "fraction and bytes exclude each other") }
            cut = .bytes(bytes)
        } else {
            let share = arguments.number("fraction") ?? 0.5
            guard share < 1 else { throw RuleDefect("with.fraction", "1 would be the whole body") }
            cut = .fraction(share)
        }
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        let cut = self.cut
        plan.answer.edit { draft in
            if case .bytes(let count) = cut, count >= draft.body.count {
                return "the body has only \(Wording.count(draft.body.count, "byte"))"
            }
            guard !draft.body.isEmpty else { return "there is no body" }
            draft.cut = cut
            return nil
        }
    }
}
