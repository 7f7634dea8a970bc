import TLSNames

/// Sends a fatal alert in the place of a record.
struct TLSAlert: Effect {
    static let entry = EffectEntry(
        "tls.alert",
        at: [.hello, .handshake],
        ends: true,
        "A fatal alert goes out in the place of that record, sealed where the protocol seals it.",
        parameters: [
            Parameter("alert", .choice(AlertCode.current.map(\.name)), "the alert, as RFC 8446 names it"),
            Parameter(
                "at",
                .choice(RecordLabel.allCases.map(\.rawValue)),
                default: "serverHello",
                "in the place of which record"
            ),
        ],
        observed: [
            .curl("tlsv1 alert access denied"),
            .openssl("SSL alert number 49"),
            .python("TLSV1_ALERT_ACCESS_DENIED"),
        ],
        expected: "reports the alert, and does not try again at once"
    )

    private let alert: AlertCode
    private let record: RecordLabel

    init(_ arguments: Arguments) throws(RuleDefect) {
        alert = try arguments.choice("alert") { AlertCode(name: $0) }
        record = try arguments.choice("at", default: .serverHello) { RecordLabel(rawValue: $0) }
    }

    var askedAt: [Stage] { [.hello] }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.handshake.records.append(RecordStep(.alert(alert), at: record))
    }
}
