import TLSNames

/// Sends up to a record, and no more.
struct TLSStall: Effect {
    static let entry = EffectEntry(
        "tls.stall",
        at: [.handshake],
        ends: true,
        "The handshake goes up to that record, which never comes.",
        parameters: [
            Parameter(
                "at",
                .choice(RecordLabel.allCases.map(\.rawValue)),
                default: "serverHello",
                "the record that does not come"
            ),
            Parameter("hold", Parameter.anyDuration, default: "until the client goes", "how long, before it is closed"),
        ],
        observed: [
            .curl("curl: (28) Connection timed out after"),
            .python("The handshake operation timed out"),
        ],
        expected: "gives up after a time of its own"
    )

    private let record: RecordLabel
    private let hold: Duration?

    init(_ arguments: Arguments) throws(RuleDefect) {
        record = try arguments.choice("at", default: .serverHello) { RecordLabel(rawValue: $0) }
        hold = arguments.duration("hold")
    }

    var askedAt: [Stage] { [.hello] }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.handshake.records.append(RecordStep(.stall, at: record))
        plan.handshake.hold = hold
        plan.handshake.holdTerm = plan.term
    }
}
