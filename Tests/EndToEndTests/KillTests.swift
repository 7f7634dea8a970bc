import Foundation
import TestKit
import Testing

/// `FAUXGUARD_KILLS` says how often the server is killed (20), `FAUXGUARD_TEST_SEED` repeats a run's choices.
///
/// One test after the other: together they would ask too little between two kills on a slow machine.
@Suite(.serialized, .timeLimit(.minutes(20))) struct KillTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let kills = environment["FAUXGUARD_KILLS"].flatMap { Int($0) } ?? 20
    private static let workers = 6

    @Test func `a server killed at any moment has lost no answered change and left none half done`() async throws {
        let seed = Self.environment["FAUXGUARD_TEST_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...999_999)
        var random = SeededRandom(seed: seed)
        let licenses = min(400, Self.kills * 10)
        var workers = (0..<Self.workers)
            .map { unit in
                KillWorker(unit: unit, licenses: licenses, random: SeededRandom(seed: random.next()))
            }
        let folder = try TemporaryFolder()
        let registry = try folder.write(KillLedger.document(workers.map(\.ledger)), to: "registry.yaml")
        do {
            var cut = 0
            for _ in 0..<Self.kills {
                let server = try await Self.start(folder, registry)
                let current = workers
                async let worked = Blocking.run(threads: current.count) { index in
                    var worker = current[index]
                    try worker.run(on: server)
                    return worker
                }
                // A server that a sanitizer slows down would be dead before it had answered much.
                try await Task.sleep(for: .milliseconds(random.number(15...250)) * Sanitizer.slowdown)
                try await server.kill()
                workers = try await worked
                cut += workers.filter(\.isCut).count
            }
            let server = try await Self.start(folder, registry)
            let last = workers
            workers = try await Blocking.run(threads: last.count) { index in
                var worker = last[index]
                try worker.auditAll(on: server)
                return worker
            }
            try await server.terminate()
            Self.check(workers, cut: cut, seed: seed)
        } catch {
            Issue.record("seed \(seed): \(error)")
        }
    }

    /// `FAUXGUARD_KILLS` counts for this one too; without it there are ten.
    @Test func `operators and units beside each other lose no answered change to a kill`() async throws {
        let seed = Self.environment["FAUXGUARD_TEST_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...999_999)
        let kills = Self.environment["FAUXGUARD_KILLS"].flatMap { Int($0) } ?? 10
        var load = KillLoad(licenses: min(400, kills * 10), random: SeededRandom(seed: seed))
        let folder = try TemporaryFolder()
        let registry = try folder.write(load.document, to: "registry.yaml")
        do {
            for _ in 0..<kills {
                let server = try await Self.start(folder, registry)
                try await load.audit(server)
                try await load.run(on: server)
            }
            let server = try await Self.start(folder, registry)
            try await load.auditAll(server)
            try await server.terminate()
            print("kill test: operators, seed \(seed), \(kills) kills, \(load.summary)")
            #expect(load.cut == kills * load.threads, "a kill did not cut every connection")
            #expect(load.isBusy(kills), "seed \(seed): too little was asked: \(load.summary)")
        } catch {
            Issue.record("seed \(seed): \(error)")
        }
    }

    private static func start(_ folder: TemporaryFolder, _ registry: String) async throws -> ServerProcess {
        try await ServerProcess.start(
            data: folder.path(of: "data"),
            registry: registry,
            arguments: ["--loops", "2", "--log-level", "warning"],
            within: .seconds(60)
        )
    }

    /// A run that did nothing would have found nothing.
    private static func check(_ workers: [KillWorker], cut: Int, seed: UInt64) {
        let ledgers = workers.map(\.ledger)
        let codes = ledgers.flatMap { ledger in
            ledger.retired
                + ledger.tokens.values.compactMap { state in
                    switch state {
                    case .pending(let issue), .provisioned(let issue): issue.code
                    case .available, .pendingUnknown: nil
                    }
                }
        }
        let redeemed = ledgers.flatMap(\.licenses).filter { $0.redemption != .untouched }.count
        let answered = ledgers.map(\.answered).reduce(0, +)
        print(
            "kill test: seed \(seed), \(kills) kills, \(answered) answers, \(redeemed) licenses, \(codes.count) codes"
        )
        #expect(cut == kills * workers.count, "a kill did not cut every worker's connection")
        #expect(Set(codes).count == codes.count, "seed \(seed): an activation code was given out twice")
        #expect(redeemed >= workers.count && codes.count >= kills, "seed \(seed): too little was asked")
    }
}
