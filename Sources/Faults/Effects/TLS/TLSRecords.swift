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
            .record("in the place of which record"),
        ],
        observed: [
            .curl("tlsv1 alert access denied"), .openssl("SSL alert number 49"), .python("TLSV1_ALERT_ACCESS_DENIED"),
        ],
        expected: "reports the alert, and does not try again at once"
    )

    private let alert: AlertCode
    private let record: RecordLabel

    init(_ arguments: Arguments) throws(RuleDefect) {
        alert = try arguments.choice("alert") { AlertCode(name: $0) }
        record = try arguments.record()
    }

    var askedAt: [Stage] { [.hello] }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.handshake.records.append(RecordStep(.alert(alert), at: record))
    }
}

/// Sends up to a record, and no more.
struct TLSStall: Effect {
    static let entry = EffectEntry(
        "tls.stall",
        at: [.handshake],
        ends: true,
        "The handshake goes up to that record, which never comes.",
        parameters: [.record("the record that does not come"), .hold],
        observed: .silenceInHandshake,
        expected: "gives up after a time of its own"
    )

    private let record: RecordLabel
    private let hold: Duration?

    init(_ arguments: Arguments) throws(RuleDefect) {
        record = try arguments.record()
        hold = arguments.duration("hold")
    }

    var askedAt: [Stage] { [.hello] }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.handshake.records.append(RecordStep(.stall, at: record))
        plan.handshake.hold = hold
        plan.handshake.holdTerm = plan.term
    }
}

/// Sends a part of a record, and closes.
struct TLSTruncate: Effect {
    static let entry = EffectEntry(
        "tls.truncate",
        at: [.handshake],
        ends: true,
        "A part of that record is sent, then the connection closes (FIN).",
        parameters: [
            .record("which record"),
            Parameter(
                "bytes",
                .integer(0...65_536, unit: "bytes"),
                default: "half of it",
                "how many, its header included"
            ),
        ],
        observed: .endInHandshake,
        expected: "reports that the handshake failed"
    )

    private let record: RecordLabel
    private let bytes: Int?

    init(_ arguments: Arguments) throws(RuleDefect) {
        record = try arguments.record()
        bytes = arguments.integer("bytes")
    }

    var askedAt: [Stage] { [.hello] }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.handshake.records.append(RecordStep(.truncate(bytes: bytes), at: record))
    }
}

/// Flips a bit of a record.
struct TLSCorrupt: Effect {
    static let entry = EffectEntry(
        "tls.corrupt",
        at: [.handshake, .answer],
        "One bit of that record is flipped: of a record in clear in the message's first byte, of a sealed one in its middle.",
        parameters: [.record("which record; data is an answer's first", or: [ofAnswer])],
        observed: [.curl("unexpected message"), .openssl("unexpected message"), .python("UNEXPECTED_MESSAGE")],
        expected: "ends the handshake with an alert of its own, unexpected_message or bad_record_mac"
    )

    /// The word for application data.
    private static let ofAnswer = "data"

    /// The record of the handshake; nil for an answer's first.
    private let record: RecordLabel?

    init(_ arguments: Arguments) throws(RuleDefect) {
        record = arguments.text("at") == Self.ofAnswer ? nil : try arguments.record()
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

/// Waits between records.
struct TLSSlow: Effect {
    static let entry = EffectEntry(
        "tls.slow",
        at: [.handshake],
        "Each record of the handshake waits before it is sent.",
        parameters: [Parameter("gap", Parameter.anyDuration, "how long")],
        observed: .success,
        expected: "works, slower"
    )

    private let gap: Duration

    init(_ arguments: Arguments) {
        gap = arguments.duration("gap") ?? .zero
    }

    var askedAt: [Stage] { [.hello] }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.handshake.gap = Hold(gap, under: plan.term)
    }
}

/// The record that an effect acts at.
extension Parameter {
    /// The parameter `at`, which may also be one of `further` words.
    fileprivate static func record(_ summary: String, or further: [String] = []) -> Parameter {
        let words = RecordLabel.allCases.map(\.rawValue) + further
        return Parameter("at", .choice(words), default: RecordLabel.serverHello.rawValue, summary)
    }
}

extension Arguments {
    fileprivate func record() throws(RuleDefect) -> RecordLabel {
        try choice("at", default: .serverHello) { RecordLabel(rawValue: $0) }
    }
}
