/// Sends no body.
struct HTTPEmpty: Effect {
    static let entry = EffectEntry(
        "http.empty",
        at: [.answer],
        "The answer has status 200 and no body; the request was carried out.",
        observed: [
            .curl("Content-Length: 0"),
            .openssl("Content-Length: 0"),
            .python("JSONDecodeError: Expecting value: line 1 column 1 (char 0)"),
        ],
        expected: "refuses the answer"
    )

    init(_ arguments: Arguments) {}

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.answer.edit { draft in
            draft.status = 200
            draft.body = []
            return nil
        }
    }
}
