import Client
import Foundation
import HTTP
import IO
import TLS
import TestKit
import Testing

@Suite("HTTP client", .timeLimit(.minutes(1)))
struct HTTPClientTests {
    static let agent = FieldValue("Test/1")
    static let now = Int64(Date.now.timeIntervalSince1970)

    /// Sends one request on a thread of its own and returns the answer.
    static func ask(
        _ url: String,
        _ request: OutgoingRequest = OutgoingRequest(.get, "/a"),
        trusting anchors: [UInt8] = [],
        authorization: FieldValue? = nil,
        patience: HTTPClient.Patience = HTTPClient.Patience(),
        limit: Int = 1 << 20
    ) async throws -> (response: Response, text: String) {
        try await Blocking.run {
            let client = try HTTPClient(
                ServerURL(url),
                trusting: anchors,
                agent: agent,
                authorization: authorization
            )
            let (response, content) = try client.send(request, patience: patience, limit: limit)
            return (response, String(decoding: content, as: UTF8.self))
        }
    }

    static func failure(_ body: () async throws -> Void) async -> ClientError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? ClientError
        }
    }

    private func freeAddress() throws -> SocketAddress {
        try ListeningSocket.open(SocketAddress(host: .v4(0x7F00_0001), port: 0)).address
    }

    @Test func `a request goes out as it was meant`() async throws {
        let server = try ScriptedServer(.init(201, "done"))
        let request = OutgoingRequest(
            .post,
            "/a",
            query: [("q", "1 2"), ("r", "&")],
            body: (type: FieldValue("application/json"), bytes: Array("{}".utf8))
        )
        let (response, text) = try await Self.ask(
            server.url() + "/below",
            request,
            authorization: FieldValue("Bearer secret")
        )
        #expect(response.status == .created)
        #expect(text == "done")
        let seen = try #require(server.requests.first)
        #expect(seen.line == "POST /below/a?q=1%202&r=%26 {}")
        #expect(seen.fields["host"] == "127.0.0.1:\(server.address.port)")
        #expect(seen.fields["user-agent"] == "Test/1")
        #expect(seen.fields["authorization"] == "Bearer secret")
        #expect(seen.fields["content-type"] == "application/json")
        #expect(seen.fields["connection"] == "close")
    }

    @Test func `content comes in pieces, and no more of it is taken than is wanted`() async throws {
        let server = try ScriptedServer(
            .init(raw: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n", hangs: true)
        )
        let url = server.url()
        let text = try await Blocking.run {
            let client = try HTTPClient(ServerURL(url), agent: Self.agent)
            var text = ""
            _ = try client.send(OutgoingRequest(.get, "/a")) { _, bytes in
                text += String(decoding: bytes, as: UTF8.self)
                return .enough
            }
            return text
        }
        #expect(text == "one")
    }

    @Test func `a body larger than any buffer arrives whole, and its progress is told`() async throws {
        let body = [UInt8](repeating: 0x61, count: 3_000_000)
        let server = try ScriptedServer { .init(200, "\($0.body.utf8.count)") }
        let url = server.url()
        let (text, last) = try await Blocking.run {
            let client = try HTTPClient(ServerURL(url), agent: Self.agent)
            var last = 0
            let request = OutgoingRequest(.put, "/a", body: (type: FieldValue("text/plain"), bytes: body))
            let answer = try client.send(request, progress: { last = $0 }, limit: 100)
            return (String(decoding: answer.content, as: UTF8.self), last)
        }
        #expect(text == "3000000")
        #expect(last == body.count)
    }

    @Test func `a server that is not there is named with its address`() async throws {
        // Nobody is at a port that was free a moment ago.
        let address = try freeAddress()
        let failure = await Self.failure { _ = try await Self.ask("http://\(address)") }
        guard case .unreachable(let error) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(error.description == "connect \(address): Connection refused")
    }

    @Test func `a server that says nothing is not waited for for ever`() async throws {
        let server = try ScriptedServer(.init(raw: "", hangs: true))
        let failure = await Self.failure {
            _ = try await Self.ask(server.url(), patience: .init(idle: .milliseconds(100)))
        }
        #expect(failure == .timedOut(.receiving))
    }

    @Test(arguments: [
        ("SSH-2.0-x\r\n", ResponseDefect.notHTTP), ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", .truncated),
        ("", .truncated),
    ])
    func `what is no answer is told`(text: String, defect: ResponseDefect) async throws {
        let server = try ScriptedServer(.init(raw: text))
        #expect(await Self.failure { _ = try await Self.ask(server.url()) } == .broken(defect))
    }

    @Test func `an answer over the limit is refused`() async throws {
        let server = try ScriptedServer(.init(200, "123456789"))
        #expect(
            await Self.failure { _ = try await Self.ask(server.url(), limit: 8) } == .broken(.broken(.bodyTooLarge))
        )
        #expect(try await Self.ask(server.url(), limit: 9).text == "123456789")
    }

    @Test func `a server under the given CA and name is asked`() async throws {
        let folder = try TemporaryFolder()
        let pki = try PKI.open(at: folder.path(of: "pki"), names: [], now: Self.now)
        let server = try ScriptedServer(identity: pki.server) { _ in .init(200, "over TLS") }
        let answer = try await Self.ask(server.url(host: "localhost"), trusting: pki.authority)
        #expect(answer.text == "over TLS")
    }

    @Test func `nothing is sent to a server under another CA`() async throws {
        let folder = try TemporaryFolder()
        let pki = try PKI.open(at: folder.path(of: "pki"), names: [], now: Self.now)
        let other = try PKI.open(at: folder.path(of: "other"), names: [], now: Self.now)
        let server = try ScriptedServer(identity: pki.server) { _ in .init(200, "never") }
        let failure = await Self.failure {
            _ = try await Self.ask(
                server.url(host: "localhost"),
                trusting: other.authority,
                authorization: FieldValue("Bearer secret")
            )
        }
        guard case .tls(let error) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(error.operation == .handshake)
        #expect(error.cause == .peerRefused)
        #expect(server.plainBytes == 0)
    }

    @Test func `nothing is sent to a server of another name`() async throws {
        let folder = try TemporaryFolder()
        let pki = try PKI.open(at: folder.path(of: "pki"), names: [], now: Self.now)
        let server = try ScriptedServer(identity: pki.server) { _ in .init(200, "never") }
        // A way to write 127.0.0.1 that no certificate has.
        let failure = await Self.failure {
            _ = try await Self.ask(server.url(host: "127.1"), trusting: pki.authority)
        }
        guard case .tls(let error) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(error.reasons.contains { $0.lowercased().contains("mismatch") }, "\(error)")
        #expect(server.plainBytes == 0)
    }
}
