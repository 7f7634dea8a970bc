import Foundation
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct BadInputConnectionTests {
    private static let plainRequest = "GET /SoftToken/Provisioning.asmx HTTP/1.1\r\nHost: localhost\r\n\r\n"

    /// The bytes of an alert record: type 21, a version, two bytes, level fatal.
    private static func alert(_ bytes: [UInt8]) -> UInt8? {
        bytes.count == 7 && bytes[0] == 21 && bytes[3...5].elementsEqual([0, 2, 2]) ? bytes[6] : nil
    }

    @Test func `plain HTTP on the TLS port is told so, and closed`() async throws {
        let server = try await ServerProcess.start()
        let before = try await server.warmUp()
        let texts = [
            Self.plainRequest, "POST / HTTP/1.0\r\n\r\n", "OPTIONS * HTTP/1.1\r\n",
            "GET " + String(repeating: "a", count: 100_000),
        ]
        let seen = try await Blocking.run {
            try texts.map { text in
                let client = try TestClient(port: UInt16(server.port))
                _ = try? client.send(text)
                return try client.receiveToEnd()
            }
        }
        for (bytes, end) in seen {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 400 "))
            #expect(text.contains("this port speaks HTTPS"))
            #expect(end == .end)
        }
        _ = try await server.logLine(with: "outcome=not-tls", "plain HTTP")
        try await server.settle(atMost: before)
        try await server.terminate()
    }

    @Test func `garbage on the TLS port gets an alert or nothing, and is closed`() async throws {
        var random = SeededRandom(seed: 7)
        var openings: [[UInt8]] = [
            [0], [0xFF, 0xFF, 0xFF], Array("SSH-2.0-x\r\n".utf8), Array("\r\n\r\n".utf8), Array("EHLO x\r\n".utf8),
            [0x80, 0x2E, 1, 0, 2, 0, 0x15, 0, 0, 0, 0x10], [22, 2, 0, 0, 1, 1], [22, 3, 1, 0, 0],
            [22, 3, 1, 0x40, 1, 1],
            [22, 3, 1, 0xFF, 0xFF, 1], [22, 3, 1, 0, 1, 2], [22, 3, 1, 0, 4, 1, 0, 0, 0],
            [22, 3, 1, 0, 4, 1, 0xFF, 0xFF, 0xFF],
            [23, 3, 3, 0, 1, 0], [21, 3, 1, 0, 2, 2, 40], [20, 3, 1, 0, 1, 1],
        ]
        openings += (0..<100).map { _ in random.bytes(random.number(1...2000)) }
        openings += (0..<100).map { _ in [22, 3, 1, 0, 200, 1, 0, 0, 196] + random.bytes(196) }
        let bytes = openings
        let server = try await ServerProcess.start()
        let before = try await server.warmUp()
        let seen = try await Blocking.run {
            try bytes.map { opening in
                let client = try TestClient(port: UInt16(server.port))
                _ = try? client.send(opening)
                // What may still become a hello is waited for, so the client says that nothing more will come.
                client.finishSending()
                return try client.receiveToEnd()
            }
        }
        for (opening, (bytes, end)) in zip(openings, seen) {
            let hint = "\(opening.prefix(16)) got \(bytes.prefix(80)) and \(end)"
            #expect(bytes.isEmpty || Self.alert(bytes) != nil || bytes.starts(with: "HTTP/1.1 400".utf8), "\(hint)")
            #expect(end == .end || end == .reset, "\(hint)")
        }
        #expect(seen.filter { Self.alert($0.bytes) != nil }.count > 100)
        try await Self.expectGood(server)
        try await server.settle(atMost: before)
        try await server.terminate()
    }

    @Test func `a client that vanishes leaves nothing behind, wherever it does`() async throws {
        let server = try await ServerProcess.start()
        let before = try await server.warmUp()
        try await Blocking.run {
            let port = UInt16(server.port)
            let context = try server.clientContext()
            let request = TestClient.post("{}")
            for round in 0..<30 {
                try TestClient(port: port).close()
                try TestClient(port: port).reset()
                for opening in [[UInt8](), [22], [22, 3, 1, 2, 0, 1, 0, 1, 0xFC]] {
                    let client = try TestClient(port: port)
                    try client.sendRaw(opening)
                    if round.isMultiple(of: 2) { client.reset() } else { client.close() }
                }
                // In mid-handshake: the hello is sent whole, and what the server answers is never read.
                let client = try TestClient(port: port)
                try client.sendHello(trusting: context)
                if round.isMultiple(of: 2) { client.reset() } else { client.close() }
                for count in [0, 1, request.count / 2, request.count - 1, request.count] {
                    let client = try server.connect(trusting: context)
                    try client.send(Array(request.prefix(count)))
                    if round.isMultiple(of: 2) { client.reset() } else { client.close() }
                }
            }
        }
        try await Self.expectGood(server)
        try await server.settle(atMost: before)
        try await server.terminate()
    }

    @Test func `a client that only reads any more still gets its answers`() async throws {
        let server = try await ServerProcess.start()
        let before = try await server.warmUp()
        let (text, end) = try await Blocking.run {
            let client = try server.connect()
            try client.send(TestClient.post("{}") + TestClient.post("[]"))
            client.finishSending()
            let (bytes, end) = try client.receiveToEnd()
            return (String(decoding: bytes, as: UTF8.self), end)
        }
        #expect(text.components(separatedBy: "HTTP/1.1 500 ").count == 3, "\(text)")
        #expect(end == .end)
        try await server.settle(atMost: before)
        try await server.terminate()
    }

    @Test func `an oversize body is refused from its length, without being read`() async throws {
        let server = try await ServerProcess.start()
        let before = try await server.warmUp()
        let seen = try await Blocking.run {
            let client = try server.connect()
            try client.send("POST \(TestClient.process) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048577\r\n\r\n")
            // More than is read and dropped after a refusal: the server must not wait for all of it.
            _ = try? client.send([UInt8](repeating: 0x20, count: 1 << 20))
            return try? client.receiveToEnd().bytes
        }
        if let seen { #expect(seen.isEmpty || seen.starts(with: "HTTP/1.1 413 ".utf8)) }
        _ = try await server.logLine(with: "exchange", "status=413")
        let fitting = try await Blocking.run {
            let client = try server.connect()
            return try client.post("{\"d\":\"" + String(repeating: " ", count: (1 << 20) - 8) + "\"}")
        }
        #expect(fitting.status == 500)
        try await server.settle(atMost: before)
        try await server.terminate()
    }

    static func expectGood(_ server: ServerProcess) async throws {
        let answer = try await Blocking.run { try server.connect().post("{\"d\":{\"__type\":\"x\"}}") }
        #expect(answer.status == 200)
        #expect(answer.text.contains("901"))
    }
}
