/// Lets a request wait.
struct HTTPDelay: Effect {
    static let entry = EffectEntry(
        "http.delay",
        at: [.request],
        "The request waits before the service is asked.",
        parameters: Latency.parameters,
        observed: .success,
        expected: "works, slower"
    )

    private let latency: Latency

    init(_ arguments: Arguments) {
        latency = Latency(arguments)
    }

    func contradiction(with match: RuleMatch) -> RuleDefect? { latency.contradiction }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.steps.append(.wait(Hold(draw.around(latency.usual, latency.jitter), under: plan.term)))
    }
}

/// Never answers.
struct HTTPHang: Effect {
    static let entry = EffectEntry(
        "http.hang",
        at: [.request],
        ends: true,
        "The request is read and never answered; the service is not asked.",
        parameters: [.hold],
        observed: [
            .curl("curl: (28) Operation timed out after"), .python("TimeoutError: The read operation timed out"),
        ],
        expected: "gives up after a time of its own, and repeats only what does no harm twice"
    )

    private let hold: Duration?

    init(_ arguments: Arguments) {
        hold = arguments.duration("hold")
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.steps.append(.end(.silence(hold, under: plan.term)))
    }
}

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
        observed: .success,
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
