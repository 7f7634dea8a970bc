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
