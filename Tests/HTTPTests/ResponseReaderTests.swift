import HTTP
import Testing

@Suite("Response reader")
struct ResponseReaderTests {
    /// What came of a stream of bytes.
    struct Outcome: Equatable {
        var response: Response?
        var content = ""
        var keepsAlive: Bool?
        var defect: ResponseDefect?
        /// What follows the answer.
        var rest = ""

        /// Reads `bytes` in pieces of these sizes, then the rest in one, then their end where `ends`.
        init(
            _ text: String,
            pieces: some Sequence<Int> = [],
            ends: Bool = true,
            limits: RequestLimits = RequestLimits(),
            isForHead: Bool = false
        ) {
            var reader = ResponseReader(limits: limits, isForHead: isForHead)
            var buffer: [UInt8] = []
            var incoming = Array(text.utf8)[...]
            for size in pieces where !incoming.isEmpty {
                buffer += incoming.prefix(size)
                incoming = incoming.dropFirst(size)
                advance(&reader, &buffer, isAtEnd: false)
            }
            buffer += incoming
            advance(&reader, &buffer, isAtEnd: ends)
            rest = String(decoding: buffer, as: UTF8.self)
        }

        private mutating func advance(_ reader: inout ResponseReader, _ buffer: inout [UInt8], isAtEnd: Bool) {
            while true {
                let (event, taken) = reader.next(in: buffer.span, isAtEnd: isAtEnd)
                switch event {
                case .content(let range): content += String(decoding: buffer[range], as: UTF8.self)
                case .head(let response): self.response = response
                case .complete(let keepsAlive): self.keepsAlive = keepsAlive
                case .failed(let defect): self.defect = defect
                case .needsMore: break
                }
                buffer.removeFirst(taken)
                switch event {
                case .needsMore, .complete, .failed: return
                case .head, .content: continue
                }
            }
        }
    }

    static let sized = head("HTTP/1.1 200 OK", "Content-Type: application/json", "Content-Length: 5") + "hello"
    static let chunked =
        head("HTTP/1.1 201 Created", "Transfer-Encoding: chunked")
        + "5;e=1\r\nhello\r\n6\r\n world\r\n0\r\nA: b\r\n\r\n"

    /// Answers that between them use every part of the reader, and some that it refuses.
    static let samples = [
        sized, chunked, sized + "more",
        head("HTTP/1.1 200 OK", "Connection: close") + "until the end",
        head("HTTP/1.0 200 OK", "Content-Length: 1") + "a",
        head("HTTP/1.1 204 No Content"),
        head("HTTP/1.1 100 Continue") + head("HTTP/1.1 103 Early Hints", "Link: x") + sized,
        "HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n",
        head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + "3\r\nabcX",
        head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + "3\r\nabc\rX",
        head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + "z\r\n",
        head("HTTP/1.1 200 OK", "Content-Length: 9") + "short",
        "HTTP/1.1 200 OK\nA: b\r\n\r\n",
        head("HTTP/2.0 200 OK"), "SSH-2.0-OpenSSH_9\r\n", head("HTTP/1.1 20x OK"), head("HTTP/1.1 101 Switching"),
    ]

    @Test func `an answer with a length is read`() throws {
        let outcome = Outcome(Self.sized + "more", ends: false)
        let response = try #require(outcome.response)
        #expect(response.status == .ok)
        #expect(response.version == .http11)
        #expect(response.value(of: "content-type") == "application/json")
        #expect(response.value(of: "absent") == nil)
        #expect(outcome.content == "hello")
        #expect(outcome.keepsAlive == true)
        #expect(outcome.rest == "more")
    }

    @Test func `a chunked answer is read without its framing and its trailers`() {
        let outcome = Outcome(Self.chunked, ends: false)
        #expect(outcome.response?.status == .created)
        #expect(outcome.content == "hello world")
        #expect(outcome.keepsAlive == true)
        #expect(outcome.response?.value(of: "a") == nil)
    }

    @Test func `an answer without a length lasts until the connection's end`() {
        let text = head("HTTP/1.1 200 OK") + "as long as it lasts"
        #expect(Outcome(text, ends: false).keepsAlive == nil)
        let outcome = Outcome(text)
        #expect(outcome.content == "as long as it lasts")
        #expect(outcome.keepsAlive == false)
    }

    @Test func `content is handed out as it comes`() {
        let text = head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + "5\r\nhel"
        #expect(Outcome(text, ends: false).content == "hel")
    }

