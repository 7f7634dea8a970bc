/// Bounds the bytes a second.
struct TCPThrottle: Effect {
    static let entry = EffectEntry(
        "tcp.throttle",
        at: [.accept, .hello, .request, .answer],
        "Bytes are read and sent at no more than this rate.",
        parameters: [Parameter("rate", .integer(1...1_000_000_000, unit: "bytes a second"), "the rate")],
        observed: [
            .curl("HTTP/1.1 200 OK"),
            .openssl("HTTP/1.1 200 OK"),
            .python("200 OK"),
        ],
        expected: "works, slower"
    )

    private let rate: Int

    init(_ arguments: Arguments) {
        rate = arguments.integer("rate") ?? 1
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        var shaping = plan.shaping ?? Shaping()
        shaping.rate = rate
        shaping.terms.rate = plan.term
        plan.shaping = shaping
    }
}
