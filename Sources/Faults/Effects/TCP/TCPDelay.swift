/// Lets each direction wait.
struct TCPDelay: Effect {
    static let entry = EffectEntry(
        "tcp.delay",
        at: [.accept, .hello, .request, .answer],
        "Each direction waits: what came before it is read, what goes before it is sent.",
        parameters: [
            Parameter("latency", Parameter.anyDuration, "how long"),
            Parameter("jitter", Parameter.anyDuration, default: "0ms", "how far a wait may differ from it, either way"),
        ],
        observed: [
            .curl("HTTP/1.1 200 OK"),
            .openssl("HTTP/1.1 200 OK"),
            .python("200 OK"),
        ],
        expected: "works, slower"
    )

    private let latency: Duration
    private let jitter: Duration

    init(_ arguments: Arguments) {
        latency = arguments.duration("latency") ?? .zero
        jitter = arguments.duration("jitter") ?? .zero
    }

    func contradiction(with match: RuleMatch) -> RuleDefect? { contradiction(ofWaiting: latency, jitter) }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        var shaping = plan.shaping ?? Shaping()
        shaping.latency = latency
        shaping.jitter = jitter
        shaping.draw = draw
        shaping.terms.latency = plan.term
        plan.shaping = shaping
    }
}
