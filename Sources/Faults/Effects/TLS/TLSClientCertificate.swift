/// Asks the client for a certificate.
struct TLSClientCertificate: Effect {
    static let entry = EffectEntry(
        "tls.clientCertificate",
        at: [.hello],
        "The client is asked for a certificate of the lab's device authority (mutual TLS).",
        parameters: [
            Parameter(
                "mode",
                .choice(ClientCertificateMode.allCases.map(\.rawValue)),
                "none asks for nothing, optional takes one, require ends the handshake without one"
            ),
            Parameter(
                "match",
                .choice(["serial", "any"]),
                default: "serial",
                "serial: a request whose units are all others than the certificate's is answered with 902"
            ),
        ],
        observed: [
            .curl("alert handshake failure", over: "TLSv1.2"),
            .curl("alert certificate required", over: "TLSv1.3"),
            .openssl("SSL alert number 40", over: "TLSv1.2"),
            .openssl("SSL alert number 116", over: "TLSv1.3"),
            .python("SSLV3_ALERT_HANDSHAKE_FAILURE", over: "TLSv1.2"),
            .python("TLSV13_ALERT_CERTIFICATE_REQUIRED", over: "TLSv1.3"),
        ],
        expected: "presents its own certificate"
    )

    private let mode: ClientCertificateMode
    private let matchesSerial: Bool

    init(_ arguments: Arguments) throws(RuleDefect) {
        mode = try arguments.choice("mode") { ClientCertificateMode(rawValue: $0) }
        matchesSerial = arguments.text("match") != "any"
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.handshake.clientCertificate = mode
        plan.handshake.matchesSerial = matchesSerial
    }
}
