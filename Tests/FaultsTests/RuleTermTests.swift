import IO
import Notation
import Testing

@testable import Faults

/// How long those wait whom a rule makes wait.
@Suite struct RuleTermTests {
    private static let delay: JSONValue = ["name": "slow", "do": "http.delay", "with": ["latency": "10m"]]

    private static func term(in book: inout RuleBook) throws -> RuleTerm {
        guard case .wait(let hold)? = try book.decide(at: .request).steps.first, let term = hold.term else {
            throw NoTerm()
        }
        return term
    }

    private struct NoTerm: Error {}

    // Defect: connections waited on for the whole latency when the rule was removed or the lab reset.
    @Test func `what a rule makes wait is over when the rule is taken away, and not when another one is`() throws {
        var book = try Sample.book(Self.delay, ["name": "other", "do": "http.empty"])
        let term = try Self.term(in: &book)
        _ = book.remove("other")
        #expect(!term.isOver)
        _ = book.remove("slow")
        #expect(term.isOver)
        // A rule of the same name is another rule.
        _ = try book.add(try Rule(Self.delay), now: 0)
        #expect(term.isOver)
        let next = try Self.term(in: &book)
        #expect(!next.isOver)
    }

    @Test func `it is over when all rules are taken away`() throws {
        var book = try Sample.book(Self.delay)
        let term = try Self.term(in: &book)
        book.removeAll()
        #expect(term.isOver)
    }

    @Test func `it is over when the rule's time is, before anybody sweeps it out`() throws {
        let clock = Monitor<Int64>(100)
        var book = RuleBook(seed: 1) { clock.withLock { $0 } }
        _ = try book.add(
            try Rule(["name": "slow", "do": "http.delay", "with": ["latency": "10m"], "for": "1m"]),
            now: 100
        )
        guard case .wait(let hold)? = book.plan(at: .request, Sample.facts(), now: 100)?.steps.first else {
            throw NoTerm()
        }
        let term = try #require(hold.term)
        #expect(term.isTimed && !term.isOver)
        clock.withLock { $0 = 159 }
        #expect(!term.isOver)
        clock.withLock { $0 = 160 }
        #expect(term.isOver)
    }

    @Test func `a rule that has acted as often as it may still lasts for those whom it makes wait`() throws {
        var book = try Sample.book(["name": "once", "do": "http.delay", "with": ["latency": "10m"], "times": 1])
        let term = try Self.term(in: &book)
        #expect(book.state("once")?.isRetired == true)
        #expect(!term.isOver)
    }

    @Test(
        arguments: [
            ("tcp.blackhole", JSONValue.object([]), Stage.accept), ("http.hang", .object([]), .request),
            ("tls.stall", .object([]), .hello), ("tls.slow", ["gap": "1s"], .hello),
            ("tcp.delay", ["latency": "1s"], .accept), ("tcp.throttle", ["rate": 10], .accept),
            ("tcp.slice", ["size": 1, "gap": "1s"], .accept), ("http.drip", ["rate": 10], .answer),
        ] as [(String, JSONValue, Stage)]
    )
    func `every effect that makes wait says for how long its rule is in force`(
        effect: String,
        parameters: JSONValue,
        stage: Stage
    ) throws {
        var book = try Sample.book(["name": "r", "do": .string(effect), "with": parameters])
        let facts = stage < .request ? Sample.facts(nil) : Sample.facts()
        let plan = try book.decide(at: stage, facts)
        var terms = [plan.handshake.gap?.term, plan.handshake.holdTerm, plan.answer.drip?.term]
        terms += [plan.shaping?.terms.latency, plan.shaping?.terms.rate, plan.shaping?.terms.slice]
        if case .end(.silence(_, let term))? = plan.steps.first { terms.append(term) }
        let term = try #require(terms.compactMap(\.self).first)
        _ = book.remove("r")
        #expect(term.isOver)
    }
}
