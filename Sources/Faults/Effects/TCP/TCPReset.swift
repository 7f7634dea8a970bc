/// Resets the connection.
struct TCPReset: Effect {
    static let entry = EffectEntry(
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
    )

    private let after: String?
    private let bytes: Int

    init(_ arguments: Arguments) throws(RuleDefect) {
        let bytes = arguments.integer("bytes")
        after = arguments.text("after")
        guard bytes == nil || after == "bytes" else {
            throw RuleDefect("with.bytes", "it goes with after: bytes")
        }
        self.bytes = bytes ?? 0
    }

    var askedAt: [Stage] {
        switch after {
        case "bytes": [.answer]
        case let stage?: [Stage(rawValue: stage) ?? .accept]
        case nil: [.accept, .hello, .request]
        }
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        guard after == "bytes" else { return plan.steps.append(.end(.reset)) }
        plan.answer.cut = .total(bytes)
        plan.answer.endsWithReset = true
    }
}
