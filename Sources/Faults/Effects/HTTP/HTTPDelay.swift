/// Lets a request wait.
struct HTTPDelay: Effect {
    static let entry = EffectEntry(
        "http.delay",
        at: [.request],
        "The request waits before the service is asked.",
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
        plan.steps.append(.wait(Hold(draw.around(latency, jitter), under: plan.term)))
    }
}
