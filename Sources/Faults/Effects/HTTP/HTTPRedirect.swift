/// Sends the client elsewhere, as a captive portal does.
struct HTTPRedirect: Effect {
    static let entry = EffectEntry(
        "http.redirect",
        at: [.request],
        ends: true,
        "The request is answered with a redirection, as a captive portal does.",
        parameters: [
            Parameter("to", .text(atMost: 2_048), default: "http://portal.test/login", "what Location says"),
            Parameter("code", .integer(301...308, unit: "(a status)"), default: "302", "301, 302, 303, 307 or 308"),
        ],
        observed: [
            .curl("HTTP/1.1 302 Found"),
            .openssl("HTTP/1.1 302 Found"),
            .python("302 Found"),
        ],
        expected: "does not follow it to another host"
    )

    private let reply: Reply

    init(_ arguments: Arguments) throws(RuleDefect) {
        let code = arguments.integer("code") ?? 302
        guard [301, 302, 303, 307, 308].contains(code) else {
            throw RuleDefect("with.code", "\(code) is none of 301, 302, 303, 307, 308")
        }
        let target = arguments.text("to") ?? "http://portal.test/login"
        guard !target.isEmpty else { throw RuleDefect("with.to", "it is empty, and leads nowhere") }
        if let reason = FieldCheck.reason("Location", target) { throw RuleDefect("with.to", reason) }
        reply = Reply(
            status: code,
            contentType: "text/html; charset=utf-8",
            fields: [Reply.Field("Location", target)],
            body: []
        )
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.steps.append(.reply(reply))
    }
}
