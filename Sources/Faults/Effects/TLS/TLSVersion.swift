import TLSNames

/// Offers other versions.
struct TLSVersion: Effect {
    private static let versions = ProtocolVersion.allCases.map(\.name)

    static let entry = EffectEntry(
        "tls.version",
        at: [.hello],
        "Only these versions of TLS are spoken.",
        parameters: [
            Parameter("min", .choice(versions), default: "1.0", "the oldest"),
            Parameter("max", .choice(versions), default: "1.3", "the newest"),
        ],
        observed: [
            .curl("unsupported protocol", over: "TLSv1.2"),
            .curl("alert protocol version", over: "TLSv1.3"),
            .openssl("unsupported protocol", over: "TLSv1.2"),
            .openssl("SSL alert number 70", over: "TLSv1.3"),
            .python("UNSUPPORTED_PROTOCOL", over: "TLSv1.2"),
            .python("TLSV1_ALERT_PROTOCOL_VERSION", over: "TLSv1.3"),
        ],
        expected: "refuses what is below its own minimum"
    )

    private let range: ClosedRange<ProtocolVersion>

    init(_ arguments: Arguments) throws(RuleDefect) {
        let oldest = try arguments.choice("min", default: .tls10) { ProtocolVersion(name: $0) }
        let newest = try arguments.choice("max", default: .tls13) { ProtocolVersion(name: $0) }
        guard arguments.has("min") || arguments.has("max") else {
            throw RuleDefect("with", "tls.version needs min or max, or both")
        }
        guard oldest <= newest else { throw RuleDefect("with.min", "\(oldest.name) is above max, \(newest.name)") }
        range = oldest...newest
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.handshake.versions = range
    }
}
