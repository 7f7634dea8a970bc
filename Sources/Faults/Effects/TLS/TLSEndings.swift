extension Effect {
    static let tlsPlaintext = Effect(
        "tls.plaintext",
        at: [.hello],
        ends: true,
        "The ClientHello is answered with an HTTP page in clear, as a blocking box does.",
        parameters: [Parameter("body", .text(atMost: 65_536), default: "a short page", "the page")],
        observed: [.curl("wrong version number"), .openssl("wrong version number"), .python("WRONG_VERSION_NUMBER")],
        expected: "says that the other end does not speak TLS"
    ) { arguments in
        let body = arguments.text("body") ?? BlockPage.generic.text
        return Action { plan, _ in
            let head =
                "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n"
            plan.steps.append(.end(.say(Array((head + body).utf8))))
        }
    }

    static let tlsAbruptClose = Effect(
        "tls.abruptClose",
        at: [.close],
        "The connection closes (FIN) without the close_notify that says that nothing is missing.",
        observed: [.curl("HTTP/1.1 200 OK"), .openssl("unexpected eof while reading"), .python("200 OK")],
        expected: "takes a complete answer as complete, and a truncated one as failed"
    ) { _ in
        Action { plan, _ in plan.steps.append(.end(.close)) }
    }
}
