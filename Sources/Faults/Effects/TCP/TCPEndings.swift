/// Closes the listener's port for real, and opens it again when the rule goes.
struct TCPRefuse: Effect {
    static let entry = EffectEntry(
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
    )

    init(_ arguments: Arguments) {}

    /// Nothing is left to do for a connection, since none comes; the listeners ask ``RuleBook/refusedListeners(at:)``.
    func act(on plan: inout Plan, _ draw: inout Draw) {}
}

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
                .choice(["accept", "hello", "request", ofAnswer]),
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

    /// The word for a reset within an answer.
    private static let ofAnswer = "bytes"

    /// How many bytes of the answer go before it; nil where it does not wait for one.
    private let bytes: Int?
    let askedAt: [Stage]

    init(_ arguments: Arguments) throws(RuleDefect) {
        let isOfAnswer = arguments.text("after") == Self.ofAnswer
        guard isOfAnswer || !arguments.has("bytes") else {
            throw RuleDefect("with.bytes", "it goes with after: bytes")
        }
        bytes = isOfAnswer ? arguments.integer("bytes") ?? 0 : nil
        askedAt =
            isOfAnswer ? [.answer] : try arguments.stages("after", default: [.accept, .hello, .request])
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        guard let bytes else { return plan.steps.append(.end(.reset)) }
        plan.answer.cut = .total(bytes)
        plan.answer.endsWithReset = true
    }
}

/// Reads what came, and closes without a byte.
struct TCPClose: Effect {
    static let entry = EffectEntry(
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
    )

    let askedAt: [Stage]

    init(_ arguments: Arguments) throws(RuleDefect) {
        askedAt = try arguments.stages("after", default: Self.entry.stages)
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.steps.append(.end(.close))
    }
}

/// Accepts, reads nothing and answers nothing.
struct TCPBlackhole: Effect {
    static let entry = EffectEntry(
        "tcp.blackhole",
        at: [.accept],
        ends: true,
        "The connection is accepted; nothing is read and nothing is answered.",
        parameters: [.hold],
        observed: .silenceInHandshake,
        expected: "gives up after a time of its own"
    )

    private let hold: Duration?

    init(_ arguments: Arguments) {
        hold = arguments.duration("hold")
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.steps.append(.end(.silence(hold, under: plan.term)))
    }
}
