/// Answers the ClientHello with an HTTP page.
struct TLSPlaintext: Effect {
    static let entry = EffectEntry(
        "tls.plaintext",
        at: [.hello],
        ends: true,
        "The ClientHello is answered with an HTTP page in clear, as a blocking box does.",
        parameters: [Parameter("body", .text(atMost: 65_536), default: "a short page", "the page")],
        observed: [.curl("wrong version number"), .openssl("wrong version number"), .python("WRONG_VERSION_NUMBER")],
        expected: "says that the other end does not speak TLS"
    )

    private let body: String

    init(_ arguments: Arguments) {
        body = arguments.text("body") ?? BlockPages.generic
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        let head =
            "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n"
        plan.steps.append(.end(.say(Array((head + body).utf8))))
    }
}

/// Closes without close_notify.
struct TLSAbruptClose: Effect {
    static let entry = EffectEntry(
        "tls.abruptClose",
        at: [.close],
        "The connection closes (FIN) without the close_notify that says that nothing is missing.",
        observed: [.curl("HTTP/1.1 200 OK"), .openssl("unexpected eof while reading"), .python("200 OK")],
        expected: "takes a complete answer as complete, and a truncated one as failed"
    )

    init(_ arguments: Arguments) {}

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.steps.append(.end(.close))
    }
}
