/// Answers with a page of a box in the path.
struct HTTPBlockPage: Effect {
    static let entry = EffectEntry(
        "http.blockPage",
        at: [.request],
        ends: true,
        "The request is answered with an HTML page, as a box in the path does: generic 403, webfilter 200, proxyAuth 407.",
        parameters: [
            Parameter(
                "vendor",
                .choice(["generic", "webfilter", "proxyAuth"]),
                default: "generic",
                "which kind of box"
            )
        ],
        observed: [
            .curl("HTTP/1.1 403 Forbidden"),
            .openssl("HTTP/1.1 403 Forbidden"),
            .python("JSONDecodeError: Expecting value"),
        ],
        expected: "refuses an answer that is no JSON"
    )

    private let reply: Reply

    init(_ arguments: Arguments) {
        let (status, body, fields): (Int, String, [Reply.Field]) =
            switch arguments.text("vendor") {
            case "webfilter": (200, BlockPages.webFilter, [])
            case "proxyAuth":
                (407, BlockPages.proxyAuthentication, [Reply.Field("Proxy-Authenticate", "Basic realm=\"proxy\"")])
            default: (403, BlockPages.generic, [])
            }
        reply = Reply(status: status, contentType: "text/html; charset=utf-8", fields: fields, body: Array(body.utf8))
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.steps.append(.reply(reply))
    }
}
