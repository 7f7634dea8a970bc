import Notation

private let html = "text/html; charset=utf-8"

extension Effect {
    static let httpStatus = Effect(
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
    ) { arguments throws(RuleDefect) in
        let code = arguments.integer("code") ?? 503
        var fields: [Reply.Field] = []
        if let wait = arguments.duration("retryAfter") {
            fields.append(Reply.Field(name: "Retry-After", value: "\(wait.components.seconds)"))
        }
        var contentType: String? = "application/json"
        if let body = arguments.text("body") { contentType = body.hasPrefix("<") ? "text/html" : "text/plain" }
        for (name, value) in arguments.texts("headers") {
            if let reason = FieldCheck.reason(name, value) { throw RuleDefect("with.headers.\(name)", reason) }
            if name.lowercased() == "content-type" {
                contentType = value
            } else {
                fields.append(Reply.Field(name: name, value: value))
            }
        }
        let reply = Reply(
            status: code,
            contentType: contentType,
            fields: fields,
            body: Array((arguments.text("body") ?? "{\"error\":\"status \(code), as ordered\"}\n").utf8)
        )
        return Action { plan, _ in plan.steps.append(.reply(reply)) }
    }

    static let httpBlockPage = Effect(
        "http.blockPage",
        at: [.request],
        ends: true,
        "The request is answered with an HTML page, as a box in the path does: generic 403, webfilter 200, proxyAuth 407.",
        parameters: [
            Parameter("vendor", .choice(BlockPage.allCases.map(\.rawValue)), default: "generic", "which kind of box")
        ],
        observed: [
            .curl("HTTP/1.1 403 Forbidden"),
            .openssl("HTTP/1.1 403 Forbidden"),
            .python("JSONDecodeError: Expecting value"),
        ],
        expected: "refuses an answer that is no JSON"
    ) { arguments throws(RuleDefect) in
        let page = try arguments.choice("vendor", default: .generic) { BlockPage(rawValue: $0) }
        let status =
            switch page {
            case .generic: 403
            case .webfilter: 200
            case .proxyAuth: 407
            }
        let fields = page == .proxyAuth ? [Reply.Field(name: "Proxy-Authenticate", value: "Basic realm=\"proxy\"")] : []
        let reply = Reply(status: status, contentType: html, fields: fields, body: Array(page.text.utf8))
        return Action { plan, _ in plan.steps.append(.reply(reply)) }
    }

    static let httpRedirect = Effect(
        "http.redirect",
        at: [.request],
        ends: true,
        "The request is answered with a redirection, as a captive portal does.",
        parameters: [
            Parameter("to", .text(atMost: 2_048), default: "http://portal.test/login", "what Location says"),
            Parameter("code", .integer(301...308, unit: "(a status)"), default: "302", "301, 302, 303, 307 or 308"),
        ],
        observed: [.curl("HTTP/1.1 302 Found"), .openssl("HTTP/1.1 302 Found"), .python("302 Found")],
        expected: "does not follow it to another host"
    ) { arguments throws(RuleDefect) in
        let code = arguments.integer("code") ?? 302
        guard [301, 302, 303, 307, 308].contains(code) else {
            throw RuleDefect("with.code", "\(code) is none of 301, 302, 303, 307, 308")
        }
        let target = arguments.text("to") ?? "http://portal.test/login"
        guard !target.isEmpty else { throw RuleDefect("with.to", "it is empty, and leads nowhere") }
        if let reason = FieldCheck.reason("Location", target) { throw RuleDefect("with.to", reason) }
        let location = Reply.Field(name: "Location", value: target)
        let reply = Reply(status: code, contentType: html, fields: [location], body: [])
        return Action { plan, _ in plan.steps.append(.reply(reply)) }
    }
}

/// The pages that boxes in the path put in the place of an answer.
enum BlockPage: String, CaseIterable {
    /// One that names nobody, a web filter's, and a proxy's that wants to know who asks.
    case generic, webfilter, proxyAuth

    var text: String {
        let (title, text) =
            switch self {
            case .generic: ("Access denied", "This request was blocked by policy.")
            case .webfilter: ("Web Page Blocked", "The page belongs to a category that is not allowed.")
            case .proxyAuth: ("Proxy Authentication Required", "Sign in to the proxy first.")
            }
        return
            "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>\(title)</title>\n<h1>\(title)</h1>\n<p>\(text)</p>\n</html>\n"
    }
}

/// What a rule may put into an answer's head.
enum FieldCheck {
    /// What is wrong with a field, or nil: a name is a token, a value is printable, and the framing is not a rule's to
    /// say.
    static func reason(_ name: String, _ value: String) -> String? {
        // RFC 9110 section 5.6.2.
        guard !name.isEmpty, name.isASCIIAlphanumeric(or: "!#$%&'*+-.^_`|~") else { return "it is no field's name" }
        guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 || $0 >= 0x80 }) else {
            return "its value holds what no field may"
        }
        let blanks: Set<Character> = [" ", "\t"]
        guard value.first.map({ !blanks.contains($0) }) ?? true, value.last.map({ !blanks.contains($0) }) ?? true else {
            return "its value begins or ends with a blank"
        }
        let framing = ["content-length", "transfer-encoding", "connection", "date", "server"]
        return framing.contains(name.lowercased()) ? "the server writes this field itself" : nil
    }
}
