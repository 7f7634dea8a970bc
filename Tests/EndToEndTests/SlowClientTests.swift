import Foundation
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct SlowClientTests {
    /// Short enough to test with; each differs from the others, so that a test tells which of them acted.
    private static let timeouts = [
        "FAUXGUARD_TIMEOUTS_HANDSHAKE": "500ms", "FAUXGUARD_TIMEOUTS_HEAD": "600ms", "FAUXGUARD_TIMEOUTS_BODY": "800ms",
        "FAUXGUARD_TIMEOUTS_IDLE": "1200ms", "FAUXGUARD_TIMEOUTS_WRITE": "1000ms",
    ]

    /// How much later than its deadline a connection may end on a busy machine.
    private static let slack = Duration.milliseconds(1500)

    /// What a client saw, and how long after its first byte the end came.
    private struct Seen: Sendable {
        let bytes: [UInt8]
        let end: TestClient.Arrival
        let time: Duration

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// Sends a piece every 100 ms until the server answers or ends the connection.
    private static func trickle(_ pieces: [[UInt8]], to client: TestClient) throws -> Seen {
        let clock = ContinuousClock()
        let start = clock.now
        for piece in pieces {
            do throws(TestClientError) {
                try client.send(piece)
            } catch {
                break
            }
            let arrival = try client.receive(within: .milliseconds(100))
            if case .nothing = arrival { continue }
            let time = clock.now - start
            guard case .bytes(let first) = arrival else { return Seen(bytes: [], end: arrival, time: time) }
            let (rest, end) = try client.receiveToEnd()
            return Seen(bytes: first + rest, end: end, time: time)
        }
        let (bytes, end) = try client.receiveToEnd()
        return Seen(bytes: bytes, end: end, time: clock.now - start)
    }

    /// Waits for the end without sending anything.
    private static func wait(_ client: TestClient) throws -> Seen {
        let clock = ContinuousClock()
        let start = clock.now
        let (bytes, end) = try client.receiveToEnd()
        return Seen(bytes: bytes, end: end, time: clock.now - start)
    }

    private static func expect(_ seen: Seen, at deadline: Duration, answer: String?, _ name: String) {
        // The server's clock started with the first byte it read, a moment before the client's.
        #expect(seen.time > deadline - .milliseconds(150), "\(name) was dropped after \(seen.time)")
        #expect(seen.time < deadline + slack, "\(name) was dropped only after \(seen.time)")
        #expect(seen.end == .end || answer == nil, "\(name) ended by \(seen.end)")
        #expect(seen.end != .nothing, "\(name) was never dropped")
        if let answer {
            #expect(seen.text.hasPrefix("HTTP/1.1 \(answer) "), "\(name) got \(seen.text)")
            #expect(seen.text.contains("Connection: close\r\n"), "\(name) got \(seen.text)")
        } else {
            #expect(seen.bytes.isEmpty, "\(name) got \(seen.text)")
        }
    }

    @Test func `a slow client is dropped at the deadline of the stage it is in`() async throws {
        let server = try await ServerProcess.start(environment: Self.timeouts)
        let before = try await server.warmUp()
        let clients: [@Sendable () throws -> Seen] = [
            // A head at a byte every 100 ms.
            { try Self.trickle(TestClient.post("{}").map { [$0] }, to: try server.connect()) },
            // A whole head, then a body at a byte every 100 ms.
            {
                let client = try server.connect()
                try client.send("POST \(TestClient.process) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n")
                return try Self.trickle(Array(repeating: [0x20], count: 99), to: client)
            },
            // The same in chunks, each of them complete.
            {
                let client = try server.connect()
                try client.send(
                    "POST \(TestClient.process) HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                )
                return try Self.trickle(Array(repeating: Array("1\r\n \r\n".utf8), count: 99), to: client)
            },
            // A client that holds its body back until it is told to go on, and then for ever.
            {
                let client = try server.connect()
                try client.send(
                    "POST \(TestClient.process) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"
                )
                let interim = try client.answer()
                guard interim.status == 100 else { throw TestKitError("no 100 but \(interim.status)") }
                return try Self.wait(client)
            },
            // Silence after the handshake, after an answer, after empty lines, and before the handshake.
            { try Self.wait(try server.connect()) },
            {
                let client = try server.connect()
                _ = try client.post("{}")
                return try Self.wait(client)
            },
            {
                let client = try server.connect()
                try client.send("\r\n")
                return try Self.wait(client)
            },
            { try Self.wait(try TestClient(port: UInt16(server.port))) },
            // A hello at a byte every 100 ms, and a handshake that goes no further than the hello.
            {
                try Self.trickle(
                    ([22, 3, 1, 0, 99, 1, 0, 0, 95] + Array(repeating: 0, count: 95)).map { [$0] },
                    to: try TestClient(port: UInt16(server.port))
                )
            },
            {
                let client = try TestClient(port: UInt16(server.port))
                try client.sendHello(trusting: try server.clientContext())
                return try Self.waitRaw(client)
            },
        ]
        let seen = try await Blocking.run(threads: clients.count) { try clients[$0]() }
        Self.expect(seen[0], at: .milliseconds(600), answer: "408", "a slow head")
        Self.expect(seen[1], at: .milliseconds(800), answer: "408", "a slow body")
        Self.expect(seen[2], at: .milliseconds(800), answer: "408", "a slow chunked body")
        Self.expect(seen[3], at: .milliseconds(800), answer: "408", "a body held back")
        Self.expect(seen[4], at: .milliseconds(1200), answer: nil, "silence after the handshake")
        Self.expect(seen[5], at: .milliseconds(1200), answer: nil, "silence after an answer")
        Self.expect(seen[6], at: .milliseconds(1200), answer: nil, "silence after an empty line")
        Self.expect(seen[7], at: .milliseconds(500), answer: nil, "silence before the handshake")
        Self.expect(seen[8], at: .milliseconds(500), answer: nil, "a slow hello")
        #expect(seen[9].time > .milliseconds(350) && seen[9].time < .milliseconds(500) + Self.slack, "\(seen[9].time)")
        try await server.settle(atMost: before)
        try await BadInputConnectionTests.expectGood(server)
        try await server.terminate()
    }

    /// Waits for the end of what comes in clear, past the client's own TLS.
    private static func waitRaw(_ client: TestClient) throws -> Seen {
        client.forgetTLS()
        return try wait(client)
    }

    @Test func `a client that never reads its answers is dropped, and stops being read`() async throws {
        // Only the deadline for writing is short: on a busy machine the client may be slow to send at all.
        let patient = ["FAUXGUARD_TIMEOUTS_HANDSHAKE": "60s", "FAUXGUARD_TIMEOUTS_IDLE": "60s"]
        let server = try await ServerProcess.start(environment: Self.timeouts.merging(patient) { $1 })
        let before = try await server.warmUp()
        let memory = server.residentKiB
        let (sent, time, isDropped) = try await Blocking.run {
            let client = try server.connect(receiveBuffer: 4096)
            let request = Array("GET /SoftToken/Provisioning.asmx HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
            let burst = Array(Array(repeating: request, count: 1000).joined())
            let clock = ContinuousClock()
            let start = clock.now
            var sent = 0
            // The deadline runs from where nothing is taken any more, and a server that a sanitizer slows down takes
            // seconds to come there: all that lies between the two is answered first.
            var last = start
            // Ends where the server resets the connection, having waited in vain for the client to read.
            do {
                while clock.now - last < .seconds(20) {
                    let more = try client.send(burst, within: .milliseconds(200))
                    if more > 0 { last = clock.now }
                    sent += more
                }
            } catch {
                return (sent, clock.now - start, true)
            }
            return (sent, clock.now - start, false)
        }
        #expect(time > .milliseconds(850), "dropped after \(time), before the deadline for writing")
        #expect(isDropped, "still connected after \(time)")
        #expect(sent < 64 << 20, "the server took \(sent) bytes from a client that reads nothing")
        #expect(server.residentKiB < memory + 32 * 1024, "from \(memory) KiB to \(server.residentKiB)")
        _ = try await server.logLine(with: "connection", "outcome=timed-out", "room to write")
        try await server.settle(atMost: before)
        try await server.terminate()
    }

    @Test func `an announced body costs memory only as it arrives`() async throws {
        let server = try await ServerProcess.start()
        let before = try await server.warmUp()
        let (small, large) = try await Blocking.run {
            let first = try Self.announce(bodyOf: 10, on: server)
            let second = try Self.announce(bodyOf: 1_048_576, on: server)
            for client in first.clients + second.clients { client.close() }
            return (first.grown, second.grown)
        }
        // Held whole, the larger bodies would be 100 MiB more.
        #expect(
            large < small + 20 * 1024,
            "100 small bodies cost \(small) KiB, 100 large ones \(large), none of which came"
        )
        try await server.settle(atMost: before)
        try await server.terminate()
    }

    /// Opens 100 connections that announce a body and send its first byte, and says by how many KiB the server grew.
    private static func announce(
        bodyOf length: Int,
        on server: ServerProcess
    ) throws -> (clients: [TestClient], grown: Int) {
        let context = try server.clientContext()
        let memory = server.residentKiB
        let clients = try (0..<100)
            .map { _ in
                let client = try server.connect(trusting: context)
                try client.send(
                    "POST \(TestClient.process) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(length)\r\n\r\n{"
                )
                return client
            }
        // All of them have been read once others, on either loop, were answered after them.
        for _ in 0..<4 { _ = try server.connect(trusting: context).post("{}") }
        return (clients, server.residentKiB - memory)
    }
}