    @Test(arguments: ["HTTP/1.1 204 No Content", "HTTP/1.1 304 Not Modified"])
    func `some statuses have no content, whatever the head says`(line: String) {
        let outcome = Outcome(head(line, "Content-Length: 5"), ends: false)
        #expect(outcome.keepsAlive == true)
        #expect(outcome.content.isEmpty)
    }

    @Test func `the answer to HEAD has no content`() {
        #expect(Outcome(head("HTTP/1.1 200 OK", "Content-Length: 5"), ends: false, isForHead: true).keepsAlive == true)
    }

    @Test func `interim answers are passed over, up to a bound`() {
        let interim = head("HTTP/1.1 100 Continue", "Note: x")
        let few = Outcome(String(repeating: interim, count: ResponseReader.toleratedInterims) + Self.sized)
        #expect(few.response?.fields.map(\.name) == ["content-type", "content-length"])
        let many = Outcome(String(repeating: interim, count: ResponseReader.toleratedInterims + 1) + Self.sized)
        #expect(many.defect == .interims)
    }

    @Test(arguments: samples)
    func `an answer split anywhere means the same as whole`(text: String) {
        let whole = Outcome(text)
        #expect(whole.keepsAlive != nil || whole.defect != nil, "the sample must come to something")
        for position in 1..<text.utf8.count {
            #expect(Outcome(text, pieces: [position]) == whole, "split at \(position)")
        }
        #expect(Outcome(text, pieces: repeatElement(1, count: text.utf8.count)) == whole)
    }

    @Test(arguments: [
        ("SSH-2.0-OpenSSH_9\r\n", ResponseDefect.notHTTP),
        ("HTTP/1.1\r\n", .notHTTP),
        ("HTTP/1.1 99 No\r\n", .notHTTP),
        ("HTTP/1.1 2000 No\r\n", .notHTTP),
        ("HTTP/1.1 600 No\r\n", .notHTTP),
        ("HTTP/1.1  200 No\r\n", .notHTTP),
        (head("HTTP/2.0 200 OK"), .unsupportedVersion),
        (head("HTTP/1.1 101 Switching Protocols"), .upgrade),
        (head("HTTP/1.1 200 OK", "Content-Length: 1", "Content-Length: 1"), .broken(.duplicateContentLength)),
        (head("HTTP/1.1 200 OK", "Content-Length: 1", "Transfer-Encoding: chunked"), .broken(.twoLengths)),
        (head("HTTP/1.1 200 OK", "Transfer-Encoding: gzip"), .broken(.unsupportedTransferCoding)),
        (head("HTTP/1.0 200 OK", "Transfer-Encoding: chunked"), .broken(.transferEncodingInHTTP10)),
        (head("HTTP/1.1 200 OK", " folded"), .broken(.foldedField)),
        ("HTTP/1.1 200 OK\nA: b\r\n\r\n", .broken(.bareLineFeed)),
        (head("HTTP/1.1 200 OK", "Content-Length: 2") + "a", .truncated),
        (head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + "1\r\na\r\n", .truncated),
        ("HTTP/1.1 200 OK\r\n", .truncated),
        ("", .truncated),
    ])
    func `what is no answer is refused with its reason`(text: String, defect: ResponseDefect) {
        let outcome = Outcome(text)
        #expect(outcome.defect == defect)
        #expect(outcome.keepsAlive == nil)
        #expect(!defect.description.isEmpty && !defect.description.hasSuffix("."))
    }

    @Test func `everything that a server can make grow has a bound`() {
        let long = String(repeating: "x", count: 200)
        let small = RequestLimits(
            requestLineBytes: 100,
            headBytes: 150,
            fieldCount: 3,
            chunkLineBytes: 20,
            chunkFramingBytes: 50
        )
        func defect(_ text: String) -> ResponseDefect? { Outcome(text, ends: false, limits: small).defect }
        #expect(defect("HTTP/1.1 200 \(long)") == .broken(.headTooLarge))
        #expect(defect("HTTP/1.1 200 OK\r\nA: \(long)") == .broken(.headTooLarge))
        #expect(defect(head("HTTP/1.1 200 OK", "A: 1", "B: 2", "C: 3", "D: 4")) == .broken(.tooManyFields))
        let chunks = head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
        #expect(defect(chunks + "1;" + long) == .broken(.chunkLineTooLong))
        #expect(defect(chunks + "0\r\nA: \(long)") == .broken(.chunkFramingTooLarge))
        #expect(defect(chunks + "fffffffffffffffff\r\n") == .broken(.badChunkSize))
    }
}
