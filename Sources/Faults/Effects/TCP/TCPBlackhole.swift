/// Accepts, reads nothing and answers nothing.
struct TCPBlackhole: Effect {
    static let entry = EffectEntry(
        "tcp.blackhole",
        at: [.accept],
        ends: true,
        "The connection is accepted; nothing is read and nothing is answered.",
        parameters: [
            Parameter("hold", Parameter.anyDuration, default: "until the client goes", "how long, before it is closed")
        ],
        observed: [
            .curl("curl: (28) Connection timed out after"),
            .python("The handshake operation timed out"),
        ],
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
