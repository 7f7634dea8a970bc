/// Never answers.
struct HTTPHang: Effect {
    static let entry = EffectEntry(
        "http.hang",
        at: [.request],
        ends: true,
        "The request is read and never answered; the service is not asked.",
        parameters: [
            Parameter("hold", Parameter.anyDuration, default: "until the client goes", "how long, before it is closed")
        ],
        observed: [
            .curl("curl: (28) Operation timed out after"),
            .python("TimeoutError: The read operation timed out"),
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
