import Foundation
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct BadInputSmugglingTests {
    /// Bytes that two readers could understand differently, or that no reader should, and the status they get.
    struct Shape: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let status: Int
    }

    /// What would be answered with 200 and this page's text, if it were ever taken for a request.
    private static let smuggled = "GET /SoftToken/Provisioning.asmx HTTP/1.1\r\nHost: localhost\r\n\r\n"
    private static let page = "FauxGuard lab server"

    private static func shape(_ name: String, _ status: Int, _ text: String) -> Shape {
        Shape(testDescription: name, bytes: Array(text.utf8), status: status)
    }

    /// A POST with these fields between its host and its blank line.
    private static func fields(_ lines: String, _ status: Int = 400, body: String = "") -> Shape {
        let line = "POST \(TestClient.process) HTTP/1.1\r\nHost: localhost\r\n"
        return shape(lines.prefix(60).description, status, line + lines + "\r\n\r\n" + body)
    }

    private static func opening(_ text: String, _ status: Int = 400) -> Shape {
        shape(text.prefix(60).description, status, text + "\r\nHost: localhost\r\n\r\n")
    }

    static let lengths: [Shape] = [
        fields("Content-Length: 5\r\nTransfer-Encoding: chunked", body: "0\r\n\r\n"),
        fields("Transfer-Encoding: chunked\r\nContent-Length: 5", body: "0\r\n\r\n"),
        fields("Content-Length: 0\r\nContent-Length: 0"),
        fields("Content-Length: 0\r\nContent-Length: 44"),
        fields("Content-Length: 44\r\ncontent-length: 0"),
        fields("Content-Length: 0, 0"), fields("Content-Length: +0"), fields("Content-Length: -0"),
        fields("Content-Length: 0x0"), fields("Content-Length: 0.0"), fields("Content-Length: 0 0"),
        fields("Content-Length: "), fields("Content-Length: \"0\""), fields("Content-Length: 18446744073709551616"),
        fields("Content-Length: 1048577", 413),
        fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"),
        fields("Transfer-Encoding: chunked, chunked"), fields("Transfer-Encoding: chunked, identity"),
        fields("Transfer-Encoding: identity"), fields("Transfer-Encoding: xchunked"),
        fields("Transfer-Encoding: chunked;q=1"), fields("Transfer-Encoding: \"chunked\""),
        fields("Transfer-Encoding: ,chunked"), fields("Transfer-Encoding: "),
        fields("Transfer-Encoding: \u{b}chunked"), fields("Transfer-Encoding: gzip, chunked", 501),
        fields("Transfer-Encoding: gzip", 501), fields("Transfer-Encoding\t: chunked"),
        shape("chunked in HTTP/1.0", 400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ]

    static let heads: [Shape] = [
        fields("Folded: a\r\n b"), fields(" Content-Length: 0"), fields("A:\r\n\tContent-Length: 0"),
        fields("Content-Length : 0"), fields("Content-Length\t: 0"), fields(": a"), fields("No colon"),
        fields("Na me: a"), fields("N(: a"), fields("A: b\nContent-Length: 44"), fields("A: b\rContent-Length: 44"),
        fields("A: \u{0}"), fields("A: \u{1}"), fields("A\u{0}: b"), fields("A: \u{7f}"),
        fields("Host: localhost"), fields("Host: other"), fields("Expect: 200-ok", 417),
        shape("no host", 400, "GET / HTTP/1.1\r\n\r\n"), shape("empty host", 400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
        shape("host with a path", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        shape("bare LF", 400, "GET / HTTP/1.1\nHost: localhost\n\n"),
        shape("LF ends the head", 400, "GET / HTTP/1.1\r\nHost: localhost\r\n\n"),
        shape("three empty lines", 400, "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        fields("A: " + String(repeating: "a", count: 17_000), 431),
        fields(String(repeating: "A: b\r\n", count: 120) + "C: d", 431),
        fields(String(repeating: "A:" + String(repeating: "b", count: 300) + "\r\n", count: 60) + "C: d", 431),
        opening("GET /" + String(repeating: "a", count: 9000) + " HTTP/1.1", 414),
        opening("GET  / HTTP/1.1"), opening("GET / HTTP/1.1 "), opening(" GET / HTTP/1.1"), opening("GET\t/ HTTP/1.1"),
        opening("GET /"), opening("GET"), opening("/ HTTP/1.1"), opening("GET / http/1.1"), opening("GET / HTTP/1.10"),
        opening("GET / HTTP/11"), opening("GET / HTTP/2.0", 505), opening("GET / HTTP/0.9", 505),
        opening("G(T / HTTP/1.1"), opening("GET localhost HTTP/1.1"), opening("GET * HTTP/1.1"),
        opening("GET /a#b HTTP/1.1"), opening("CONNECT localhost:443 HTTP/1.1", 501),
        opening("PRI * HTTP/2.0", 505), opening("\u{16}\u{3}\u{1}"), opening("\u{0}\u{0}\u{0}"),
    ]

    static let chunks: [Shape] =
        [
            "x\r\n", "-1\r\n", "+1\r\n", "0x1\r\na\r\n", " 1\r\na\r\n", "1 \r\na\r\n", "1\na\r\n",
            "1\r\nab\r\n0\r\n\r\n",
            "1\r\na\n0\r\n\r\n", "1\r\na0\r\n\r\n", "\r\n", ";a\r\n", "ffffffffffffffffff\r\n",
            "1\r\na\r\n0\r\nContent-Length: 5\r\n\r\n",
            "0\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\nHost: x\r\n\r\n", "0\r\n A: b\r\n\r\n",
            "0\r\nA : b\r\n\r\n",
            "1;" + String(repeating: "a", count: 300) + "\r\na\r\n", "1;a\u{0}b\r\na\r\n",
        ]
        .map { body in
            let line = "POST \(TestClient.process) HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            return shape("chunks \(body.prefix(40).debugDescription)", 400, line + body)
        } + [
            shape(
                "a chunk over the limit",
                413,
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n"
            ),
            shape(
                "more framing than the limit",
                413,
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + String(repeating: "1\r\na\r\n", count: 20_000)
            ),
        ]

    @Test func `every smuggling shape gets one answer and a closed connection`() async throws {
        let server = try await ServerProcess.start()
        let before = try await server.warmUp()
        let shapes = Self.lengths + Self.heads + Self.chunks
        let seen = try await Blocking.run {
            let context = try server.clientContext()
            return try shapes.map { shape in
                let client = try server.connect(trusting: context)
                defer { client.close() }
                // A server that has answered and closed may no longer take all of a long shape.
                _ = try? client.send(shape.bytes + Array(Self.smuggled.utf8))
                return try client.receiveToEnd()
            }
        }
        for (shape, (bytes, end)) in zip(shapes, seen) {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 \(shape.status) "), "\(shape.testDescription): \(text.prefix(400))")
            #expect(text.contains("Connection: close\r\n"), "\(shape.testDescription): \(text.prefix(400))")
            #expect(text.components(separatedBy: "Server: FauxGuard").count == 2, "\(shape.testDescription): \(text)")
            #expect(!text.contains(Self.page), "\(shape.testDescription): \(text)")
            #expect(end == .end, "\(shape.testDescription) ended by \(end)")
        }
        try await server.settle(atMost: before)
        try await server.terminate()
    }

    @Test func `a body is never taken for a request, however it is framed`() async throws {
        let server = try await ServerProcess.start()
        let inner = Self.smuggled
        let size = inner.utf8.count
        let texts = [
            "POST \(TestClient.process) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(size)\r\n\r\n\(inner)",
            "POST \(TestClient.process) HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "\(String(size, radix: 16))\r\n\(inner)\r\n0\r\n\r\n",
            "GET /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(size)\r\n\r\n\(inner)",
            "PUT \(TestClient.process) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(size)\r\n\r\n\(inner)",
        ]
        let answers = try await Blocking.run {
            let client = try server.connect()
            return try texts.map { text in
                try client.send(text)
                let first = try client.answer()
                let next = try client.post("{}")
                return [first.status, next.status]
            }
        }
        #expect(answers == [[500, 500], [500, 500], [404, 500], [405, 500]])
        try await server.terminate()
    }
}
