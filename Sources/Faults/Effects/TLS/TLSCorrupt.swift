import TLSNames

/// Flips a bit of a record.
struct TLSCorrupt: Effect {
    static let entry = EffectEntry(
        "tls.corrupt",
        at: [.handshake, .answer],
        "One bit of that record is flipped: of a record in clear in the message's first byte, of a sealed one in its middle.",
        parameters: [
            Parameter(
                "at",
                .choice(RecordLabel.allCases.map(\.rawValue) + [ofAnswer]),
                default: "serverHello",
                "which record; data is an answer's first"
            )
        ],
        observed: [
            .curl("unexpected message"),
            .openssl("unexpected message"),
            .python("UNEXPECTED_MESSAGE"),
        ],
        expected: "ends the handshake with an alert of its own, unexpected_message or bad_record_mac"
    )

    /// The word for application data.
    private static let ofAnswer = "data"

    /// The record of the handshake; nil for an answer's first.
    private let record: RecordLabel?

    init(_ arguments: Arguments) throws(RuleDefect) {
        let isOfAnswer = arguments.text("at") == Self.ofAnswer
        record = isOfAnswer ? nil : try arguments.choice("at", default: .serverHello) { RecordLabel(rawValue: $0) }
    }

    var askedAt: [Stage] { record == nil ? [.answer] : [.hello] }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        if let record {
            plan.handshake.records.append(RecordStep(.corrupt, at: record))
        } else {
            plan.answer.isCorrupt = true
        }
    }
}
