import HTTP
import Testing

@testable import Admin

/// Who may drive the admin plane; a page in a browser never may.
@Suite struct AccessRulesTests {
    // Health checks that speak HTTP/1.0 without a Host were answered 403.
    @Test func `a request without Host is none of a browser's`() throws {
        #expect(try objection(["X-Any: 1"]) == nil)
        #expect(try objection(["Origin: http://localhost:8480"]) == 403)
        #expect(try objection(["X-Any: 1"], token: "0123456789abcdef") == 401)
    }

    private func objection(_ fields: [String], token: String? = nil) throws -> Int? {
        try problem(fields, token: token)?.status.code
    }

    private func problem(_ fields: [String], token: String? = nil) throws -> Problem? {
        let rules = AccessRules(token: try token.map { try #require(BearerToken($0)) }, at: "127.0.0.3:8480")
        let version = fields.contains { $0.hasPrefix("Host:") } ? "1.1" : "1.0"
        let lines = ["POST /api/v1/labs/default/reset HTTP/\(version)"] + fields + ["", ""]
        var bytes = Array(lines.joined(separator: "\r\n").utf8)
        var reader = RequestReader(limits: RequestLimits())
        var span = bytes.mutableSpan
        guard case .complete = reader.advance(over: &span) else {
            Issue.record("no request: \(fields)")
            return nil
        }
        return rules.objection(to: reader.request, in: span.span)
    }

    @Test(arguments: [
        "localhost", "localhost:8480", "127.0.0.1:8480", "127.0.0.1", "[::1]:8480", "[::1]", "LOCALHOST:1",
        "127.0.0.3:8480",
    ])
    func `the names of this machine to itself are taken`(host: String) throws {
        #expect(try objection(["Host: \(host)"]) == nil)
    }

    @Test(
        arguments: [
            "evil.example", "evil.example:8480", "localhost.evil.example", "127.0.0.1.evil.example:8480",
            "127.0.0.2:8480",
            "0.0.0.0:8480", "[::]:8480",
        ]
    )
    func `a name that somebody pointed here is not`(host: String) throws {
        #expect(try objection(["Host: \(host)"]) == 403)
    }

    @Test(
        arguments: [
            "http://evil.example", "https://evil.example:8480", "null", "http://localhost:8481", "http://localhost",
            "file://", "http://127.0.0.1:8480",
        ]
    )
    func `a page of another origin is refused`(origin: String) throws {
        #expect(try objection(["Host: localhost:8480", "Origin: \(origin)"]) == 403)
    }

    @Test func `a page of its own origin is not`() throws {
        #expect(try objection(["Host: localhost:8480", "Origin: http://localhost:8480"]) == nil)
        #expect(try objection(["Host: localhost:8480", "Sec-Fetch-Site: same-origin"]) == nil)
        #expect(try objection(["Host: localhost:8480", "Sec-Fetch-Site: none"]) == nil)
    }

    @Test(arguments: ["cross-site", "same-site"])
    func `what a browser says came from another site is refused`(site: String) throws {
        #expect(try objection(["Host: localhost:8480", "Sec-Fetch-Site: \(site)"]) == 403)
    }

    @Test func `with a token, it opens, whatever the name, and a foreign page is refused all the same`() throws {
        let token = "0123456789abcdef"
        let field = "Authorization: Bearer \(token)"
        #expect(try objection(["Host: lab.example:8480", field], token: token) == nil)
        #expect(try objection(["Host: lab.example:8480"], token: token) == 401)
        #expect(try objection(["Host: localhost", "Authorization: Bearer 0123456789abcdeF"], token: token) == 401)
        #expect(try objection(["Host: lab.example", field, "Origin: http://evil.example"], token: token) == 403)
    }

    // A field report: a wrong token was told as a missing one.
    @Test(arguments: ["Bearer 0123456789abcdeF", "Bearer 0123456789abcdef0", "Basic YTpi", "0123456789abcdef"])
    func `a wrong token is told from none`(value: String) throws {
        let wrong = try problem(["Host: localhost", "Authorization: \(value)"], token: "0123456789abcdef")
        let missing = try problem(["Host: localhost"], token: "0123456789abcdef")
        #expect(wrong?.detail.contains("does not hold") == true && missing?.detail.contains("needs") == true)
        #expect(wrong?.status == missing?.status && wrong?.fields.count == 1)
    }
}
