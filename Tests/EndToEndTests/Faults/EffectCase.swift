import Faults
import TestKit
import Testing

/// An effect with parameters that show it, and what holds of it.
struct EffectCase: Sendable, CustomTestStringConvertible {
    /// What may have become of the registry.
    enum Registry: Sendable { case unchanged, changed }

    let effect: String
    /// As JSON.
    let parameters: String
    /// What clients report; nil for what the catalogue says.
    var sights: [Sight]?
    /// What the matched clients send.
    var request = FaultRequest.poll
    /// What clients are told besides, matched or not.
    var options: [FaultClient: [String]] = [:]
    /// What a client reports besides.
    var also: [FaultClient: String] = [:]
    /// How long it takes at least.
    var atLeast = Duration.zero
    /// Whether nothing comes until the client gives up.
    var holds = false
    /// What matters of the registry.
    var registry: Registry?
    /// How many bytes leave at most, of those on the socket.
    var bytesOut: Int?
    /// The alert that the journal has.
    var alert: String?
    /// What is asked from elsewhere once the rule is there.
    var priming: String?
    /// Further members of the rule, such as a `when` of its own, with a comma before them.
    var more = ""

    init(_ effect: String, _ parameters: String = "{}", _ sights: [Sight]? = nil) {
        self.effect = effect
        self.parameters = parameters
        self.sights = sights
    }

    var testDescription: String { "\(effect) \(parameters)" }

    /// A copy with something changed.
    func with<Value>(_ member: WritableKeyPath<Self, Value>, _ value: Value) -> Self {
        var copy = self
        copy[keyPath: member] = value
        return copy
    }

    /// Its own sights, or those of the catalogue.
    func allSights() throws -> [Sight] {
        if let sights { return sights }
        let entry = try #require(Catalogue.effect(effect))
        return try entry.observed.map {
            Sight(try #require(FaultClient(rawValue: $0.client)), $0.report, over: $0.version)
        }
    }

    /// Lets every client meet it beside one that the rule does not mean, and holds counters and journal against what
    /// was met.
    func play(in scene: FaultScene) async throws {
        let name = "the-rule"
        let sights = try allSights()
        var others = priming == nil ? 0 : 1
        for sight in sights {
            for version in sight.versions {
                others += 1
                if try await expectNothing(of: sight, version, in: scene) { others += 1 }
            }
        }
        let before = registry == nil ? "" : try await scene.registry()
        try await scene.add(name, effect, parameters, more: more)
        if let priming {
            var call = try scene.call(.curl, "TLSv1.3", from: FaultScene.bystander)
            call.request = priming
            #expect(try await call.start().end().text.contains("200 OK"))
        }
        var patient: FaultCall.Running?
        if holds { patient = try scene.call(.python, "TLSv1.3").start() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sight in sights {
                for version in sight.versions { group.addTask { try await meet(sight, version, in: scene) } }
            }
            try await group.waitForAll()
        }
        if let patient {
            #expect(patient.process.poll() == nil, "others were served, and the connection that is held was let go")
            patient.process.signal(9)
            _ = try await patient.end()
        }
        let pairs = sights.map(\.versions.count).reduce(0, +)
        try await settle(name, matched: pairs + (holds ? 1 : 0), others: others, in: scene)
        switch registry {
        case .changed?: #expect(try await scene.registry() != before)
        case .unchanged?: #expect(try await scene.registry() == before)
        case nil: break
        }
    }

    /// A matched client, with whatever the case tells it.
    func matchedCall(_ client: FaultClient, _ version: String, in scene: FaultScene) throws -> FaultCall {
        var call = try scene.call(client, version)
        call.request = request
        call.options = options[client] ?? []
        if holds { call.patience = 2 * Sanitizer.slowdown }
        return call
    }

    /// A client that no rule means is served, and reports nothing of what is seen; whether it had to be asked for that.
    private func expectNothing(of sight: Sight, _ version: String, in scene: FaultScene) async throws -> Bool {
        var call = try scene.call(sight.client, version, from: FaultScene.bystander)
        call.options = options[sight.client] ?? []
        let (usual, isNew) = try await UsualReports.shared.report(of: call)
        #expect(sight.client.wasServed(usual), "\(self), \(version): \(usual.text)")
        #expect(sight.isUsual || !usual.text.contains(sight.report), "nothing is seen: \(usual.text)")
        return isNew
    }

    private func meet(_ sight: Sight, _ version: String, in scene: FaultScene) async throws {
        let matched = try matchedCall(sight.client, version, in: scene).start()
        let bystander = try await scene.poll(over: version)
        #expect(
            bystander.status == 200 && bystander.text.contains(FaultRequest.license),
            "\(self), \(version), the bystander: \(bystander)"
        )
        let report = try await matched.end()
        #expect(
            report.text.contains(sight.report),
            "\(self), \(version): \(sight.client.rawValue) says no \(sight.report): \(report.text)"
        )
        if let part = also[sight.client] { #expect(report.text.contains(part), "\(self), \(version): \(report.text)") }
        #expect(report.elapsed >= atLeast, "\(self), \(version): \(report.elapsed)")
    }

    private func settle(_ name: String, matched: Int, others: Int, in scene: FaultScene) async throws {
        let records = try await scene.records(matched + others)
        let rule = try await scene.rule(name)
        #expect(rule.int("acted") == matched, "\(self): \(rule.text)")
        #expect(records.filter { $0.client == FaultScene.matched }.count == matched)
        for record in records {
            let isMatched = record.client == FaultScene.matched
            #expect(record.rules == (isMatched ? [name] : []), "\(self): \(record)")
            if isMatched, let bytesOut { #expect(record.bytesOut <= bytesOut, "\(record)") }
            if isMatched, let alert { #expect(record.alert == alert, "\(record)") }
        }
    }
}

/// What one client is seen to report, over one version or over both.
struct Sight: Sendable {
    let client: FaultClient
    let version: String?
    /// A part of what it prints.
    let report: String

    init(_ client: FaultClient, _ report: String, over version: String? = nil) {
        self.client = client
        self.version = version
        self.report = report
    }

    var versions: [String] { version.map { [$0] } ?? ["TLSv1.2", "TLSv1.3"] }
    /// Whether an answer that nothing happened to holds it as well.
    var isUsual: Bool { report.hasSuffix("200 OK") }
}
