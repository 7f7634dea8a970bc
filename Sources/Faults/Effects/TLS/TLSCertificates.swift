import TLSNames

/// Presents another chain.
struct TLSCertificate: Effect {
    static let entry = EffectEntry(
        "tls.certificate",
        at: [.hello],
        "Another certificate is presented: one of the profiles of Certs/profiles.yaml.",
        parameters: [Parameter("profile", .text(atMost: 64), "the profile's name, such as expired or dpi")],
        observed: [
            .curl("SSL certificate problem: certificate has expired"),
            .openssl("verify error:num=10:certificate has expired"),
            .python("CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired"),
        ],
        expected: "refuses every profile of class defect that it can judge, and says why"
    )

    private let profile: String

    init(_ arguments: Arguments) {
        profile = arguments.text("profile") ?? ""
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.handshake.profile = profile
    }
}

/// Staples another OCSP answer.
struct TLSStaple: Effect {
    static let entry = EffectEntry(
        "tls.staple",
        at: [.hello],
        "Another OCSP answer is stapled, to clients that ask for one; good is the normal state.",
        parameters: [
            Parameter("status", .choice(StapleStatus.allCases.map(\.rawValue)), "what it says of the certificate")
        ],
        observed: [.curl("SSL certificate revocation reason"), .openssl("Cert Status: revoked")],
        expected: "refuses all but good, where it requires stapling"
    )

    private let status: StapleStatus

    init(_ arguments: Arguments) throws(RuleDefect) {
        status = try arguments.choice("status") { StapleStatus(rawValue: $0) }
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.handshake.staple = status
    }
}

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
