extension Effect {
    static let httpDelay = Effect(
        "http.delay",
        at: [.request],
        "The request waits before the service is asked.",
        parameters: Latency.parameters,
        observed: .success,
        expected: "works, slower"
    ) { arguments in
        let latency = Latency(arguments)
        return Action(contradiction: { _ in latency.contradiction }) { plan, draw in
            plan.steps.append(.wait(Hold(draw.around(latency.usual, latency.jitter), under: plan.term)))
        }
    }

    static let httpHang = Effect(
        "http.hang",
        at: [.request],
        ends: true,
        "The request is read and never answered; the service is not asked.",
        parameters: [.hold],
        observed: [
            .curl("curl: (28) Operation timed out after"), .python("TimeoutError: The read operation timed out"),
        ],
        expected: "gives up after a time of its own, and repeats only what does no harm twice"
    ) { arguments in
        let hold = arguments.duration("hold")
        return Action { plan, _ in plan.steps.append(.end(.silence(hold, under: plan.term))) }
    }

    static let httpDrip = Effect(
        "http.drip",
        at: [.answer],
        "The answer's body trickles, a few bytes at a time.",
        parameters: [
            Parameter("rate", .integer(1...1_000_000, unit: "bytes a second"), "how many"),
            Parameter("chunk", .integer(1...65_536, unit: "bytes"), default: "1", "how many at once"),
        ],
        observed: .success,
        expected: "works, or gives up after a time of its own"
    ) { arguments in
        let rate = arguments.integer("rate") ?? 1
        let chunk = arguments.integer("chunk") ?? 1
        return Action { plan, _ in plan.answer.drip = (chunk, rate, plan.term) }
    }
}
