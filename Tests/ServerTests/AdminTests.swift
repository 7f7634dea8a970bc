import Admin
import HTTP
import IO
import Journal
import Server
import Testing

@Suite struct BearerTokenTests {
    private static let text = "0123456789abcdef-XYZ"

    @Test(arguments: ["Bearer ", "bearer ", "BEARER ", "bEaReR "])
    func `the token opens, however its scheme is written`(scheme: String) throws {
        #expect(try isPresented(scheme + Self.text))
    }

    @Test(
        arguments: [
            "", "Bearer", "Bearer ", text, "Bearer  " + text, "Basic  " + text, "Bearer " + text + " ",
            "Bearer " + text.uppercased(), "Bearer " + text.dropLast(), "Bearer x" + text.dropFirst(),
            "Bearer " + text.dropLast() + "x", "Bearer " + text + text, "Bearer\t" + text,
        ]
    )
    func `anything else does not`(value: String) throws {
        #expect(try !isPresented(value))
    }

    @Test(
        arguments: [
            ("", false), ("0123456789abcde", false), ("0123456789abcdef", true), ("0123456789 abcdef", false),
            ("0123456789abcdé!", false), ("0123456789abcdef\n", false),
        ]
    )
    func `a token has sixteen visible characters at least`(text: String, isToken: Bool) {
        #expect((BearerToken(text) != nil) == isToken)
    }

    @Test func `a token shows itself nowhere`() throws {
        let token = try #require(BearerToken(Self.text))
        #expect("\(token)" == "bearer token (hidden)")
        #expect(!String(reflecting: token).contains(Self.text))
    }

    private func isPresented(_ value: String) throws -> Bool {
        let token = try #require(BearerToken(Self.text))
        let bytes = Array(value.utf8)
        return token.isPresented(in: bytes.span)
    }
}

@Suite(.timeLimit(.minutes(1))) struct AdminServiceTests {
    @Test(
        arguments: [
            ("GET /healthz", 200, "alive"), ("HEAD /healthz", 200, "alive"), ("GET /readyz", 503, "not ready"),
            ("GET /healthz?verbose", 200, "alive"), ("POST /healthz", 405, "this path takes GET, HEAD"),
            ("GET /", 404, "nothing is at this path"), ("GET /healthz/", 404, "nothing is at this path"),
            ("GET /api/v1/labs", 404, "nothing is at this path"),
        ]
    )
    func `paths and methods`(line: String, status: Int, words: String) throws {
        let (head, body) = try answer(line)
        #expect(head.status.code == status)
        #expect(body.contains("\"\(words)\""), "\(body)")
        #expect(body.hasSuffix("\n"))
    }

    @Test func `it is ready from the moment it is said, until it is taken back`() throws {
        let readiness = Readiness()
        var statuses: [Int] = []
        for isReady in [true, false] {
            readiness.set(isReady)
            statuses.append(try answer("GET /readyz", readiness: readiness).head.status.code)
        }
        #expect(statuses == [200, 503])
    }

    @Test(arguments: ["GET /healthz", "GET /readyz", "GET /", "POST /healthz"])
    func `with a token, nothing is told without it`(line: String) throws {
        let token = try #require(BearerToken("0123456789abcdef"))
        let (head, body) = try answer(line, token: token)
        #expect(head.status.code == 401)
        #expect(body == "{\"error\":\"a bearer token is needed\"}\n")
        #expect(
            try answer(line, token: token, fields: "Authorization: Bearer 0123456789abcdeF\r\n").head.status.code == 401
        )
        #expect(
            try answer(line, token: token, fields: "Authorization: Bearer 0123456789abcdef\r\n").head.status.code != 401
        )
    }

    private func answer(
        _ line: String,
        token: BearerToken? = nil,
        readiness: Readiness = Readiness(),
        fields: String = ""
    ) throws -> (head: ResponseHead, body: String) {
        let service = AdminService(token: token, readiness: readiness)
        // The loop is never started: what the admin plane answers takes no wait.
        let loop = try EventLoop(named: "admin")
        let context = LoopContext(on: loop, responses: ResponseWriter(server: FieldValue("test")))
        var record = ExchangeRecord(connection: 1)
        var bytes = Array("\(line) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n".utf8)
        var reader = RequestReader(limits: RequestLimits())
        var span = bytes.mutableSpan
        guard case .complete(let request) = reader.advance(over: &span) else {
            throw Unreadable(line: line)
        }
        var body: [UInt8] = []
        switch service.read(request, in: span.span, on: context, for: &record) {
        case .answered(let answer):
            let head = service.write(answer, into: &body, for: &record)
            return (head, String(decoding: body, as: UTF8.self))
        }
    }

    private struct Unreadable: Error {
        let line: String
    }
}
