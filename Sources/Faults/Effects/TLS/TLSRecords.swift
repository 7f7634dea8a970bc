import TLSNames

extension Effect {
    static let tlsAlert = Effect(
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
    ) { arguments throws(RuleDefect) in
        let alert = try arguments.choice("alert") { AlertCode(name: $0) }
        let record = try arguments.record()
        return Action { plan, _ in plan.handshake.records.append(RecordStep(.alert(alert), at: record)) }
    }

    static let tlsStall = Effect(
        "tls.stall",
        at: [.handshake],
        ends: true,
        "The handshake goes up to that record, which never comes.",
        parameters: [.record("the record that does not come"), .hold],
        observed: .silenceInHandshake,
        expected: "gives up after a time of its own"
    ) { arguments throws(RuleDefect) in
        let record = try arguments.record()
        let hold = arguments.duration("hold")
        return Action { plan, _ in
            plan.handshake.records.append(RecordStep(.stall, at: record))
            plan.handshake.hold = hold
            plan.handshake.holdTerm = plan.term
        }
    }

    static let tlsTruncate = Effect(
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
    ) { arguments throws(RuleDefect) in
        let record = try arguments.record()
        let bytes = arguments.integer("bytes")
        return Action { plan, _ in plan.handshake.records.append(RecordStep(.truncate(bytes: bytes), at: record)) }
    }

    static let tlsCorrupt = Effect(
        "tls.corrupt",
        at: [.handshake, .answer],
        "One bit of that record is flipped: of a record in clear in the message's first byte, of a sealed one in its middle.",
        parameters: [.record("which record; data is an answer's first", or: ["data"])],
        observed: [.curl("unexpected message"), .openssl("unexpected message"), .python("UNEXPECTED_MESSAGE")],
        expected: "ends the handshake with an alert of its own, unexpected_message or bad_record_mac"
    ) { arguments throws(RuleDefect) in
        guard arguments.text("at") != "data" else {
            return Action(stages: [.answer]) { plan, _ in plan.answer.isCorrupt = true }
        }
        let record = try arguments.record()
        return Action(stages: [.handshake]) { plan, _ in
            plan.handshake.records.append(RecordStep(.corrupt, at: record))
        }
    }

    static let tlsSlow = Effect(
        "tls.slow",
        at: [.handshake],
        "Each record of the handshake waits before it is sent.",
        parameters: [Parameter("gap", Parameter.anyDuration, "how long")],
        observed: .success,
        expected: "works, slower"
    ) { arguments in
        let gap = arguments.duration("gap") ?? .zero
        return Action { plan, _ in plan.handshake.gap = Hold(gap, under: plan.term) }
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
