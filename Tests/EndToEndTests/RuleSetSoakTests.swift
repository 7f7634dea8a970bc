import Foundation
import TestKit
import Testing

/// Random sets of rules from the served catalogue, with clients at each: whatever they make of connections, nothing of
/// it is left when the rules are gone.
///
/// `FAUXGUARD_RULE_SETS` (15) says how many sets, `FAUXGUARD_TEST_SEED` repeats a run.
@Suite("Rule sets", .serialized, .timeLimit(.minutes(30)))
struct RuleSetSoakTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["FAUXGUARD_RULE_SETS"].flatMap { Int($0) } ?? (Sanitizer.isActive ? 6 : 15)
    private static let seed = environment["FAUXGUARD_TEST_SEED"].flatMap { UInt64($0) } ?? 20_261_129
    private static let clients = 6
    /// How long a client waits for anything: most rules are there to disappoint it.
    private static let patience = Duration.milliseconds(200 * Sanitizer.slowdown)
    /// How much more memory may be resident at the end than after a third of the sets, in KiB: certificates that rules
    /// had made, and an allocator's breath.
    private static let growth = 24 * 1024
    private static let faults = AdminPlane.lab() + "/faults"

    @Test func `random rules leave no descriptor, no connection and no memory behind`() async throws {
        try await ServerProcess.serve(
            arguments: ["--loops", "2", "--log-level", "error"],
            environment: ["FAUXGUARD_PKI_PROFILES": Repository.profiles]
        ) { server in
            let descriptors = try await server.warmUp()
            let admin = AdminPlane(server)
            let items = try await admin.get("/api/v1/faults/catalogue")["items"] as? [[String: Any]] ?? []
            let catalogue = items.compactMap { RuleSet.Effect($0) }
            try #require(catalogue.count > 30, "\(items.count) effects are served")
            var chance = SeededRandom(seed: Self.seed)
            var (added, refused) = (0, [String]())
            var memory: [Int] = []
            for _ in 0..<Self.count {
                let set = RuleSet(from: catalogue, by: &chance)
                for rule in set.rules {
                    let reply = try await admin.post(Self.faults, rule)
                    if reply.status == 201 { added += 1 } else { refused.append("\(rule): \(reply.text)") }
                    try #require([201, 422].contains(reply.status), "\(rule): \(reply.text)")
                }
                let seed = chance.next()
                _ = try await Blocking.run(threads: Self.clients) { number in
                    var chance = SeededRandom(seed: seed &+ UInt64(number))
                    for _ in 0..<2 { try Self.play(server, from: UInt8(1 + number), by: &chance) }
                }
                #expect(try await admin.call("DELETE", Self.faults).status == 204)
                #expect(try await admin.call("DELETE", AdminPlane.lab() + "/journal").status == 204)
                memory.append(server.residentKiB)
            }
            #expect(added > 2 * refused.count, "most of what was made up is refused: \(refused)")
            try await server.settle(atMost: descriptors)
            try await admin.whenIdle()
            #expect(try await Self.answers(server), "it serves as before")
            print(
                "soak: \(Self.count) rule sets (\(added) rules, \(refused.count) refused), seed \(Self.seed); "
                    + "\(descriptors) descriptors; KiB \(memory)"
            )
            let early = memory[memory.count / 3]
            let last = server.residentKiB
            // A sanitizer keeps what was freed.
            if !Sanitizer.isActive { #expect(last <= early + Self.growth, "from \(early) to \(last) KiB: \(memory)") }
        }
    }

    /// One client's part, which ends in one of the ways in which clients end; that a rule spoils it is no failure.
    private static func play(_ server: ServerProcess, from host: UInt8, by chance: inout SeededRandom) throws {
        guard let client = try? TestClient(port: UInt16(server.port), timeout: patience, host: host) else { return }
        do {
            if chance.isTrue(0.9) { try client.startTLS(trusting: try server.clientContext()) }
            let message = WireMessage.polling(["FTKMOB947FDC1754"], by: "FG100FTK20009876")
            for _ in 0..<chance.number(0...2) { _ = try client.post(message) }
            if chance.isTrue(0.3) { try client.send(TestClient.post(message)) }
        } catch is TestClientError {
            // What the rules are for.
        }
        switch chance.number(0...3) {
        case 0: client.close()
        case 1: client.reset()
        case 2:
            client.forgetTLS()
            client.close()
        default:
            client.finishSending()
            _ = try? client.receive(within: .milliseconds(20))
            client.forgetTLS()
            client.close()
        }
    }

    private static func answers(_ server: ServerProcess) async throws -> Bool {
        try await Blocking.run {
            try server.connect().post(WireMessage.polling(["FTKMOB947FDC1754"], by: "FG100FTK20009876")).status == 200
        }
    }
}
