/// Lets each direction wait.
struct TCPDelay: Effect {
    static let entry = EffectEntry(
        "tcp.delay",
        at: [.accept, .hello, .request, .answer],
        "Each direction waits: what came before it is read, what goes before it is sent.",
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
        plan.shape { shaping, term in
            shaping.latency = latency.usual
            shaping.jitter = latency.jitter
            shaping.draw = draw
            shaping.terms.latency = term
        }
    }
}

/// Bounds the bytes a second.
struct TCPThrottle: Effect {
    static let entry = EffectEntry(
        "tcp.throttle",
        at: [.accept, .hello, .request, .answer],
        "Bytes are read and sent at no more than this rate.",
        parameters: [Parameter("rate", .integer(1...1_000_000_000, unit: "bytes a second"), "the rate")],
        observed: .success,
        expected: "works, slower"
    )

    private let rate: Int

    init(_ arguments: Arguments) {
        rate = arguments.integer("rate") ?? 1
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.shape { shaping, term in
            shaping.rate = rate
            shaping.terms.rate = term
        }
    }
}

/// Writes in small pieces.
struct TCPSlice: Effect {
    static let entry = EffectEntry(
        "tcp.slice",
        at: [.accept, .hello, .request, .answer],
        "Bytes are sent in small pieces, each a segment of its own.",
        parameters: [
            Parameter("size", .integer(1...65_536, unit: "bytes"), "a piece's size"),
            Parameter("gap", Parameter.anyDuration, default: "0ms", "how long to wait between two pieces"),
        ],
        observed: .success,
        expected: "works"
    )

    private let size: Int
    private let gap: Duration

    init(_ arguments: Arguments) {
        size = arguments.integer("size") ?? 1
        gap = arguments.duration("gap") ?? .zero
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.shape { shaping, term in
            shaping.sliceSize = size
            shaping.sliceGap = gap
            shaping.terms.slice = term
        }
    }
}

/// Closes after so many bytes.
struct TCPLimit: Effect {
    static let entry = EffectEntry(
        "tcp.limit",
        at: [.accept, .hello, .request, .answer],
        ends: true,
        "The connection closes (FIN) after so many bytes sent from here on, those of TLS included.",
        parameters: [Parameter("bytes", .integer(0...1_073_741_824, unit: "bytes"), "how many")],
        observed: .endInHandshake,
        expected: "reports a failure, and keeps no half state"
    )

    private let bytes: Int

    init(_ arguments: Arguments) {
        bytes = arguments.integer("bytes") ?? 0
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.shape { shaping, _ in shaping.limit = bytes }
    }
}
