import TLSNames

extension Effect {
    static let tlsCertificate = Effect(
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
    ) { arguments in
        let profile = arguments.text("profile") ?? ""
        return Action { plan, _ in plan.handshake.profile = profile }
    }

    static let tlsStaple = Effect(
        "tls.staple",
        at: [.hello],
        "Another OCSP answer is stapled, to clients that ask for one; good is the normal state.",
        parameters: [
            Parameter("status", .choice(StapleStatus.allCases.map(\.rawValue)), "what it says of the certificate")
        ],
        observed: [.curl("SSL certificate revocation reason"), .openssl("Cert Status: revoked")],
        expected: "refuses all but good, where it requires stapling"
    ) { arguments throws(RuleDefect) in
        let status = try arguments.choice("status") { StapleStatus(rawValue: $0) }
        return Action { plan, _ in plan.handshake.staple = status }
    }

    static let tlsClientCertificate = Effect(
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
    ) { arguments throws(RuleDefect) in
        let mode = try arguments.choice("mode") { ClientCertificateMode(rawValue: $0) }
        let matchesSerial = arguments.text("match") != "any"
        return Action { plan, _ in
            plan.handshake.clientCertificate = mode
            plan.handshake.matchesSerial = matchesSerial
        }
    }
}
