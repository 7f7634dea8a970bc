/// Carries the request out and loses the answer.
struct HTTPLost: Effect {
    static let entry = EffectEntry(
        "http.lost",
        at: [.answer],
        ends: true,
        "The request is carried out, and its answer is not sent: the connection closes.",
        observed: [
            .curl("curl: (52) Empty reply from server"),
            .python("RemoteDisconnected: Remote end closed connection without response"),
        ],
        expected: "asks again, and ends in one consistent state"
    )

    init(_ arguments: Arguments) {}

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.answer.isLost = true
    }
}
