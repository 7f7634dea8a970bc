import Foundation
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct DescriptorsTests {
    private static let paused = "accepting paused"

    /// How often the log says that accepting paused.
    private static func pauses(_ server: ServerProcess) -> Int {
        server.log.split(separator: "\n").count { $0.contains(paused) }
    }

    /// Holds connections beyond what the server has room for, and shows that those within are served, that the others
    /// wait, and that each that ends makes room for one.
    private static func fill(_ server: ServerProcess, with count: Int, reason: String) async throws {
        let (served, waiting) = try await Blocking.run {
            let context = try server.clientContext()
            var served: [TestClient] = []
            while served.count <= count {
                let client = try TestClient(port: UInt16(server.port), timeout: .milliseconds(700))
                do throws(TestClientError) {
                    try client.startTLS(trusting: context)
                } catch {
                    // It waits in the backlog: the first that there is no room for.
                    client.close()
                    break
                }
                served.append(client)
            }
            let waiting = try (0..<20).map { _ in try TestClient(port: UInt16(server.port)) }
            return (HeldClients(served), HeldClients(waiting))
        }
        #expect(served.count > 4 && served.count < count, "\(served.count) of \(count) were served")
        _ = try await server.logLine(with: paused, reason)
        try await Blocking.run {
            for client in served.all { try expectAnswer(client) }
        }
        #expect(pauses(server) == 1, "said more than once:\n\(server.log)")

        // One by one, so that accepting has every chance to pause again for each.
        let answered = try await Blocking.run {
            let context = try server.clientContext()
            return try zip(served.all, waiting.all)
                .map { old, new in
                    old.close()
                    try new.startTLS(trusting: context)
                    try expectAnswer(new)
                    return new
                }
                .count
        }
        #expect(answered == min(served.count, 20))
        #expect(pauses(server) == 1, "said again while the same clients waited:\n\(server.log)")
        for client in served.all + waiting.all { client.close() }
        try await Blocking.run { try expectAnswer(try server.connect()) }
        _ = try await server.logLine(with: "accepting resumed")
    }

    /// Clients that are used on one thread at a time, one after the other.
    private struct HeldClients: @unchecked Sendable {  // Used on one thread at a time.
        let all: [TestClient]

        init(_ all: [TestClient]) {
            self.all = all
        }

        var count: Int { all.count }
    }

    private static func expectAnswer(_ client: TestClient) throws {
        let answer = try client.post("{\"d\":{\"__type\":\"x\"}}")
        guard answer.status == 200 else { throw TestKitError("answered \(answer.status) \(answer.text)") }
    }

    @Test func `where its limit is reached it stops accepting, says so once, and goes on when clients leave`()
        async throws
    {
        let server = try await ServerProcess.start(
            arguments: ["--loops", "2"],
            under: ["/bin/bash", "-c", "ulimit -n 160 && exec \"$@\"", "bash"]
        )
        let before = try await server.warmUp()
        try await Self.fill(server, with: 60, reason: "the limit of 32 connections")
        // The admin plane counts its own.
        let ready = try await Blocking.run {
            let client = try TestClient(port: UInt16(server.adminPort))
            try client.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return try client.answer().status
        }
        #expect(ready == 200)
        try await server.settle(atMost: before)
        try await server.terminate()
    }

    @Test func `where the process has no descriptor left it stops accepting and goes on when one is free`() async throws
    {
        let server = try await ServerProcess.start(arguments: ["--loops", "2"])
        let before = try await server.warmUp()
        // Lowered under the running server, so that accept itself fails before any limit of its own is reached.
        let limit = before + 12
        let lowered = try await Command.run("prlimit", ["--pid", "\(server.ready.pid)", "--nofile=\(limit):\(limit)"])
        try #require(lowered.status == 0, "\(lowered.errors)")
        try await Self.fill(server, with: 30, reason: "Too many open files")
        try await server.settle(atMost: before)
        try await server.terminate()
    }

    @Test func `an address with too many connections is refused another, and no other address is`() async throws {
        let server = try await ServerProcess.start(
            arguments: ["--loops", "2"],
            environment: ["FAUXGUARD_LIMITS_CONNECTIONSPERADDRESS": "5"]
        )
        let (refused, other, next) = try await Blocking.run {
            let context = try server.clientContext()
            let port = UInt16(server.port)
            let held = try (0..<5).map { _ in try server.connect(trusting: context) }
            for client in held { try Self.expectAnswer(client) }
            let refused = try TestClient(port: port).receive()
            let elsewhere = try TestClient(port: port, host: 2)
            try elsewhere.startTLS(trusting: context)
            try Self.expectAnswer(elsewhere)
            for client in held { try Self.expectAnswer(client) }
            held[0].close()
            // The server strikes it out when it has seen the end, which may be a moment later.
            for _ in 0..<100 {
                if let next = try? server.connect(trusting: context), (try? Self.expectAnswer(next)) != nil {
                    return (refused, true, true)
                }
            }
            return (refused, true, false)
        }
        #expect(refused == .end || refused == .reset, "\(refused)")
        #expect(other && next)
        _ = try await server.logLine(with: "connection refused", "too many of this address")
        try await server.terminate()
    }
}
