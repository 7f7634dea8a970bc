import TLSNames

/// Sends a part of a record, and closes.
struct TLSTruncate: Effect {
    static let entry = EffectEntry(
        "tls.truncate",
        at: [.handshake],
        ends: true,
        "A part of that record is sent, then the connection closes (FIN).",
        parameters: [
            Parameter("at", .choice(RecordLabel.allCases.map(\.rawValue)), default: "serverHello", "which record"),
            Parameter(
                "bytes",
                .integer(0...65_536, unit: "bytes"),
                default: "half of it",
                "how many, its header included"
            ),
        ],
        observed: [
            .curl("OpenSSL SSL_connect: SSL_ERROR_SYSCALL"),
            .openssl("unexpected eof while reading"),
            .python("SSLZeroReturnError: TLS/SSL connection has been closed (EOF)"),
        ],
        expected: "reports that the handshake failed"
    )

    private let record: RecordLabel
    private let bytes: Int?

    init(_ arguments: Arguments) throws(RuleDefect) {
        record = try arguments.choice("at", default: .serverHello) { RecordLabel(rawValue: $0) }
        bytes = arguments.integer("bytes")
    }

    var askedAt: [Stage] { [.hello] }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.handshake.records.append(RecordStep(.truncate(bytes: bytes), at: record))
    }
}
