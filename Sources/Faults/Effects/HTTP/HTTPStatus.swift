/// Answers with a status instead of the service.
struct HTTPStatus: Effect {
    static let entry = EffectEntry(
        "http.status",
        at: [.request],
        ends: true,
        "The request is answered with this status; the service is not asked.",
        parameters: [
            Parameter("code", .integer(200...599, unit: "(a status)"), "the status, such as 403, 429 or 503"),
            Parameter(
                "retryAfter",
                Parameter.anyDuration,
                default: "no such field",
                "what Retry-After says, in whole seconds"
            ),
            Parameter("body", .text(atMost: 65_536), default: "one line of JSON", "the body"),
            Parameter("headers", .texts, default: "none", "further fields"),
        ],
        observed: [
            .curl("HTTP/1.1 503 Service Unavailable"),
            .openssl("HTTP/1.1 503 Service Unavailable"),
            .python("503 Service Unavailable"),
        ],
        expected: "waits as told before it tries again"
    )

    private let reply: Reply

    init(_ arguments: Arguments) throws(RuleDefect) {
        let code = arguments.integer("code") ?? 503
        var fields: [Reply.Field] = []
        if let wait = arguments.duration("retryAfter") {
            fields.append(Reply.Field("Retry-After", "\(wait.components.seconds)"))
        }
        var contentType: String? = "application/json"
        if let body = arguments.text("body") { contentType = body.hasPrefix("<") ? "text/html" : "text/plain" }
        for (name, value) in arguments.texts("headers") {
            if let reason = FieldCheck.reason(name, value) { throw RuleDefect("with.headers.\(name)", reason) }
            if name.lowercased() == "content-type" {
                contentType = value
            } else {
                fields.append(Reply.Field(name, value))
            }
        }
        reply = Reply(
            status: code,
            contentType: contentType,
            fields: fields,
            body: Array((arguments.text("body") ?? "{\"error\":\"status \(code), as ordered\"}\n").utf8)
        )
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.steps.append(.reply(reply))
    }
}
