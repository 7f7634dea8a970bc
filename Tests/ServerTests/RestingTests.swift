import Foundation
import IO
import Journal
import Server
import TestKit
import Testing

/// A connection of which nothing was under way for a second holds no task; nobody can tell.
@Suite(.timeLimit(.minutes(1))) struct Resting {
    /// Asks, waits for so long, and asks again.
    private static func story(_ client: TestClient, resting pause: TimeInterval) throws -> [Int] {
        let first = try client.post(WireMessage.polling()).status
        Thread.sleep(forTimeInterval: pause)
        return [first, try client.post(WireMessage.polling()).status]
    }

    @Test(arguments: [0.1, 1.3, 2.5])
    func `a connection that rested is answered as before`(pause: TimeInterval) async throws {
        let world = try await JournalWorld()
        let statuses = try await world.client { try Self.story($0, resting: pause) }
        #expect(statuses == [200, 200])
        await world.stop()
        let record = try #require(world.journal.page(matching: JournalFilter([]), limit: 10).records.first)
        #expect(record.exchanges.count == 2 && record.end?.outcome == .peerClosed || record.end?.outcome == .closed)
    }

    @Test func `a request that comes in pieces over a rest is one`() async throws {
        let world = try await JournalWorld()
        let status = try await world.client { client in
            let request = TestClient.post(WireMessage.polling())
            _ = try client.post(WireMessage.polling())
            Thread.sleep(forTimeInterval: 1.2)
            try client.send(Array(request.prefix(20)))
            Thread.sleep(forTimeInterval: 1.2)
            try client.send(Array(request.dropFirst(20)))
            return try client.answer().status
        }
        #expect(status == 200)
        await world.stop()
    }

    @Test func `the deadline of an idle connection comes while it rests`() async throws {
        let world = try await JournalWorld(bounded: { $0.idleTimeout = .milliseconds(1_500) })
        let begun = Instant.now
        try await world.client { client in
            _ = try client.post(WireMessage.polling())
            _ = try client.receiveToEnd()
        }
        #expect(Instant.now.since(begun) >= .milliseconds(1_400))
        let record = try #require(try await world.records(1, [(key: "outcome", value: "timed-out")]).first)
        #expect(record.exchanges.count == 1)
        await world.stop()
    }

    @Test func `a server that stops ends connections that rest, and waits for their ends`() async throws {
        let world = try await JournalWorld()
        let clients = try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    try await world.client { client in
                        _ = try client.post(WireMessage.polling())
                        // Open until the server ends it.
                        _ = try? client.receiveToEnd()
                    }
                }
            }
            try await Deadline(in: .seconds(10)).wait(until: "all of them") { world.journal.latest == 8 }
            try await Task.sleep(for: .milliseconds(1_300))
            let begun = Instant.now
            await world.stop()
            #expect(Instant.now.since(begun) < .seconds(2))
            var count = 0
            for try await _ in group { count += 1 }
            return count
        }
        #expect(clients == 8 && world.connectionCount == 0)
        let ended = try await world.records(8, [(key: "outcome", value: "shut-down")])
        #expect(ended.count == 8)
    }
}
