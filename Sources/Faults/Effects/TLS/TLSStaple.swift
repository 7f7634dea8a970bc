/// Staples another OCSP answer.
struct TLSStaple: Effect {
    static let entry = EffectEntry(
        "tls.staple",
        at: [.hello],
        "Another OCSP answer is stapled, to clients that ask for one; good is the normal state.",
        parameters: [
            Parameter("status", .choice(StapleKind.allCases.map(\.rawValue)), "what it says of the certificate")
        ],
        observed: [
            .curl("SSL certificate revocation reason"),
            .openssl("Cert Status: revoked"),
        ],
        expected: "refuses all but good, where it requires stapling"
    )

    private let status: StapleKind

    init(_ arguments: Arguments) {
        status = arguments.text("status").flatMap { StapleKind(rawValue: $0) } ?? .good
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.handshake.staple = status
    }
}
