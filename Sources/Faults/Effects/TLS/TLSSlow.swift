/// Waits between records.
struct TLSSlow: Effect {
    static let entry = EffectEntry(
        "tls.slow",
        at: [.handshake],
        "Each record of the handshake waits before it is sent.",
        parameters: [Parameter("gap", Parameter.anyDuration, "how long")],
        observed: [
            .curl("HTTP/1.1 200 OK"),
            .openssl("HTTP/1.1 200 OK"),
            .python("200 OK"),
        ],
        expected: "works, slower"
    )

    private let gap: Duration

    init(_ arguments: Arguments) {
        gap = arguments.duration("gap") ?? .zero
    }

    var askedAt: [Stage] { [.hello] }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.handshake.gap = Hold(gap, under: plan.term)
    }
}
