import HTTP
import Testing

/// What a head may not hold, whatever plane it comes to.
@Suite("Heads that are refused")
struct HeadRefusalTests {
    // The second of two was passed over without a word: who goes by the last would have read another request.
    @Test(
        arguments: [
            "Content-Type", "content-type", "Authorization", "X-FauxGuard-Lab", "Origin", "Sec-Fetch-Site",
            "Last-Event-ID", "User-Agent", "Referer", "Range", "If-Modified-Since", "Date", "From",
        ]
    )
    func `a field of one value that stands twice is refused, an equal one too`(name: String) {
        let twice = head("GET / HTTP/1.1", "Host: x", "\(name): a", "Accept: b", "\(name.uppercased()): a")
        #expect(brokenRule(twice) == .duplicateField)
        // Which one it was had to be guessed.
        #expect(Reading(twice).refusal?.reason.lowercased() == "the \(name.lowercased()) field appears more than once")
        #expect(brokenRule(head("GET / HTTP/1.1", "Host: x", "\(name): a")) == nil)
    }

    @Test(arguments: ["Accept", "Cookie2", "Via", "X-Forwarded-For", "Cache-Control", "Prefer"])
    func `a field that is a list may stand twice`(name: String) {
        #expect(brokenRule(head("GET / HTTP/1.1", "Host: x", "\(name): a", "\(name): b")) == nil)
    }

    // A compressed body was read as if it were none, and refused for its first odd byte.
    @Test(arguments: ["gzip", "deflate", "br", "zstd", "x-gzip", "identity, gzip", "GZIP", "none"])
    func `a body with a content coding is refused by name`(coding: String) {
        let sized = head("POST / HTTP/1.1", "Host: x", "Content-Encoding: \(coding)", "Content-Length: 2") + "{}"
        let chunked = head("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "Content-Encoding: \(coding)")
        #expect(brokenRule(sized) == .contentCoding && brokenRule(chunked) == .contentCoding)
        #expect(Refusal.Rule.contentCoding.status == .unsupportedMediaType)
        #expect(Refusal.Rule.contentCoding.reason.contains("Content-Encoding"))
    }

    @Test(arguments: ["identity", "", "Identity , identity"])
    func `a body without a coding may say so`(coding: String) {
        let text = head("POST / HTTP/1.1", "Host: x", "Content-Encoding: \(coding)", "Content-Length: 2") + "{}"
        #expect(brokenRule(text) == nil)
        #expect(brokenRule(head("GET / HTTP/1.1", "Host: x", "Content-Encoding: gzip")) == nil)
    }

    // It was refused for its version, or for a control byte, and nothing said what it was.
    @Test(
        arguments: [
            "PROXY TCP4 192.0.2.7 192.0.2.10 51000 443\r\n", "PROXY TCP6 ::1 ::1 1 2\r\n", "PROXY UNKNOWN\r\n",
            "PROXY UNKNOWN ::1 ::1 1 2\r\n", "\r\n\r\n\0\r\nQUIT\n",
        ]
    )
    func `a header of the PROXY protocol is named`(text: String) {
        #expect(brokenRule(text + head("GET / HTTP/1.1", "Host: x")) == .proxyHeader)
        #expect(brokenRule(head("PROXY /a HTTP/1.1", "Host: x")) == nil)
    }

    @Test(
        arguments: [
            ("text/plain", [0xFE, 0xFF, 0, 0x7B], "UTF-16"), ("text/plain", [0xFF, 0xFE, 0x7B, 0], "UTF-16"),
            ("a/b", [0, 0x7B, 0, 0x22], "UTF-16"), ("a/b", [0x7B, 0, 0x22, 0], "UTF-16"), ("a/b", [0x7B, 0], "UTF-16"),
            ("a/b", [0xFF, 0xFE, 0, 0], "UTF-32"), ("a/b", [0, 0, 0xFE, 0xFF], "UTF-32"),
            ("a/b", [0, 0, 0, 0x7B], "UTF-32"), ("a/b", [0x7B, 0, 0, 0], "UTF-32"),
            ("application/json; charset=utf-16", [0x7B, 0x7D], "utf-16"),
            ("application/json;a=b; Charset=\"UTF-32LE\"", [0x7B, 0x7D], "utf-32le"),
            ("a/b; charset=iso-8859-1", [0x22, 0xE4, 0x22], "iso-8859-1"),
            ("a/b; charset=iso-8859-1", [0x7B, 0x7D], nil), ("a/b; charset=utf-8", [0x7B, 0xC3, 0xA4], nil),
            ("a/b; charset=", [0x7B, 0x7D], nil), ("a/b", [0xEF, 0xBB, 0xBF, 0x7B], nil), ("a/b", [0x7B], nil),
            ("a/b", [0, 0], nil), ("a/b; charset=\"", [0x7B, 0x7D], nil),
        ] as [(String, [UInt8], String?)]
    )
    func `another encoding than UTF-8 has its name`(type: String, body: [UInt8], name: String?) throws {
        let start = head("POST / HTTP/1.1", "Host: x", "Content-Type: \(type)", "Content-Length: \(body.count)")
        var bytes = Array(start.utf8) + body
        var reader = RequestReader()
        var span = bytes.mutableSpan
        guard case .complete = reader.advance(over: &span) else { throw Unread() }
        #expect(reader.request.foreignEncoding(in: bytes.span) == name)
    }

    private struct Unread: Error {}
}
