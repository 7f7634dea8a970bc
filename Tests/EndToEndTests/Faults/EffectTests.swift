import Faults
import TestKit
import Testing

/// Every effect of the catalogue, met by clients that nobody here wrote, beside a client that the rule does not mean.
@Suite("Effects", .timeLimit(.minutes(5)))
struct EffectTests {
    private static let cases = EffectCase.tcp + EffectCase.tls + EffectCase.http + EffectCase.service
    private static let kinds =
        EffectCase.tcpKinds + EffectCase.tlsKinds + EffectCase.records + EffectCase.httpKinds + EffectCase.serviceKinds
    private static let kindedEffects = Set(kinds.map(\.effect)).sorted()

    @Test func `every effect of the catalogue has a case here, and no other has`() {
        // The port that is closed has no connection of which a record could tell; `RefusedPortTests` meets it.
        let listed = Catalogue.effects.map(\.name).filter { $0 != "tcp.refuse" }
        #expect(Self.cases.map(\.effect).sorted() == listed.sorted())
        #expect(Set(Self.kindedEffects).isSubset(of: listed))
    }

    /// OpenSSL's client waits for good where nothing comes, and says nothing where an answer is missing; Python's `ssl`
    /// asks for no staple.
    private static let silent: [String: FaultClient] = [
        "tcp.blackhole": .openssl, "tls.stall": .openssl, "http.hang": .openssl, "http.lost": .openssl,
        "tls.staple": .python,
    ]

    @Test func `the catalogue tells what each of the three clients reports, where it reports anything`() throws {
        for entry in Catalogue.effects {
            let told = Set(entry.observed.compactMap { FaultClient(rawValue: $0.client) })
            let expected = Set(FaultClient.allCases.filter { $0 != Self.silent[entry.name] })
            #expect(told == expected, "\(entry.name)")
        }
    }

    @Test(arguments: cases)
    func `clients report what the catalogue says, and others are served meanwhile`(_ here: EffectCase) async throws {
        try await FaultScene.serve { scene in try await here.play(in: scene) }
    }

    @Test(arguments: kindedEffects)
    func `each kind of an effect is met`(_ effect: String) async throws {
        try await FaultScene.serve { scene in
            for kind in Self.kinds where kind.effect == effect {
                try await kind.play(in: scene)
                try await scene.clear()
            }
        }
    }

    @Test(arguments: [EffectCase.tcp, EffectCase.tls, EffectCase.http, EffectCase.service])
    func `a rule of two times acts twice, and then lets through`(_ cases: [EffectCase]) async throws {
        try await FaultScene.serve { scene in
            for here in cases {
                try await Self.meetThrice(here, in: scene)
                try await scene.clear()
            }
        }
    }

    private static func meetThrice(_ here: EffectCase, in scene: FaultScene) async throws {
        try await scene.add("twice", here.effect, here.parameters, more: ",\"times\":2")
        var earlier = 0
        if let priming = here.priming {
            var call = try scene.call(.curl, "TLSv1.3", from: FaultScene.bystander)
            call.request = priming
            _ = try await call.start().end()
            earlier = 1
        }
        let sight = try #require(try here.allSights().last { $0.client == .curl })
        for turn in 1...3 {
            let report = try await here.matchedCall(.curl, try #require(sight.versions.last), in: scene).start()
                .end()
            #expect(report.text.contains(turn < 3 ? sight.report : "200 OK"), "\(turn): \(report.text)")
            #expect(turn < 3 || report.exit == .exited(0), "\(report.text)")
        }
        let records = try await scene.records(earlier + 3).dropFirst(earlier)
        #expect(records.map(\.rules) == [["twice"], ["twice"], []])
        #expect(records.last?.nearMisses == ["it has acted 2 times"])
        let rule = try await scene.rule("twice")
        #expect(rule.int("acted") == 2 && rule.int("matched") == 3, "\(rule.text)")
        #expect(rule["retired"] as? Bool == true)
    }
}
