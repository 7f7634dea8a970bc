/// Sends a fatal alert in the place of a record.
struct TLSAlert: Effect {
    static let entry = EffectEntry(
        "tls.alert",
        at: [.hello, .handshake],
        ends: true,
        "A fatal alert goes out in the place of that record, sealed where the protocol seals it.",
        parameters: [
            Parameter("alert", .choice(AlertName.all), "the alert, as RFC 8446 names it"),
            Parameter("at", .choice(RecordName.ofHandshake), default: "serverHello", "in the place of which record"),
        ],
        observed: [
            .curl("tlsv1 alert access denied"),
            .openssl("SSL alert number 49"),
            .python("TLSV1_ALERT_ACCESS_DENIED"),
        ],
        expected: "reports the alert, and does not try again at once"
    )

    private let alert: UInt8
    private let record: RecordName

    init(_ arguments: Arguments) {
        alert = arguments.text("alert").flatMap { AlertName.number(of: $0) } ?? 80
        record = arguments.text("at").flatMap { RecordName(rawValue: $0) } ?? .serverHello
    }

    var askedAt: [Stage] { [.hello] }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.handshake.records.append(RecordStep(.alert(alert), at: record))
    }
}
