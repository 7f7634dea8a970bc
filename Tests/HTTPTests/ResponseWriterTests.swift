import HTTP
import Testing

@Suite("Response writer")
struct ResponseWriterTests {
    private static let writer = ResponseWriter(server: FieldValue("FauxGuard/1.0"))
    private static let date = HTTPDate(unixSeconds: 784_111_777)

    private func written(_ head: ResponseHead, _ body: String = "{}") -> String {
        var out: [UInt8] = []
        Self.writer.append(head, body: Array(body.utf8), date: Self.date, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    @Test func `an answer is these bytes`() {
        let expected = """
            HTTP/1.1 200 OK\r
            Server: FauxGuard/1.0\r
            Date: Sun, 06 Nov 1994 08:49:37 GMT\r
            Content-Type: application/json; charset=utf-8\r
            Content-Length: 2\r
            \r
            {}
            """
        #expect(written(ResponseHead(status: .ok)) == expected)
    }

    @Test func `an error that closes and has fields of its own is these bytes`() {
        let head = ResponseHead(
            status: .methodNotAllowed,
            contentType: .plainText,
            persistence: .close,
            fields: [ResponseField("Allow", "POST"), ResponseField("jsonerror", "true")]
        )
        let expected = """
            HTTP/1.1 405 Method Not Allowed\r
            Server: FauxGuard/1.0\r
            Date: Sun, 06 Nov 1994 08:49:37 GMT\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: 0\r
            Connection: close\r
            Allow: POST\r
            jsonerror: true\r
            \r

            """
        #expect(written(head, "") == expected)
    }

    @Test(arguments: [
        (true, Version.http11, nil as String?), (true, .http10, "keep-alive"), (false, .http11, "close"),
        (false, .http10, "close"),
    ])
    func `the connection's fate is said where the version does not imply it`(
        keepAlive: Bool,
        version: Version,
        option: String?
    ) {
        let persistence = ResponseHead.Persistence(keepAlive: keepAlive, version: version)
        let text = written(ResponseHead(status: .ok, persistence: persistence))
        if let option {
            #expect(text.contains("\r\nConnection: \(option)\r\n"))
        } else {
            #expect(!text.contains("Connection:"))
        }
    }

    @Test func `HEAD gets the head of the answer and no body`() {
        let full = written(ResponseHead(status: .ok), "hello")
        let head = written(ResponseHead(status: .ok, isForHead: true), "hello")
        #expect(head.contains("Content-Length: 5\r\n"))
        #expect(full == head + "hello")
    }

    @Test(arguments: [204, 304, 101])
    func `a status without content has neither body nor length`(code: Int) throws {
        let text = written(ResponseHead(status: try #require(Status(code: code))), "hello")
        #expect(!text.contains("Content-"))
        #expect(text.hasSuffix("\r\n\r\n"))
    }

    @Test func `a head can announce a length of its own and leave its type out`() {
        var out = Array("before".utf8)
        let head = ResponseHead(status: .ok, contentType: nil)
        Self.writer.appendHead(head, length: .bytes(1_234_567_890), date: Self.date, to: &out)
        let text = String(decoding: out, as: UTF8.self)
        #expect(text.hasPrefix("beforeHTTP/1.1 200 OK\r\n"))
        #expect(text.hasSuffix("GMT\r\nContent-Length: 1234567890\r\n\r\n"))
    }

    @Test func `a body may be announced as longer than it is, and HEAD gets neither`() {
        let body = Array("{}".utf8)
        for (isForHead, end) in [(false, "\r\n\r\n{}"), (true, "\r\n\r\n")] {
            var out: [UInt8] = []
            let head = ResponseHead(status: .ok, isForHead: isForHead)
            Self.writer.append(head, length: .bytes(9), body: body, date: Self.date, to: &out)
            #expect(String(decoding: out, as: UTF8.self).hasSuffix("\r\nContent-Length: 9\(end)"))
        }
    }

    @Test(arguments: [0, 1, 9, 10, 11, 99, 100, 101, 902, 1_048_576, .max])
    func `lengths are written in decimal`(length: Int) {
        var out: [UInt8] = []
        Self.writer.appendHead(ResponseHead(status: .ok), length: .bytes(length), date: Self.date, to: &out)
        #expect(String(decoding: out, as: UTF8.self).contains("\r\nContent-Length: \(length)\r\n"))
    }

    @Test func `a code without a phrase keeps the space before it`() throws {
        let text = written(ResponseHead(status: try #require(Status(code: 299))))
        #expect(text.hasPrefix("HTTP/1.1 299 \r\nServer: "))
    }

    @Test func `a waiting client is told to go on`() {
        #expect(String(decoding: ResponseWriter.continueInterim, as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n")
    }

    @Test func `answers follow one another in one buffer`() {
        var out: [UInt8] = []
        for body in ["one", "two"] {
            Self.writer.append(ResponseHead(status: .created), body: Array(body.utf8), date: Self.date, to: &out)
        }
        let text = String(decoding: out, as: UTF8.self)
        #expect(text == written(ResponseHead(status: .created), "one") + written(ResponseHead(status: .created), "two"))
    }

    @Test func `a body of unknown length is announced in chunks, or by nothing to a client that knows none`() {
        let lengths: [(ResponseWriter.Length, String)] = [
            (.chunked, "\r\nTransfer-Encoding: chunked\r\n\r\n"), (.untilClose, "; charset=utf-8\r\n\r\n"),
        ]
        for (length, end) in lengths {
            var out: [UInt8] = []
            Self.writer.appendHead(ResponseHead(status: .ok), length: length, date: Self.date, to: &out)
            let text = String(decoding: out, as: UTF8.self)
            #expect(text.hasSuffix(end))
            #expect(!text.contains("Content-Length"))
        }
    }

    @Test func `a chunk has its length in hexadecimal, and an empty piece is none`() {
        var out: [UInt8] = []
        Self.writer.appendChunk(Array(repeating: 0x61, count: 26), isLast: false, to: &out)
        Self.writer.appendChunk([], isLast: false, to: &out)
        Self.writer.appendChunk(Array("end".utf8), isLast: true, to: &out)
        let long = String(repeating: "a", count: 26)
        #expect(String(decoding: out, as: UTF8.self) == "1a\r\n\(long)\r\n3\r\nend\r\n0\r\n\r\n")
    }

    @Test func `a negative length is a mistake in the program`() async {
        await #expect(processExitsWith: .failure) {
            var out: [UInt8] = []
            let writer = ResponseWriter(server: FieldValue("x"))
            writer.appendHead(
                ResponseHead(status: .ok),
                length: .bytes(-1),
                date: HTTPDate(unixSeconds: 0),
                to: &out
            )
        }
    }
}
