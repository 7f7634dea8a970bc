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
