/// Offers other groups.
struct TLSGroups: Effect {
    static let entry = EffectEntry(
        "tls.groups",
        at: [.hello],
        "Only these groups are spoken for the key exchange.",
        parameters: [Parameter("list", .names, "groups by their names, such as secp256r1, X25519 or ffdhe2048")],
        observed: [
            .curl("alert handshake failure"),
            .openssl("SSL alert number 40"),
            .python("SSLV3_ALERT_HANDSHAKE_FAILURE"),
        ],
        expected: "reports that the handshake failed"
    )

    private let names: [String]

    init(_ arguments: Arguments) {
        names = arguments.names("list")
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.handshake.groups = names
    }
}
