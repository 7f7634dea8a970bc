import Foundation
import TestKit

/// Units, operators, whoever moves the clock and whoever makes labs, all at once on one server until it is killed.
struct KillLoad: Sendable {
    private var workers: [KillWorker]
    private var operators: [KillOperator]
    private var clock: KillClock
    private var keeper: KillKeeper
    private var random: SeededRandom
    /// Whether the clock stands where `clock` says.
    private var isFrozen = false
    /// How many connections kills have cut.
    private(set) var cut = 0

    /// Three units with so many licenses each, three operators, a clock and a keeper of labs.
    init(licenses: Int, random seed: SeededRandom) {
        var random = seed
        workers = (0..<3)
            .map { KillWorker(unit: $0, licenses: licenses, random: SeededRandom(seed: random.next())) }
        operators = (0..<3).map { KillOperator(number: $0, random: SeededRandom(seed: random.next())) }
        clock = KillClock(random: SeededRandom(seed: random.next()))
        keeper = KillKeeper(random: SeededRandom(seed: random.next()))
        self.random = random
    }

    /// The registry document that it begins with.
    var document: String { KillLedger.document(workers.map(\.ledger), operators) }
    /// How many connections are open while it runs.
    var threads: Int { workers.count + operators.count + 2 }
    /// What was done.
    var summary: String {
        "\(workers.map(\.ledger.answered).reduce(0, +)) answers, "
            + "\(operators.map(\.answered).reduce(0, +)) changes by operators, \(clock.count) of the clock, "
            + "\(keeper.answered) of whole labs"
    }

    /// Whether enough was asked for a kill to find something.
    func isBusy(_ kills: Int) -> Bool {
        workers.map(\.ledger.answered).reduce(0, +) > kills && operators.map(\.answered).reduce(0, +) > kills
            && clock.count > 0 && keeper.answered > 0
    }

    /// Asks from every side until the server is killed, which is at a random moment.
    mutating func run(on server: ServerProcess) async throws {
        // Whatever is begun by `async let` runs beside what changes this load.
        let now = self
        async let worked = Blocking.run(threads: now.workers.count) { index in
            var worker = now.workers[index]
            try worker.run(on: server)
            return worker
        }
        async let operated = Blocking.run(threads: now.operators.count) { index in
            var one = now.operators[index]
            try one.run(on: server)
            return one
        }
        async let moved = Blocking.run {
            var clock = now.clock
            try clock.run(on: server)
            return clock
        }
        async let kept = Blocking.run {
            var keeper = now.keeper
            try keeper.run(on: server)
            return keeper
        }
        try await Task.sleep(for: .milliseconds(random.number(15...400)) * Sanitizer.slowdown)
        try await server.kill()
        workers = try await worked
        operators = try await operated
        clock = try await moved
        keeper = try await kept
        cut +=
            workers.filter(\.isCut).count + operators.filter(\.isCut).count + (clock.isCut ? 1 : 0)
            + (keeper.isCut ? 1 : 0)
    }

    /// Holds a server that has just started, and that nobody else uses, to what operators were answered.
    mutating func audit(_ server: ServerProcess) async throws {
        let before = self
        clock = try await Blocking.run {
            var clock = before.clock
            if before.isFrozen { try clock.audit(on: server) } else { try clock.freeze(on: server) }
            return clock
        }
        isFrozen = true
        keeper = try await Blocking.run {
            var keeper = before.keeper
            try keeper.audit(on: server)
            return keeper
        }
        let export = try await AdminPlane(server).get(AdminPlane.lab() + "/registry?format=json")
        let state = try KillState(export)
        // What was issued without a number of the operator's own, and not answered, may be there; nothing else may.
        var open = 0
        for index in operators.indices {
            if case .issue(nil, _) = operators[index].unanswered { open += 1 }
            try operators[index].audit(state)
        }
        drawn = try strangers(in: state, atMost: open)
    }

    /// Licenses that are there and were never answered.
    private var drawn: Set<String> = []

    private func strangers(in state: KillState, atMost open: Int) throws -> Set<String> {
        let known = Set(operators.flatMap(\.licenses.keys)).union(drawn)
        let found = state.licenses.keys.filter { number in !known.contains(number) && !number.hasPrefix("EFTM00") }
        guard found.count <= open else { throw KillViolation("nobody asked for licenses \(found.sorted())") }
        return drawn.union(found)
    }

    /// Holds the server to everything that anyone was answered.
    mutating func auditAll(_ server: ServerProcess) async throws {
        try await audit(server)
        let last = workers
        workers = try await Blocking.run(threads: last.count) { index in
            var worker = last[index]
            try worker.auditAll(on: server)
            return worker
        }
    }
}
