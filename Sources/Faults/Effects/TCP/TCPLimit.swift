/// Closes after so many bytes.
struct TCPLimit: Effect {
    static let entry = EffectEntry(
        "tcp.limit",
        at: [.accept, .hello, .request, .answer],
        ends: true,
        "The connection closes (FIN) after so many bytes sent from here on, those of TLS included.",
        parameters: [Parameter("bytes", .integer(0...1_073_741_824, unit: "bytes"), "how many")],
        observed: [
            .curl("OpenSSL SSL_connect: SSL_ERROR_SYSCALL"),
            .openssl("unexpected eof while reading"),
            .python("SSLZeroReturnError: TLS/SSL connection has been closed (EOF)"),
        ],
        expected: "reports a failure, and keeps no half state"
    )

    private let bytes: Int

    init(_ arguments: Arguments) {
        bytes = arguments.integer("bytes") ?? 0
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        var shaping = plan.shaping ?? Shaping()
        shaping.limit = bytes
        plan.shaping = shaping
    }
}
