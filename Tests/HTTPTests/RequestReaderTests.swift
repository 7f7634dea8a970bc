import HTTP
import Testing

@Suite("Request reader")
struct RequestReaderTests {
    static let process = head(
        "POST /SoftToken/Provisioning.asmx/Process HTTP/1.1",
        "Host: globalftm.test",
        "Accept: application/json, text/javascript, */*, q=0.01",
        "Content-Type: application/json;...",
        "Content-Length: 9"
    )

    /// Requests that between them use every part of the reader, and some that it refuses.
    static let samples = [
        process + "{\"d\":{}}\n",
        "\r\n\r\n" + head("GET /a?b HTTP/1.0", "Connection: keep-alive"),
        head("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked")
            + "5;e=1\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: 1\r\n\r\n",
        head("OPTIONS * HTTP/1.1", "Host: [::1]:80") + head("HEAD http://h?q HTTP/1.1", "Host: x", "Connection: close"),
        head("POST / HTTP/1.1", "Host: x", "Expect: 100-continue", "Content-Length: 3") + "abc",
        head("PUT / HTTP/1.1", "Host: x", "Content-Length: 3") + "abc" + "\r\n" + head("GET /next HTTP/1.1", "Host: x"),
        head("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked") + "3\r\nabcX",
        head("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked") + "3\r\nabc\rX",
        head("POST / HTTP/1.1", "Host: x", "Content-Length: 3", "Content-Length: 3") + "abc",
        "GET / HTTP/1.1\rHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\n\r\n",
        head("GET / HTTP/1.1", "Host: x", " folded"),
        "\r\n\r\n\r\n" + head("GET / HTTP/1.1", "Host: x"),
    ]

    @Test func `an appliance's request is read`() throws {
        let request = try onlyRequest(Self.process + "{\"d\":{}}\n")
        #expect(request.method == "POST")
        #expect(request.path == "/SoftToken/Provisioning.asmx/Process")
        #expect(request.host == "globalftm.test")
        #expect(request.version == .http11)
        #expect(request.keepAlive)
        #expect(request.body == "{\"d\":{}}\n")
        #expect(request.length == Self.process.utf8.count + 9)
    }

    @Test(arguments: samples)
    func `bytes one at a time mean the same as all at once`(text: String) {
        let bytes = Array(text.utf8)
        let whole = Reading(bytes, pieces: [])
        let dripped = Reading(bytes, pieces: repeatElement(1, count: bytes.count))
        #expect(dripped.outcome == whole.outcome)
        #expect(!whole.requests.isEmpty || whole.refusal != nil, "the sample must come to something")
    }

    @Test(arguments: samples)
    func `bytes split in two anywhere mean the same as all at once`(text: String) {
        let bytes = Array(text.utf8)
        let whole = Reading(bytes, pieces: []).outcome
        for position in 1..<bytes.count {
            #expect(Reading(bytes, pieces: [position]).outcome == whole, "split at \(position)")
        }
    }

    @Test func `pipelined requests are read one after another`() {
        let texts = (0..<20)
            .map { index in
                index % 2 == 0
                    ? head("POST /\(index) HTTP/1.1", "Host: x", "Content-Length: 4") + "body"
                    : head("POST /\(index) HTTP/1.1", "Host: x", "Transfer-Encoding: chunked")
                        + "2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n"
            }
        let reading = Reading(texts.joined())
        #expect(reading.refusal == nil)
        #expect(reading.requests.map(\.path) == (0..<20).map { "/\($0)" })
        #expect(reading.requests.allSatisfy { $0.body == "body" })
        #expect(reading.requests.map(\.length) == texts.map(\.utf8.count))
        #expect(reading.stage == .idle)
    }

    @Test func `nothing of one request carries over to the next`() throws {
        let first = head("POST /1?q HTTP/1.0", "Host: x", "Connection: keep-alive", "Content-Length: 1") + "a"
        let second = head("GET /2 HTTP/1.0", "A: b")
        let next = try #require(Reading(first + second).requests.last)
        #expect(next == (try onlyRequest(second)))
        #expect(next.host == nil)
        #expect(next.query == nil)
        #expect(!next.keepAlive)
    }

    @Test func `a refused request leaves those before it alone`() {
        let reading = Reading(head("GET /1 HTTP/1.1", "Host: x") + head("GET /2 HTTP/1.1"))
        #expect(reading.requests.map(\.path) == ["/1"])
        #expect(reading.refusal?.rule == .missingHost)
        #expect(reading.refusal?.offset == "GET /2 HTTP/1.1\r\n".utf8.count)
    }

    @Test(arguments: [
        ("", RequestReader.Stage.idle),
        ("\r", .idle),
        ("\r\n\r\n", .idle),
        ("G", .head),
        ("GET / HTTP/1.1\r\nHost: x\r\n\r", .head),
        (head("GET / HTTP/1.1", "Host: x"), .idle),
        (head("POST / HTTP/1.1", "Host: x", "Content-Length: 1"), .body),
        (head("POST / HTTP/1.1", "Host: x", "Content-Length: 1") + "a", .idle),
        (head("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked"), .body),
        (head("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked") + "0\r\n", .body),
        (head("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked") + "0\r\n\r\n", .idle),
    ])
    func `the reader knows which part it waits for`(text: String, stage: RequestReader.Stage) {
        let reading = Reading(text)
        #expect(reading.refusal == nil)
        #expect(reading.stage == stage)
    }
}
