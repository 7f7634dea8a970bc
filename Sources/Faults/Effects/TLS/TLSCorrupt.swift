/// Flips a bit of a record.
struct TLSCorrupt: Effect {
    static let entry = EffectEntry(
        "tls.corrupt",
        at: [.handshake, .answer],
        "One bit of that record is flipped: of a record in clear in the message's first byte, of a sealed one in its middle.",
        parameters: [
            Parameter(
                "at",
                .choice(RecordName.allCases.map(\.rawValue)),
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

    private let record: RecordName

    init(_ arguments: Arguments) {
        record = arguments.text("at").flatMap { RecordName(rawValue: $0) } ?? .serverHello
    }

    var askedAt: [Stage] { record == .data ? [.answer] : [.hello] }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        guard record != .data else {
            plan.answer.isCorrupt = true
            return
        }
        plan.handshake.records.append(RecordStep(.corrupt, at: record))
    }
}
