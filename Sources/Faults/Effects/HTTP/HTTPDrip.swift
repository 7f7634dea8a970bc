/// Lets the body trickle.
struct HTTPDrip: Effect {
    static let entry = EffectEntry(
        "http.drip",
        at: [.answer],
        "The answer's body trickles, a few bytes at a time.",
        parameters: [
            Parameter("rate", .integer(1...1_000_000, unit: "bytes a second"), "how many"),
            Parameter("chunk", .integer(1...65_536, unit: "bytes"), default: "1", "how many at once"),
        ],
        observed: [
            .curl("HTTP/1.1 200 OK"),
            .openssl("HTTP/1.1 200 OK"),
            .python("200 OK"),
        ],
        expected: "works, or gives up after a time of its own"
    )

    private let rate: Int
    private let chunk: Int

    init(_ arguments: Arguments) {
        rate = arguments.integer("rate") ?? 1
        chunk = arguments.integer("chunk") ?? 1
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.answer.drip = (chunk, rate, plan.term)
    }
}
