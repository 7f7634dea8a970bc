/// Closes without close_notify.
struct TLSAbruptClose: Effect {
    static let entry = EffectEntry(
        "tls.abruptClose",
        at: [.close],
        "The connection closes (FIN) without the close_notify that says that nothing is missing.",
        observed: [
            .curl("HTTP/1.1 200 OK"),
            .openssl("unexpected eof while reading"),
            .python("200 OK"),
        ],
        expected: "takes a complete answer as complete, and a truncated one as failed"
    )

    init(_ arguments: Arguments) {}

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.steps.append(.end(.close))
    }
}
