import HTTP
import Testing

@Suite("Request line")
struct RequestLineTests {
    @Test(arguments: [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "M-SEARCH", "!#$%&'*+",
    ])
    func `a method that is a token is taken as it was sent`(method: String) throws {
        let request = try onlyRequest(head("\(method) /a HTTP/1.1", "Host: x"))
        #expect(request.method == method)
        #expect(request.isHead == (method == "HEAD"))
    }

    @Test(arguments: [
        ("/", "/", nil),
        ("/SoftToken/Provisioning.asmx/Process", "/SoftToken/Provisioning.asmx/Process", nil),
        ("/a?", "/a", ""),
        ("/a?b=c?d", "/a", "b=c?d"),
        ("//a/../%00", "//a/../%00", nil),
        ("/a;b=\"<>{}|\\^`", "/a;b=\"<>{}|\\^`", nil),
    ])
    func `a path is split at its first question mark and not decoded`(
        target: String,
        path: String,
        query: String?
    ) throws {
        let request = try onlyRequest(head("GET \(target) HTTP/1.1", "Host: x:1"))
        #expect(request.target == target)
        #expect(request.path == path)
        #expect(request.query == query)
        #expect(request.host == "x:1")
    }

    @Test(arguments: [
        ("http://lab.test/a?q", "lab.test", "/a", "q"),
        ("https://lab.test:8443/a", "lab.test:8443", "/a", nil),
        ("HTTPS://lab.test", "lab.test", "/", nil),
        ("http://lab.test?q", "lab.test", "/", "q"),
        ("http://[::1]:80/", "[::1]:80", "/", nil),
    ])
    func `an absolute target names path and host`(
        target: String,
        host: String,
        path: String,
        query: String?
    ) throws {
        let request = try onlyRequest(head("GET \(target) HTTP/1.1", "Host: other.test"))
        #expect(request.host == host)
        #expect(request.path == path)
        #expect(request.query == query)
    }

    @Test func `an asterisk is the path of OPTIONS alone`() throws {
        #expect(try onlyRequest(head("OPTIONS * HTTP/1.1", "Host: x")).path == "*")
        #expect(brokenRule(head("GET * HTTP/1.1", "Host: x")) == .badTarget)
    }

    /// A URL without a path, which is the asterisk where it goes through proxies, was a page that is not there.
    @Test(arguments: [
        ("OPTIONS *", true), ("OPTIONS http://h", true), ("OPTIONS https://h:1", true), ("OPTIONS http://h/", false),
        ("OPTIONS http://h?q", false), ("OPTIONS /", false), ("GET http://h", false), ("OPTIONS /*", false),
    ])
    func `what asks for the server's methods is OPTIONS of no path`(line: String, asks: Bool) throws {
        #expect(try onlyRequest(head("\(line) HTTP/1.1", "Host: x")).asksForServersMethods == asks)
    }

    @Test(arguments: [
        "http://", "http:///a", "http://?q", "http://@h/", "http://u@h/", "http://h:x/", "ftp://h/", "h:80",
        "a", "http:/h", "/a#b", "/\u{e9}", "**", "*?", "http://[::1/", "http://[]/", "http://[::1]x/",
    ])
    func `a target of no form is refused`(target: String) {
        #expect(brokenRule(head("GET \(target) HTTP/1.1", "Host: x")) == .badTarget)
    }

    @Test(arguments: [
        (" GET / HTTP/1.1", Refusal.Rule.malformedRequestLine),
        ("GET  / HTTP/1.1", .malformedRequestLine),
        ("GET /", .malformedRequestLine),
        ("GET", .malformedRequestLine),
        ("GET ", .malformedRequestLine),
        ("GET  HTTP/1.1", .malformedRequestLine),
        ("GET\t/ HTTP/1.1", .badMethod),
        ("GET\t/\tHTTP/1.1", .malformedRequestLine),
        ("GET /\tHTTP/1.1", .malformedRequestLine),
        ("GET /\ta HTTP/1.1", .badTarget),
        ("G(T / HTTP/1.1", .badMethod),
        ("G\u{e9}T / HTTP/1.1", .badMethod),
        ("GET: / HTTP/1.1", .badMethod),
        ("GET /  HTTP/1.1", .badVersion),
        ("GET / HTTP/1.1 ", .badVersion),
        ("GET / a HTTP/1.1", .badVersion),
        ("GET / http/1.1", .badVersion),
        ("GET / HTTP/1", .badVersion),
        ("GET / HTTP/1.10", .badVersion),
        ("GET / HTTP/11", .badVersion),
        ("GET / HTTP/1,1", .badVersion),
        ("GET / HTTP/x.1", .badVersion),
        ("GET / HTCPCP/1.0", .badVersion),
        ("GET / ", .badVersion),
        ("GET / HTTP/0.9", .unsupportedVersion),
        ("GET / HTTP/2.0", .unsupportedVersion),
        ("GET / HTTP/3.0", .unsupportedVersion),
        ("PRI * HTTP/2.0", .unsupportedVersion),
        ("CONNECT lab.test:443 HTTP/1.1", .tunnel),
        ("\u{16}\u{3}\u{1}", .controlByte),
        ("GET /\u{0} HTTP/1.1", .controlByte),
        ("GET /\u{7f} HTTP/1.1", .controlByte),
        ("GET / HTTP/1.1\r", .bareCarriageReturn),
        ("GET /\r HTTP/1.1", .bareCarriageReturn),
        ("GET /\n HTTP/1.1", .bareLineFeed),
    ])
    func `a malformed request line is refused`(line: String, rule: Refusal.Rule) {
        #expect(brokenRule(head(line, "Host: x")) == rule)
    }

    @Test(arguments: [("1.0", Version.http10), ("1.1", .http11), ("1.2", .http11), ("1.9", .http11)])
    func `a version one dot something is read as the nearest known`(text: String, version: Version) throws {
        #expect(try onlyRequest(head("GET / HTTP/\(text)", "Host: x")).version == version)
    }

    @Test(arguments: 0...3)
    func `two empty lines before a request are tolerated and not a third`(count: Int) {
        let reading = Reading(String(repeating: "\r\n", count: count) + head("GET / HTTP/1.1", "Host: x"))
        #expect(reading.requests.count == (count <= RequestReader.toleratedEmptyLines ? 1 : 0))
        #expect(reading.refusal?.rule == (count <= RequestReader.toleratedEmptyLines ? nil : .emptyLines))
    }

    @Test(arguments: [("\n", Refusal.Rule.bareLineFeed), ("\rG", .bareCarriageReturn), ("\r\n\n", .bareLineFeed)])
    func `an empty line before a request must be CRLF`(text: String, rule: Refusal.Rule) {
        #expect(brokenRule(text) == rule)
    }
}
