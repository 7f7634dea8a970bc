/// Offers other cipher suites.
struct TLSCiphers: Effect {
    static let entry = EffectEntry(
        "tls.ciphers",
        at: [.hello],
        "Only these cipher suites are spoken: the mismatch of a unit in FIPS mode.",
        parameters: [
            Parameter(
                "list",
                .names,
                "suites by their IANA or OpenSSL names; a version of which none is named is not spoken"
            )
        ],
        observed: [
            .curl("alert handshake failure", over: "TLSv1.2"),
            .curl("alert protocol version", over: "TLSv1.3"),
            .openssl("SSL alert number 40", over: "TLSv1.2"),
            .openssl("SSL alert number 70", over: "TLSv1.3"),
            .python("SSLV3_ALERT_HANDSHAKE_FAILURE", over: "TLSv1.2"),
            .python("TLSV1_ALERT_PROTOCOL_VERSION", over: "TLSv1.3"),
        ],
        expected: "reports that the handshake failed"
    )

    private let names: [String]

    init(_ arguments: Arguments) {
        names = arguments.names("list")
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.handshake.cipherSuites = names
    }
}
