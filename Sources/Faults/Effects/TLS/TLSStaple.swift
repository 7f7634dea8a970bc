import TLSNames

/// Staples another OCSP answer.
struct TLSStaple: Effect {
    static let entry = EffectEntry(
        "tls.staple",
        at: [.hello],
        "Another OCSP answer is stapled, to clients that ask for one; good is the normal state.",
        parameters: [
            Parameter("status", .choice(StapleStatus.allCases.map(\.rawValue)), "what it says of the certificate")
        ],
        observed: [
            .curl("SSL certificate revocation reason"),
            .openssl("Cert Status: revoked"),
        ],
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
