import HTTP
import Testing

@testable import Server

/// HTTP/1.1 as a server speaks it, without a socket.
@Suite struct ConversationTests {
    /// One end of a conversation: the bytes that came and are not used, and what the machine made of them.
    private final class Talk {
        private var conversation = Conversation()
        private(set) var bytes: [UInt8] = []
        private(set) var begun: [RequestReader.Stage] = []

        var stage: RequestReader.Stage { conversation.stage }
        var needed: Int { conversation.neededCount }
        var keepsAlive: Bool { conversation.keepsAlive }
        var streamLength: ResponseWriter.Length { conversation.streamLength }
        var framing: Int { conversation.limits.chunkFramingBytes }

        func hear(_ text: String) -> RequestReader.Progress {
            bytes += text.utf8
            var unread = bytes.mutableSpan
            let (next, begins) = conversation.advance(over: &unread)
            if let begins { begun.append(begins) }
            return next
        }

        /// The head of an answer to the request at hand.
        func answer(isLast: Bool = false, isStream: Bool = false) -> ResponseHead {
            var head = ResponseHead(status: .ok)
            conversation.frame(&head, isLast: isLast, isStream: isStream)
            bytes.removeFirst(conversation.request.length)
            return head
        }

        func exceeds(_ limit: Int, given count: Int) -> Bool { conversation.exceeds(limit, given: count) }

        func endAfterAnswer() { conversation.endAfterAnswer() }

        func reset() {
            conversation.reset()
            bytes = []
        }
    }

    private static func request(_ version: String, _ fields: String = "", method: String = "GET") -> String {
        "\(method) / HTTP/\(version)\r\nHost: lab\r\n\(fields)\r\n"
    }

    @Test func `each stage's deadline begins once, with its first byte`() {
        let talk = Talk()
        #expect(talk.hear("\r\n") == .needsMore)
        #expect(talk.begun.isEmpty)
        #expect(talk.hear("POST / HT") == .needsMore)
        #expect(talk.hear("TP/1.1\r\nHost: lab\r\n") == .needsMore)
        #expect(talk.begun == [.head])
        #expect(talk.hear("Content-Length: 4\r\n\r\n12") == .needsMore)
        #expect(talk.begun == [.head, .body])
        #expect(talk.needed == talk.bytes.count + 2)
        #expect(talk.hear("34") == .complete)
        #expect(talk.begun == [.head, .body])
        #expect(talk.stage == .idle)
    }

    @Test func `requests that came together are answered one after another`() {
        let talk = Talk()
        #expect(talk.hear(Self.request("1.1") + Self.request("1.1", "Connection: close\r\n")) == .complete)
        #expect(talk.answer().persistence == .implied)
        #expect(talk.keepsAlive)
        #expect(talk.hear("") == .complete)
        #expect(talk.answer().persistence == .close)
        #expect(!talk.keepsAlive)
        #expect(talk.begun.isEmpty)
    }

    @Test(arguments: [
        ("1.1", "", ResponseHead.Persistence.implied), ("1.1", "Connection: close\r\n", .close),
        ("1.0", "", .close), ("1.0", "Connection: keep-alive\r\n", .keepAlive),
    ])
    func `the client decides whether the connection goes on`(
        version: String,
        fields: String,
        persistence: ResponseHead.Persistence
    ) {
        let talk = Talk()
        #expect(talk.hear(Self.request(version, fields)) == .complete)
        #expect(talk.answer().persistence == persistence)
        #expect(talk.keepsAlive == (persistence != .close))
    }

    @Test func `the last answer says so, whatever the client wants`() {
        let talk = Talk()
        #expect(talk.hear(Self.request("1.1")) == .complete)
        #expect(talk.answer(isLast: true).persistence == .close)
        #expect(!talk.keepsAlive)
    }

    @Test func `an answer that was cut is the last although its head said otherwise`() {
        let talk = Talk()
        #expect(talk.hear(Self.request("1.1")) == .complete)
        #expect(talk.answer().persistence == .implied)
        talk.endAfterAnswer()
        #expect(!talk.keepsAlive)
    }

    @Test func `a stream goes out in chunks, or to the end for who knows none`() {
        let talk = Talk()
        #expect(talk.hear(Self.request("1.1")) == .complete)
        #expect(talk.streamLength == .chunked)
        #expect(talk.answer(isStream: true).persistence == .implied)
        #expect(talk.hear(Self.request("1.0", "Connection: keep-alive\r\n")) == .complete)
        #expect(talk.streamLength == .untilClose)
        #expect(talk.answer(isStream: true).persistence == .close)
        #expect(!talk.keepsAlive)
    }

    @Test func `a request for a head is answered with one`() {
        let talk = Talk()
        #expect(talk.hear(Self.request("1.1", method: "HEAD")) == .complete)
        #expect(talk.answer().isForHead)
        #expect(talk.hear(Self.request("1.1")) == .complete)
        #expect(!talk.answer().isForHead)
    }

    @Test func `a client that waits is told to go on once`() {
        let talk = Talk()
        let head = Self.request("1.1", "Expect: 100-continue\r\nContent-Length: 2\r\n", method: "POST")
        #expect(talk.hear(head) == .expectsContinue)
        #expect(talk.stage == .body)
        #expect(talk.hear("") == .needsMore)
        #expect(talk.hear("{}") == .complete)
    }

    @Test func `a body is held to a bound by what is announced, or by what came`() {
        let sized = Talk()
        #expect(sized.hear(Self.request("1.1", "Content-Length: 9\r\n", method: "POST")) == .needsMore)
        #expect(sized.exceeds(8, given: sized.bytes.count))
        #expect(!sized.exceeds(9, given: sized.bytes.count))
        let chunked = Talk()
        let head = Self.request("1.1", "Transfer-Encoding: chunked\r\n", method: "POST")
        #expect(chunked.hear(head) == .needsMore)
        #expect(!chunked.exceeds(8, given: chunked.framing + 8))
        #expect(chunked.exceeds(8, given: chunked.framing + 9))
    }

    @Test func `what is refused stays so until another peer's first byte`() {
        let talk = Talk()
        guard case .refused(let refusal) = talk.hear("GET / HTTP/1.1\n") else {
            Issue.record("a bare LF was taken")
            return
        }
        #expect(refusal.rule == .bareLineFeed)
        #expect(talk.hear("\r\n") == .refused(refusal))
        talk.reset()
        #expect(talk.stage == .idle)
        #expect(talk.hear(Self.request("1.1")) == .complete)
        #expect(talk.answer().persistence == .implied)
    }
}
