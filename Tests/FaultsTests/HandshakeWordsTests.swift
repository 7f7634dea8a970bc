import Notation
import TLSNames
import Testing

@testable import Faults

/// Each word that a TLS effect lists is carried out as the engine's own, and none as another.
@Suite struct HandshakeWordsTests {
    /// The words that a parameter lists.
    private func words(_ effect: String, _ parameter: String) throws -> [String] {
        let entry = try #require(Catalogue.effect(effect))
        guard case .choice(let words)? = entry.parameters.first(where: { $0.name == parameter })?.kind else {
            return []
        }
        return words
    }

    /// What a rule of these parameters makes of a connection.
    private func plan(_ effect: String, _ members: [JSONValue.Member]) throws -> Plan {
        var plan = Plan()
        var draw = Draw(seed: 1, rule: "words", match: 1)
        try Rule(["do": .string(effect), "with": .object(members)]).action.act(&plan, &draw)
        return plan
    }

    @Test(arguments: ["tls.alert", "tls.stall", "tls.truncate", "tls.corrupt"])
    func `records`(effect: String) throws {
        let more: [JSONValue.Member] = effect == "tls.alert" ? [.init("alert", "unknown_ca")] : []
        let words = try words(effect, "at")
        #expect(words.prefix(8) == RecordLabel.allCases.map(\.rawValue)[...])
        for word in words {
            let plan = try plan(effect, more + [.init("at", .string(word))])
            #expect(plan.answer.isCorrupt == (word == "data"))
            #expect(plan.handshake.records.map(\.at.rawValue) == (word == "data" ? [] : [word]))
        }
        #expect(try plan(effect, more).handshake.records.map(\.at) == [.serverHello])
    }

    @Test func `alerts`() throws {
        let words = try words("tls.alert", "alert")
        #expect(words == AlertCode.current.map(\.name))
        for word in words {
            let code = try #require(AlertCode(name: word))
            let records = try plan("tls.alert", [.init("alert", .string(word))]).handshake.records
            #expect(records.map(\.action) == [.alert(code)])
        }
    }

    @Test func `staples`() throws {
        for word in try words("tls.staple", "status") {
            #expect(try plan("tls.staple", [.init("status", .string(word))]).handshake.staple?.rawValue == word)
        }
    }

    @Test func `versions`() throws {
        let words = try words("tls.version", "min")
        #expect(words.count == ProtocolVersion.allCases.count)
        for word in words {
            let version = try #require(ProtocolVersion(name: word))
            let members: [JSONValue.Member] = [.init("min", .string(word)), .init("max", .string(word))]
            #expect(try plan("tls.version", members).handshake.versions == version...version)
        }
        #expect(try plan("tls.version", [.init("min", "1.1")]).handshake.versions == .tls11 ... .tls13)
        #expect(try plan("tls.version", [.init("max", "1.2")]).handshake.versions == .tls10 ... .tls12)
    }

    /// A word without a meaning was once taken for what is usual.
    @Test func `a word that an effect lists and does not know is refused`() throws {
        let entry = Effect(
            "tls.test",
            at: [.hello],
            "A test.",
            parameters: [Parameter("at", .choice(["serverHello", "clientHello"]), default: "serverHello", "where")],
            observed: [],
            expected: ""
        ) { _ in Effect.Action { _, _ in } }
        let arguments = try Arguments([.init("at", "clientHello")], for: entry)
        let defect = #expect(throws: RuleDefect.self) {
            try arguments.choice("at", default: RecordLabel.serverHello) { RecordLabel(rawValue: $0) }
        }
        #expect(defect?.path == "with.at")
    }
}
