import Faults
import HTTP
import IO
import Journal
import Lab
import Notation
import TLS
import TestKit
import Testing

/// What the journal knows of connections and requests while rules hold them, and before their peers can know.
@Suite("Held connections", .timeLimit(.minutes(1))) struct HeldConnectionTests {
    private static func add(_ effect: String, _ arguments: [String: String], to world: JournalWorld) throws {
        let with = JSONValue.object(arguments.map { .init($0.key, .string($0.value)) })
        let rule = JSONValue.object([.init("name", .string("held")), .init("do", .string(effect)), .init("with", with)])
        _ = try world.labs[0].faults.add(try Rule(rule))
    }

    private static func count(_ world: JournalWorld, _ query: [(key: String, value: String)]) throws -> JournalCount {
        world.journal.count(matching: try JournalFilter(query))
    }

    /// Nothing was told until the peer had gone, beside a rule that said that it had acted.
    @Test(
        arguments: [
            ("tcp.blackhole", ["hold": "1s"], .connections),
            ("tls.stall", ["at": "certificate", "hold": "1s"], .connections),
            ("tls.slow", ["gap": "300ms"], .connections), ("tcp.delay", ["latency": "400ms"], .connections),
            ("http.delay", ["latency": "1s"], .exchanges), ("http.hang", ["hold": "1s"], .exchanges),
        ] as [(String, [String: String], JournalUnit)]
    )
    func `what a rule holds is in the journal while it is held`(
        effect: String,
        arguments: [String: String],
        unit: JournalUnit
    ) async throws {
        let world = try await JournalWorld()
        try Self.add(effect, arguments, to: world)
        async let story: Int = (try? world.client { try $0.post(WireMessage.polling()).status }) ?? 0
        try await Deadline(in: .seconds(10))
            .wait(until: "the connection in the journal") {
                try Self.count(world, [("rule", "held"), ("outcome", "open")]).observed == 1
            }
        let count = try Self.count(world, [("rule", "held")])
        #expect(count.observed == 1 && count.unit == unit)
        _ = await story
        await world.stop()
        #expect(try Self.count(world, [("rule", "held")]).observed == 1)
        #expect(try Self.count(world, [("outcome", "open")]).observed == 0)
    }

    @Test func `a request whose client leaves during its wait is told of without an answer`() async throws {
        let world = try await JournalWorld()
        try Self.add("http.delay", ["latency": "1h"], to: world)
        async let story: Void = world.client { client in
            try client.send(TestClient.post(WireMessage.polling()))
            _ = try client.receive(within: .seconds(1))
            client.reset()
        }
        let query = [(key: "serial", value: WireMessage.unit), (key: "stage", value: "request")]
        let held = try #require(try await world.records(1, query).first)
        #expect(String(decoding: held.json(), as: UTF8.self).contains("\"pending\":true"))
        try await story
        // Its end is seen a moment later.
        try await Deadline(in: .seconds(10)).wait(until: "its end") { world.connectionCount == 0 }
        await world.stop()
        let ended = try #require(world.journal.record(id: held.id))
        let text = String(decoding: ended.json(), as: UTF8.self)
        #expect(ended.exchanges.count == 1 && !text.contains("pending"), "\(text)")
        #expect(text.contains("\"status\":null"), "\(text)")
    }

    // MARK: - Before the peer can know

    /// An immediate look had missed ends now and then: the peer was told before the journal.
    @Test func `whoever was refused in clear finds the record at once`() async throws {
        let world = try await JournalWorld()
        let (journal, port) = (world.journal, world.port)
        for round in 1...25 {
            try await Blocking.run {
                for (opening, query) in [
                    ("SSH-2.0-x\r\n", (key: "alert", value: "unexpected_message")),
                    ("GET /wrong HTTP/1.1\r\n\r\n", (key: "outcome", value: "not-tls")),
                ] {
                    let client = try TestClient(port: port)
                    try client.sendRaw(Array(opening.utf8))
                    guard case .bytes = try client.receive() else { throw TestKitError("nothing was said") }
                    let filter = try JournalFilter([query])
                    let expected = query.key == "alert" ? round : 2 * round
                    #expect(journal.count(matching: filter).observed == expected, "\(opening)")
                    client.close()
                }
            }
        }
        let plain = try #require(world.journal.page(matching: JournalFilter(), limit: 100).records.last)
        let text = String(decoding: plain.json(), as: UTF8.self)
        #expect(text.contains("\"method\":\"GET\",\"path\":\"/wrong\",\"status\":400"), "\(text)")
        await world.stop()
    }

    @Test func `whoever gets an alert in the handshake finds the record at once`() async throws {
        let world = try await JournalWorld()
        try Self.add("tls.alert", ["alert": "handshake_failure"], to: world)
        let (journal, port, trust) = (world.journal, world.port, world.trust)
        for round in 1...25 {
            try await Blocking.run {
                let client = try TestClient(port: port)
                #expect(throws: TestClientError.self) {
                    try client.startTLS(trusting: try ClientContext(trustAnchors: trust))
                }
                let filter = try JournalFilter([("alert", "handshake_failure")])
                #expect(journal.count(matching: filter).observed == round)
                client.close()
            }
        }
        await world.stop()
    }

    @Test func `whoever reads the refusal of a request, or the last of a connection, finds its end at once`()
        async throws
    {
        let world = try await JournalWorld()
        let journal = world.journal
        for round in 1...25 {
            try await world.client { client in
                try client.send("POST / HTTP/1.1\nHost: x\n\n")
                #expect(try client.answer().status == 400)
                #expect(journal.count(matching: try JournalFilter([("outcome", "refused")])).observed == round)
            }
        }
        await world.stop()
    }

    /// The alert that answers a damaged record had left in the middle of reading it.
    @Test func `whoever gets an alert for what it sent finds the record at once`() async throws {
        let world = try await JournalWorld()
        let (journal, port, trust) = (world.journal, world.port, world.trust)
        for round in 1...25 {
            try await Blocking.run {
                let client = try TestClient(port: port, trusting: try ClientContext(trustAnchors: trust))
                // A record of application data that nobody sealed.
                try client.sendRaw([0x17, 0x03, 0x03, 0x00, 0x20] + Array(repeating: 0, count: 32))
                #expect(throws: TestClientError.self) { try client.receive() }
                let filter = try JournalFilter([
                    (key: "alert", value: "bad_record_mac"), (key: "outcome", value: "broken"),
                ])
                #expect(journal.count(matching: filter).observed == round)
                client.close()
            }
        }
        await world.stop()
    }

    // MARK: - What the peer said

    /// The reset that follows an alert hid it where the server was still sending.
    @Test(
        arguments: [
            ("tls.slow", ["gap": "100ms"]), ("tcp.slice", ["size": "200", "gap": "20ms"]),
            ("tcp.delay", ["latency": "50ms"]),
        ] as [(String, [String: String])]
    )
    func `an alert is read that comes while the server is still sending`(
        effect: String,
        arguments: [String: String]
    ) async throws {
        let world = try await JournalWorld()
        try Self.add(effect, arguments, to: world)
        let port = world.port
        let stranger = try await Blocking.run {
            let folder = try TemporaryFolder()
            return try PKI.open(at: folder.path(of: "pki"), names: [], now: JournalWorld.now - 86_400).authority
        }
        for _ in 0..<3 {
            try await Blocking.run {
                let client = try TestClient(port: port)
                #expect(throws: TestClientError.self) {
                    try client.startTLS(trusting: try ClientContext(trustAnchors: stranger))
                }
                client.close()
            }
        }
        let records = try await world.records(3, [("alert", "unknown_ca")])
        #expect(records.allSatisfy { $0.end?.outcome == .handshakeFailed })
        #expect(records.allSatisfy { $0.end?.alert?.direction == "received" })
        await world.stop()
    }
}
