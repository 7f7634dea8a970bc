import HTTP
import Testing

@Suite("Message framing")
struct MessageFramingTests {
    // MARK: Host

    @Test(arguments: [
        "x", "lab.test", "lab.test:8443", "lab.test:", "127.0.0.1:1", "[::1]", "[fe80::1.2.3.4]:80", "a_b", "%41",
    ])
    func `a host with an optional port is taken`(host: String) throws {
        #expect(try onlyRequest(head("GET / HTTP/1.1", "Host: \(host)")).host == host)
    }

    @Test(arguments: [
        "", ":80", "a b", "a/b", "a@b", "a:b", "a:80:80", "a?b", "a\\b", "[::1", "[]", "[::1]80", "[g]", "http://a",
        "\u{e9}",
    ])
    func `a host of any other form is refused, whatever the version`(host: String) {
        #expect(brokenRule(head("GET / HTTP/1.1", "Host: \(host)")) == .badHost)
        #expect(brokenRule(head("GET / HTTP/1.0", "Host: \(host)")) == .badHost)
    }

    @Test func `HTTP/1.1 needs one host and HTTP/1.0 none`() throws {
        #expect(brokenRule(head("GET / HTTP/1.1")) == .missingHost)
        #expect(brokenRule(head("GET / HTTP/1.1", "X-Host: x")) == .missingHost)
        #expect(brokenRule(head("GET http://x/ HTTP/1.1")) == .missingHost)
        #expect(try onlyRequest(head("GET / HTTP/1.0")).host == nil)
    }

    @Test(arguments: ["1.0", "1.1"])
    func `a second host is refused even when equal`(version: String) {
        #expect(brokenRule(head("GET / HTTP/\(version)", "Host: x", "hOST: x")) == .duplicateHost)
    }

    // MARK: Content-Length

    @Test(arguments: [("0", 0), ("3", 3), ("003", 3), ("00000000000000000000000000000003", 3), ("  3\t", 3)])
    func `a decimal length is the length of the body`(value: String, length: Int) throws {
        let request = try onlyRequest(
            head("POST / HTTP/1.1", "Host: x", "Content-Length: \(value)") + "abcdef".prefix(length)
        )
        #expect(request.body.utf8.count == length)
    }

    @Test(arguments: [
        "", "-1", "+1", "1.0", "0x5", "5, 5", "5,5", "5 5", "five", "1e3", "5;", "\"5\"", "\u{661}",
        "9223372036854775807",
        "18446744073709551621", "99999999999999999999999999",
    ])
    func `a length that is not one decimal number is refused`(value: String) {
        #expect(brokenRule(head("POST / HTTP/1.1", "Host: x", "Content-Length: \(value)")) == .badContentLength)
    }

    @Test(arguments: [("5", "5"), ("5", "6"), ("0", "0"), ("5", "")])
    func `a second length is refused, equal or not`(first: String, second: String) {
        let text = head("POST / HTTP/1.1", "Content-Length: \(first)", "Host: x", "content-length: \(second)") + "hello"
        #expect(brokenRule(text) == .duplicateContentLength)
    }

    @Test func `a request without a length has no body`() throws {
        let request = try onlyRequest(head("POST / HTTP/1.1", "Host: x", "Content_Length: 5"))
        #expect(request.body.isEmpty)
    }

    // MARK: Transfer-Encoding

    @Test(arguments: ["chunked", "CHUNKED", "Chunked", " \tchunked\t "])
    func `chunked alone is taken in any case`(value: String) throws {
        let request = try onlyRequest(
            head("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: \(value)") + "1\r\na\r\n0\r\n\r\n"
        )
        #expect(request.body == "a")
    }

    @Test(arguments: [
        ("gzip", Refusal.Rule.unsupportedTransferCoding),
        ("gzip, chunked", .unsupportedTransferCoding),
        ("Deflate ,\tchunked", .unsupportedTransferCoding),
        ("compress", .unsupportedTransferCoding),
        ("x-gzip,x-compress,chunked", .unsupportedTransferCoding),
        ("", .badTransferEncoding),
        (",", .badTransferEncoding),
        ("chunked,", .badTransferEncoding),
        (",chunked", .badTransferEncoding),
        ("chunked, chunked", .badTransferEncoding),
        ("chunked, gzip", .badTransferEncoding),
        ("gzip, chunked, chunked", .badTransferEncoding),
        ("xchunked", .badTransferEncoding),
        ("chunkedx", .badTransferEncoding),
        ("chunk", .badTransferEncoding),
        ("\"chunked\"", .badTransferEncoding),
        ("chunked;q=1", .badTransferEncoding),
        ("chunked gzip", .badTransferEncoding),
        ("identity", .badTransferEncoding),
        ("identity, chunked", .badTransferEncoding),
        ("chunked\u{b}", .controlByte),
        ("\u{0}chunked", .controlByte),
        ("chunked\r\n ", .foldedField),
    ])
    func `any other transfer coding is refused`(value: String, rule: Refusal.Rule) {
        let text = head("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: \(value)") + "0\r\n\r\n"
        #expect(brokenRule(text) == rule)
    }

