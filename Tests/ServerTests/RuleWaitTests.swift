import Faults
import IO
import Lab
import Notation
import TLS
import TestKit
import Testing

/// Connections that rules make wait, and what ends their waits before their time.
@Suite("Waits of rules", .timeLimit(.minutes(2))) struct RuleWaitTests {
    /// An effect that makes wait, for so long that a test would not see the end.
    struct Wait: Sendable, CustomTestStringConvertible {
        let effect: String
        let parameters: JSONValue
        /// Whether its connection ends where its wait does, since no answer was to come.
        var ends = false

        var testDescription: String { effect }

        init(_ effect: String, _ parameters: [(String, JSONValue)] = [], ends: Bool = false) {
            self.effect = effect
            self.parameters = .object(parameters.map { .init($0.0, $0.1) })
            self.ends = ends
        }
    }

    private static let waits = [
        Wait("http.delay", [("latency", .string("10m"))]),
        Wait("tcp.delay", [("latency", .string("10m"))]),
        Wait("tcp.slice", [("size", .number(1)), ("gap", .string("10m"))]),
        Wait("tcp.throttle", [("rate", .number(1))]),
        Wait("tls.slow", [("gap", .string("10m"))]),
        Wait("http.drip", [("rate", .number(1))]),
        Wait("http.hang", ends: true), Wait("tcp.blackhole", ends: true), Wait("tls.stall", ends: true),
    ]

    /// How a client goes.
    enum Leaving: CaseIterable { case goodOrder, withoutAWord, reset }

    private static func add(_ wait: Wait, to lab: Lab, for time: String? = nil) throws {
        var members: [JSONValue.Member] = [
            .init("name", .string("wait")), .init("do", .string(wait.effect)), .init("with", wait.parameters),
        ]
        if let time { members.append(.init("for", .string(time))) }
        _ = try lab.faults.add(try Rule(.object(members)))
    }

    private static func waitForRule(of lab: Lab) async throws {
        try await Deadline(in: .seconds(10))
            .wait(until: "the rule to act") { lab.faults.rules.contains { $0.acted > 0 } }
    }

    // Defect: waits that rules ordered (http.delay, tcp.delay, tls.slow, tcp.slice) kept connections whose client had
    // gone, for the whole latency.
    @Test(arguments: waits, Leaving.allCases)
    func `a connection is gone within seconds when its client is, however it went`(
        wait: Wait,
        leaving: Leaving
    ) async throws {
        let world = try await JournalWorld()
        try Self.add(wait, to: world.labs[0])
        let (port, trust, lab) = (world.port, world.trust, world.labs[0])
        try await Blocking.run {
            let client = try TestClient(port: port)
            let context = try ClientContext(trustAnchors: trust)
            if wait.effect.hasPrefix("http.") {
                try client.startTLS(trusting: context, name: "globalftm.fortinet.net")
                try client.send(TestClient.post(WireMessage.polling()))
            } else {
                // The handshake is what the rule holds up.
                try client.sendHello(trusting: context, name: "globalftm.fortinet.net")
            }
            let deadline = Instant.now + TestClient.patience
            while !lab.faults.rules.contains(where: { $0.acted > 0 }) {
                guard .now < deadline else { throw TestKitError("the rule did not act") }
                Blocking.pause(.milliseconds(5))
            }
            switch leaving {
            case .goodOrder: client.close()
            case .withoutAWord:
                client.forgetTLS()
                client.close()
            case .reset: client.reset()
            }
        }
        try await Deadline(in: .seconds(5)).wait(until: "no connection") { world.connectionCount == 0 }
        await world.stop()
    }

    // Defect: they waited on when the rule was removed, or the lab reset.
    @Test(arguments: waits)
    func `a wait ends when its rule is taken away, and the exchange goes on`(wait: Wait) async throws {
        let world = try await JournalWorld()
        try Self.add(wait, to: world.labs[0])
        async let status = Self.ask(world)
        try await Self.waitForRule(of: world.labs[0])
        #expect(world.labs[0].faults.remove("wait"))
        #expect(try await status == (wait.ends ? nil : 200))
        await world.stop()
    }

    @Test(arguments: waits)
    func `a wait ends when the time of its rule is over by the lab's clock`(wait: Wait) async throws {
        let clock = Monitor(JournalWorld.now)
        let world = try await JournalWorld { clock.withLock { $0 } }
        try Self.add(wait, to: world.labs[0], for: "1h")
        async let status = Self.ask(world)
        try await Self.waitForRule(of: world.labs[0])
        clock.withLock { $0 += 3600 }
        #expect(try await status == (wait.ends ? nil : 200))
        await world.stop()
    }

    // Defect: a server that stopped waited for rules until its grace period ended, and then cut their clients off.
    @Test(arguments: waits)
    func `a wait ends when the server drains, and the answer goes out`(wait: Wait) async throws {
        let world = try await JournalWorld()
        try Self.add(wait, to: world.labs[0])
        async let status = Self.ask(world)
        try await Self.waitForRule(of: world.labs[0])
        await world.drain()
        let came = try await status
        // Where no request has come yet a draining server asks for none.
        let isEarly = ["tcp.delay", "tcp.slice", "tcp.throttle", "tls.slow"].contains(wait.effect)
        #expect(wait.ends ? came == nil : came == 200 || isEarly)
        await world.stop()
    }

    /// The status of an answer; nil where the connection ended without one.
    private static func ask(_ world: JournalWorld) async throws -> Int? {
        let (port, trust) = (world.port, world.trust)
        return try await Blocking.run {
            let client = try TestClient(port: port)
            defer { client.close() }
            do {
                try client.startTLS(trusting: try ClientContext(trustAnchors: trust), name: "globalftm.fortinet.net")
                return try client.post(WireMessage.polling()).status
            } catch let error as TestClientError {
                if case .timedOut(let what) = error { throw TestKitError("no end of the wait for \(what)") }
                return nil
            }
        }
    }

    @Test(arguments: [
        Wait("http.delay", [("latency", .string("3s"))]), Wait("tcp.delay", [("latency", .string("100ms"))]),
    ])
    func `a client that ends its side and stays gets its answer, in its time`(wait: Wait) async throws {
        let world = try await JournalWorld()
        try Self.add(wait, to: world.labs[0])
        let (statuses, time) = try await world.client { client in
            let begun = ContinuousClock.now
            try client.send(TestClient.post(WireMessage.polling()))
            client.finishSending()
            var statuses = [try client.answer().status]
            // It is asked whether it is there by an interim answer.
            if statuses == [100] { statuses.append(try client.answer().status) }
            return (statuses, ContinuousClock.now - begun)
        }
        #expect(statuses == (wait.effect == "http.delay" ? [100, 200] : [200]))
        #expect(time > (wait.effect == "http.delay" ? .milliseconds(2900) : .milliseconds(150)))
        await world.stop()
    }
}
