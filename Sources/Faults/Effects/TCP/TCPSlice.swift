/// Writes in small pieces.
struct TCPSlice: Effect {
    static let entry = EffectEntry(
        "tcp.slice",
        at: [.accept, .hello, .request, .answer],
        "Bytes are sent in small pieces, each a segment of its own.",
        parameters: [
            Parameter("size", .integer(1...65_536, unit: "bytes"), "a piece's size"),
            Parameter("gap", Parameter.anyDuration, default: "0ms", "how long to wait between two pieces"),
        ],
        observed: [
            .curl("HTTP/1.1 200 OK"),
            .openssl("HTTP/1.1 200 OK"),
            .python("200 OK"),
        ],
        expected: "works"
    )

    private let size: Int
    private let gap: Duration

    init(_ arguments: Arguments) {
        size = arguments.integer("size") ?? 1
        gap = arguments.duration("gap") ?? .zero
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        var shaping = plan.shaping ?? Shaping()
        shaping.sliceSize = size
        shaping.sliceGap = gap
        shaping.terms.slice = plan.term
        plan.shaping = shaping
    }
}
