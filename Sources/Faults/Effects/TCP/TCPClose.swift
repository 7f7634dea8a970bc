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
        observed: [
            .curl("OpenSSL SSL_connect: SSL_ERROR_SYSCALL"),
            .openssl("unexpected eof while reading"),
            .python("SSLZeroReturnError: TLS/SSL connection has been closed (EOF)"),
        ],
        expected: "reports the service as unreachable, and tries again later"
    )

    private let after: Stage?

    init(_ arguments: Arguments) {
        after = arguments.text("after").flatMap { Stage(rawValue: $0) }
    }

    var askedAt: [Stage] { after.map { [$0] } ?? Self.entry.stages }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.steps.append(.end(.close))
    }
}
