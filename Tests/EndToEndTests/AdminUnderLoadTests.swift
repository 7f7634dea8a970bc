import Foundation
import Glibc
import IO
import Synchronization
import TestKit
import Testing

/// The admin plane has a loop of its own, so that it answers whatever the data plane is busy with.
@Suite("Admin under load", .serialized, .timeLimit(.minutes(4)))
struct AdminUnderLoadTests {
    /// Handshakes are what takes the time under a sanitizer, and there is something else to find there.
    private static let idle = Sanitizer.isActive ? 200 : 2000
    private static let calls = Sanitizer.isActive ? 100 : 200
    private static let clients = 8
    /// What 99 of 100 calls take at most.
    ///
    /// Under a sanitizer each costs several times as much, on every side of it.
    private static let bound = Duration.milliseconds(Sanitizer.isActive ? 400 : 50)

    /// How many answers the data plane gave.
    private final class Count: Sendable {
        let value = Atomic(0)
    }

    @Test func `with idle connections by the thousand and every loop busy, the admin plane answers at once`()
        async throws
    {
        try await ServerProcess.serve(
            arguments: ["--loops", "2", "--log-level", "error"],
            environment: ["FAUXGUARD_LIMITS_CONNECTIONSPERADDRESS": "0"]
        ) { server in
            let signs = try TemporaryFolder()
            let count = min(Self.idle, DescriptorLimit.raise() - 500)
            async let held: Void = Blocking.run { try Self.hold(count, on: server, signs) }
            try await Deadline(in: .seconds(60)).wait(until: "idle connections") { signs.names == ["open"] }
            let answers = Count()
            async let loaded: [Void] = Blocking.run(threads: Self.clients) { number in
                let client = try server.connect(timeout: .seconds(30) * Sanitizer.slowdown)
                let (token, owner) = ("FTKMOB947FDC1754", "FG100FTK20009876")
                // Polls keep the loops busy, provisions the writer and the disk.
                let message =
                    number.isMultiple(of: 4)
                    ? WireMessage.provision([token], by: owner) : WireMessage.polling([token], by: owner)
                while signs.names == ["open"] {
                    guard try client.post(message).status == 200 else { throw TestKitError("no answer") }
                    answers.value.add(1, ordering: .relaxed)
                }
            }
            func answered() -> Int { answers.value.load(ordering: .relaxed) }
            try await Deadline(in: .seconds(30)).wait(until: "load") { answered() > 50 * Self.clients }
            let before = answered()
            var rounds: [(median: Duration, late: Duration)] = []
            // A host that is busy itself delays one round or another; a plane that the load holds up shows in each.
            while rounds.count < 3, rounds.allSatisfy({ $0.late >= Self.bound }) {
                let sorted = try await Blocking.run { try Self.ask(server) }.sorted()
                rounds.append((sorted[Self.calls / 2], sorted[Self.calls * 99 / 100 - 1]))
            }
            let meanwhile = answered() - before
            try signs.write("", to: "over")
            _ = try await loaded
            try await held
            print(
                "admin under load: \(count) idle connections, \(meanwhile) answers of the data plane meanwhile, \(rounds)"
            )
            #expect(rounds.contains { $0.late < Self.bound }, "\(rounds)")
            #expect(meanwhile > Self.clients, "the data plane was not busy")
        }
    }

    /// Opens idle connections, says so in `signs`, and keeps them until it is over.
    private static func hold(_ count: Int, on server: ServerProcess, _ signs: TemporaryFolder) throws {
        let context = try server.clientContext()
        let clients = try (0..<count)
            .map { _ in try server.connect(trusting: context, timeout: .seconds(30) * Sanitizer.slowdown) }
        try signs.write("", to: "open")
        while signs.names == ["open"] { Blocking.pause(.milliseconds(20)) }
        for client in clients { client.reset() }
    }

    /// Calls by one client over one connection, and how long each took.
    private static func ask(_ server: ServerProcess) throws -> [Duration] {
        let client = try TestClient.admin(of: server)
        return try (0..<calls)
            .map { index in
                let path = index.isMultiple(of: 2) ? "/healthz" : AdminPlane.lab() + "/licenses?limit=50"
                return try server.time {
                    guard try client.call("GET", path).status == 200 else { throw TestKitError("\(path): no answer") }
                }
            }
    }
}
