import Testing

@testable import HTTP

@Suite struct RequestEvidenceTests {
    /// Of a request that was refused, nothing was told but its bytes.
    @Test(
        arguments: [
            ("POST /a/b?code=1 HTTP/1.1\r\nHost: x\r\n\r\nbody", "POST", "/a/b", 38),
            ("GET /x HTTP/9.9\r\n", "GET", "/x", nil), ("GET  /x  HTTP/1.1\r\n", "GET", "/x", nil),
            ("BREW /pot HTTP/1.1\nHost: x\n\nrest", "BREW", "/pot", 28), ("GET /lo", "GET", "/lo", nil),
            ("CONNECT a:443 HTTP/1.1\r\n\r\n", "CONNECT", "a:443", 26),
            ("GET http://h/p?q HTTP/1.1\r\n", "GET", "/p", nil),
            ("GET https://h HTTP/1.1\r\n", "GET", nil, nil), ("\r\n\r\nGET / HTTP/1.1\r\n\r\n", "GET", "/", 22),
            ("OPTIONS * HTTP/1.1\r\n", "OPTIONS", "*", nil), ("nonsense", nil, nil, nil),
            (" / HTTP/1.1\r\n", nil, nil, nil),
            ("\u{16}\u{3} x", nil, nil, nil), ("", nil, nil, nil), ("\r\n", nil, nil, nil),
        ] as [(String, String?, String?, Int?)]
    )
    func `whatever was read is found`(text: String, method: String?, path: String?, head: Int?) {
        let bytes = Array(text.utf8)
        let evidence = RequestEvidence(bytes.span)
        func word(_ range: Range<Int>?) -> String? { range.map { String(decoding: bytes[$0], as: UTF8.self) } }
        #expect(word(evidence.method) == method)
        #expect(word(evidence.path) == path)
        #expect(evidence.head == 0..<(head ?? bytes.count))
    }

    @Test func `a token too long for a method is none`() {
        let bytes = Array((String(repeating: "A", count: 33) + " / HTTP/1.1\r\n").utf8)
        #expect(RequestEvidence(bytes.span).method == nil)
    }
}