    @Test(arguments: ["chunked", "gzip", "identity", ""])
    func `a second transfer coding is refused`(second: String) {
        let text = head("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "Transfer-Encoding: \(second)")
        #expect(brokenRule(text) == .duplicateTransferEncoding)
    }

    @Test(arguments: [
        ["Content-Length: 5", "Transfer-Encoding: chunked"], ["Transfer-Encoding: chunked", "Content-Length: 5"],
        ["Transfer-Encoding: gzip", "Content-Length: 0"],
    ])
    func `both lengths together are refused`(fields: [String]) {
        #expect(brokenRule(head("POST / HTTP/1.1", "Host: x", fields[0], fields[1]) + "0\r\n\r\n") == .twoLengths)
    }

    @Test func `HTTP/1.0 has no transfer coding`() {
        #expect(brokenRule(head("POST / HTTP/1.0", "Transfer-Encoding: chunked")) == .transferEncodingInHTTP10)
    }

    // MARK: Expect

    @Test(arguments: ["Content-Length: 2", "Transfer-Encoding: chunked"])
    func `a client that waits for 100 Continue is reported once`(length: String) {
        let start = head("POST / HTTP/1.1", "Host: x", "Expect: 100-Continue", length)
        let body = length.hasPrefix("C") ? "ab" : "2\r\nab\r\n0\r\n\r\n"
        let sizes = [start.utf8.count, 1, 1]
        let reading = Reading(Array((start + body).utf8), pieces: sizes)
        #expect(reading.continues == 1)
        #expect(reading.requests.map(\.body) == ["ab"])
    }

    @Test func `a client that does not wait for 100 Continue is not told to go on`() {
        let start = head("POST / HTTP/1.1", "Host: x", "Expect: 100-continue", "Content-Length: 2")
        #expect(Reading(start + "ab").continues == 0)
        #expect(Reading(start + "a").continues == 0)
        #expect(Reading(head("GET / HTTP/1.1", "Host: x", "Expect: 100-continue")).continues == 0)
        let old = head("POST / HTTP/1.0", "Expect: 100-continue", "Content-Length: 2")
        #expect(Reading(old).continues == 0)
        #expect(Reading(old).stage == .body)
        #expect(Reading(old).refusal == nil)
    }

    @Test(arguments: ["", "200-ok", "100-continue, 100-continue", "100-continue;a=b", "100 continue"])
    func `any other expectation is refused`(value: String) {
        let text = head("POST / HTTP/1.1", "Host: x", "Expect: \(value)", "Content-Length: 2")
        #expect(brokenRule(text) == .unknownExpectation)
    }

    // MARK: Connection

    @Test(arguments: [
        ("1.1", [], true),
        ("1.1", ["close"], false),
        ("1.1", ["CLOSE"], false),
        ("1.1", ["keep-alive"], true),
        ("1.1", ["keep-alive, close"], false),
        ("1.1", ["te ,\tclose ,x"], false),
        ("1.1", ["keep-alive", "close"], false),
        ("1.1", ["closed", "x-close", "\"close\"", "", ","], true),
        ("1.0", [], false),
        ("1.0", ["Keep-Alive"], true),
        ("1.0", ["x,keep-alive"], true),
        ("1.0", ["keep-alive,close"], false),
        ("1.0", ["x"], false),
    ])
    func `the connection stays open as version and options say`(
        version: String,
        options: [String],
        keepAlive: Bool
    ) throws {
        let lines = ["GET / HTTP/\(version)", "Host: x"] + options.map { "Connection: \($0)" }
        #expect(try onlyRequest(lines.joined(separator: "\r\n") + "\r\n\r\n").keepAlive == keepAlive)
    }
}
