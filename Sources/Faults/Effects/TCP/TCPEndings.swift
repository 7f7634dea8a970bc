extension Effect {
    static let tcpRefuse = Effect(
        "tcp.refuse",
        at: [.listener],
        ends: true,
        "The listener's port is closed for real, and opened again when the rule goes; open connections stay.",
        observed: [
            .curl("curl: (7) Failed to connect"),
            .openssl("connect:errno=111"),
            .python("ConnectionRefusedError: [Errno 111] Connection refused"),
        ],
        expected: "reports the service as unreachable, and tries again later"
    ) { _ in
        // Nothing is left to do for a connection, since none comes; the listeners ask
        // ``RuleBook/refusedListeners(at:)``.
        Action { _, _ in }
    }

    static let tcpReset = Effect(
        "tcp.reset",
        at: [.accept, .hello, .request, .answer],
        ends: true,
        "The connection is reset (RST): at once, after the ClientHello, after a request, or after so many bytes of an answer.",
        parameters: [
            Parameter(
                "after",
                .choice(["accept", "hello", "request", "bytes"]),
                default: "the first at which the rule's keys are known",
                "when"
            ),
            Parameter(
                "bytes",
                .integer(0...1_048_576, unit: "bytes"),
                default: "0",
                "how many bytes of the answer, head included, go before it; with `after: bytes`"
            ),
        ],
        observed: [
            .curl("Recv failure: Connection reset by peer"),
            .openssl("write:errno=104"),
            .python("ConnectionResetError: [Errno 104] Connection reset by peer"),
        ],
        expected: "reports the service as unreachable, and tries again later"
    ) { arguments throws(RuleDefect) in
        let isOfAnswer = arguments.text("after") == "bytes"
        guard isOfAnswer || !arguments.has("bytes") else {
            throw RuleDefect("with.bytes", "it goes with after: bytes")
        }
        guard isOfAnswer else {
            let stages = try arguments.stages("after", default: [.accept, .hello, .request])
            return Action(stages: stages) { plan, _ in plan.steps.append(.end(.reset)) }
        }
        let bytes = arguments.integer("bytes") ?? 0
        return Action(stages: [.answer]) { plan, _ in
            plan.answer.cut = .total(bytes)
            plan.answer.endsWithReset = true
        }
    }

    static let tcpClose = Effect(
        "tcp.close",
        at: [.accept, .hello],
        ends: true,
        "What came is read, then the connection is closed (FIN) without a byte: the published `ssl_connect() failed: 5`.",
        parameters: [
            Parameter(
                "after",
                .choice(["accept", "hello"]),
                default: "the first at which the rule's keys are known",
                "when"
            )
        ],
        observed: .endInHandshake,
        expected: "reports the service as unreachable, and tries again later"
    ) { arguments throws(RuleDefect) in
        let stages = try arguments.stages("after", default: [.accept, .hello])
        return Action(stages: stages) { plan, _ in plan.steps.append(.end(.close)) }
    }

    static let tcpBlackhole = Effect(
        "tcp.blackhole",
        at: [.accept],
        ends: true,
        "The connection is accepted; nothing is read and nothing is answered.",
        parameters: [.hold],
        observed: .silenceInHandshake,
        expected: "gives up after a time of its own"
    ) { arguments in
        let hold = arguments.duration("hold")
        return Action { plan, _ in plan.steps.append(.end(.silence(hold, under: plan.term))) }
    }
}
