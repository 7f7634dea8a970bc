import TLSNames

private let versions = ProtocolVersion.allCases.map(\.name)

extension Effect {
    static let tlsVersion = Effect(
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
    ) { arguments throws(RuleDefect) in
        let oldest = try arguments.choice("min", default: .tls10) { ProtocolVersion(name: $0) }
        let newest = try arguments.choice("max", default: .tls13) { ProtocolVersion(name: $0) }
        guard arguments.has("min") || arguments.has("max") else {
            throw RuleDefect("with", "tls.version needs min or max, or both")
        }
        guard oldest <= newest else { throw RuleDefect("with.min", "\(oldest.name) is above max, \(newest.name)") }
        let range = oldest...newest
        return Action { plan, _ in plan.handshake.versions = range }
    }

    static let tlsCiphers = Effect(
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
    ) { arguments in
        let names = arguments.names("list")
        return Action { plan, _ in plan.handshake.cipherSuites = names }
    }

    static let tlsGroups = Effect(
        "tls.groups",
        at: [.hello],
        "Only these groups are spoken for the key exchange.",
        parameters: [Parameter("list", .names, "groups by their names, such as secp256r1, X25519 or ffdhe2048")],
        observed: [
            .curl("alert handshake failure"), .openssl("SSL alert number 40"), .python("SSLV3_ALERT_HANDSHAKE_FAILURE"),
        ],
        expected: "reports that the handshake failed"
    ) { arguments in
        let names = arguments.names("list")
        return Action { plan, _ in plan.handshake.groups = names }
    }
}
