import Notation

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

/// Answers with a page of a box in the path.
struct HTTPBlockPage: Effect {
    private enum Vendor: String, CaseIterable {
        case generic, webfilter, proxyAuth
    }

    static let entry = EffectEntry(
        "http.blockPage",
        at: [.request],
        ends: true,
        "The request is answered with an HTML page, as a box in the path does: generic 403, webfilter 200, proxyAuth 407.",
        parameters: [
            Parameter("vendor", .choice(Vendor.allCases.map(\.rawValue)), default: "generic", "which kind of box")
        ],
        observed: [
            .curl("HTTP/1.1 403 Forbidden"),
            .openssl("HTTP/1.1 403 Forbidden"),
            .python("JSONDecodeError: Expecting value"),
        ],
        expected: "refuses an answer that is no JSON"
    )

    private let reply: Reply

    init(_ arguments: Arguments) throws(RuleDefect) {
        let (status, body, fields): (Int, String, [Reply.Field]) =
            switch try arguments.choice("vendor", default: .generic, { Vendor(rawValue: $0) }) {
            case .generic: (403, BlockPages.generic, [])
            case .webfilter: (200, BlockPages.webFilter, [])
            case .proxyAuth:
                (407, BlockPages.proxyAuthentication, [Reply.Field("Proxy-Authenticate", "Basic realm=\"proxy\"")])
            }
        reply = Reply(status: status, contentType: "text/html; charset=utf-8", fields: fields, body: Array(body.utf8))
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.steps.append(.reply(reply))
    }
}

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
        observed: [.curl("HTTP/1.1 302 Found"), .openssl("HTTP/1.1 302 Found"), .python("302 Found")],
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
        let location = Reply.Field("Location", target)
        reply = Reply(status: code, contentType: "text/html; charset=utf-8", fields: [location], body: [])
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        plan.steps.append(.reply(reply))
    }
}

/// The pages that boxes in the path put in the place of an answer.
enum BlockPages {
    /// A page that names nobody.
    static let generic = page("Access denied", "This request was blocked by policy.")
    /// A web filter's.
    static let webFilter = page("Web Page Blocked", "The page belongs to a category that is not allowed.")
    /// A proxy's that wants to know who asks.
    static let proxyAuthentication = page("Proxy Authentication Required", "Sign in to the proxy first.")

    private static func page(_ title: String, _ text: String) -> String {
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
