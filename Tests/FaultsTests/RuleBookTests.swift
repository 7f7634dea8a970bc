import Notation
import Testing

@testable import Faults

/// Which rules act, in which order, and what is counted.
@Suite struct RuleBookTests {
    private static let status: JSONValue = ["code": 503]

    private func acts(_ book: inout RuleBook, _ count: Int, now: Int64 = 0) -> [Bool] {
        (0..<count).map { _ in !book.acting(at: .request, now: now).isEmpty }
    }

    // MARK: The tests of one rule

    @Test func `skip lets matches pass first, and times lets it retire`() throws {
        var book = try Sample.book(["do": "http.status", "with": Self.status, "skip": 2, "times": 2, "name": "r"])
        #expect(acts(&book, 6) == [false, false, true, true, false, false])
        let state = try #require(book.state("r"))
        #expect(state.matched == 6 && state.acted == 2 && state.isRetired)
        #expect(state.missed == ["it lets 2 pass first": 2, "it has acted 2 times": 2])
    }

    @Test func `what does not match is not counted by skip`() throws {
        var book = try Sample.book(["do": "http.status", "with": Self.status, "skip": 1, "when": ["serial": "FGT*"]])
        #expect(book.acting(at: .request, Sample.facts(Sample.exchange(by: Sample.other))).isEmpty)
        #expect(acts(&book, 2) == [false, true])
    }

    @Test func `chance comes after skip and before times`() throws {
        var book = try Sample.book(
            ["do": "http.status", "with": Self.status, "probability": 0.5, "skip": 3, "times": 10, "name": "r"]
        )
        let acted = acts(&book, 200)
        let state = try #require(book.state("r"))
        #expect(state.acted == 10 && state.isRetired)
        #expect(acted.prefix(3).allSatisfy { !$0 })
        let passed = state.missed["chance let it pass"] ?? 0
        // Chance is asked for the retired too: of 197 matches about half are let pass; five deviations are 35.
        #expect((63...134).contains(passed), "\(state.missed)")
        #expect(state.missed["it has acted 10 times"] == 197 - 10 - passed)
    }

    @Test func `a rule lives as long as its time on the lab's clock`() throws {
        var book = RuleBook(seed: 1)
        _ = try book.add(try Rule(["do": "http.status", "with": Self.status, "for": "10s"]), now: 100)
        #expect(book.rules[0].expires == 110)
        #expect(acts(&book, 1, now: 109) == [true])
        #expect(acts(&book, 1, now: 110) == [false])
        #expect(book.rules[0].matched == 1, "a rule whose time is over matches nothing")
        let early = book.expire(at: 109)
        #expect(!early && book.rules.count == 1)
        let late = book.expire(at: 110)
        #expect(late && book.rules.isEmpty)
    }

    @Test func `probability 0 never acts and 1 always does`() throws {
        var never = try Sample.book(["do": "http.status", "with": Self.status, "probability": 0])
        #expect(acts(&never, 50) == [Bool](repeating: false, count: 50))
        var always = try Sample.book(["do": "http.status", "with": Self.status, "probability": 1])
        #expect(acts(&always, 50) == [Bool](repeating: true, count: 50))
    }

    @Test func `the same seed and questions give the same run`() throws {
        let rule: JSONValue = ["do": "http.status", "with": Self.status, "probability": 0.5, "name": "r"]
        var first = try Sample.book(seed: 7, rule)
        var second = try Sample.book(seed: 7, rule)
        var other = try Sample.book(seed: 8, rule)
        let run = acts(&first, 100)
        #expect(acts(&second, 100) == run)
        #expect(acts(&other, 100) != run)
    }

    @Test func `another rule's matches do not change a rule's chance`() throws {
        let rule: JSONValue = ["do": "http.delay", "with": ["latency": "1s"], "probability": 0.5, "name": "r"]
        var alone = try Sample.book(rule)
        var beside = try Sample.book(["do": "tcp.delay", "with": ["latency": "1s"], "when": ["path": "/*"]], rule)
        for _ in 0..<50 {
            let acts = !alone.acting(at: .request).isEmpty
            #expect(beside.acting(at: .request).contains("r") == acts)
        }
    }

    // MARK: Rules beside each other

    @Test func `all that match act in their order, until one ends`() throws {
        var book = try Sample.book(
            ["do": "http.delay", "with": ["latency": "1s"], "name": "slow"],
            ["do": "http.status", "with": Self.status, "name": "fail"],
            ["do": "service.error", "with": ["code": 14], "name": "never"]
        )
        #expect(book.acting(at: .request) == ["slow", "fail"])
        #expect(book.state("never")?.matched == 0)
        #expect(book.acting(at: .answer).isEmpty)
        #expect(book.acting(at: .accept).isEmpty)
    }

    /// A certificate behind a record's rule had never been shown.
    @Test func `what acts on a record ends the handshake, and no rule of the hello`() throws {
        let record: JSONValue = ["do": "tls.stall", "with": ["at": "finished"], "name": "record"]
        let chain: JSONValue = ["do": "tls.version", "with": ["max": "1.2"], "name": "hello"]
        let later: JSONValue = ["do": "tls.truncate", "with": ["at": "finished"], "name": "later"]
        let page: JSONValue = ["do": "tls.plaintext", "name": "page"]
        var book = try Sample.book(record, chain, later, page)
        #expect(book.acting(at: .hello) == ["record", "hello", "page"])
        var other = try Sample.book(page, record, chain)
        #expect(other.acting(at: .hello) == ["page"])
    }

    @Test func `a name that a client asks for is matched in any case`() throws {
        var book = try Sample.book([
            "do": "tls.version", "with": ["max": "1.2"], "when": ["sni": "GlobalFTM.Fortinet.net"], "name": "r",
        ])
        #expect(book.acting(at: .hello) == ["r"])
    }

    private struct NoWait: Error {}

    @Test func `the first of an effect acts, and the next once that one does not`() throws {
        var book = try Sample.book(
            ["do": "http.delay", "with": ["latency": "1s"], "name": "first", "times": 1],
            ["do": "http.delay", "with": ["latency": "2s"], "name": "second"]
        )
        let plan = try book.decide(at: .request)
        #expect(plan.acted == [Acted(rule: "first", at: .request)])
        guard case .wait(let hold)? = plan.steps.first else { throw NoWait() }
        #expect(hold.duration == .seconds(1) && plan.steps.count == 1)
        #expect(plan.nearMisses == [NearMiss(rule: "second", reason: "another http.delay acted before it")])
        let next = try book.decide(at: .request)
        #expect(next.acted == [Acted(rule: "second", at: .request)])
        #expect(next.nearMisses == [NearMiss(rule: "first", reason: "it has acted 1 time")])
        #expect(book.state("second")?.matched == 1, "what another took is no match")
    }

    @Test func `a rule that acts in vain has not acted`() throws {
        var book = try Sample.book(["do": "service.dropField", "with": ["field": "nowhere"], "times": 1, "name": "r"])
        #expect(book.acting(at: .answer) == ["r"])
        book.missed("r", because: "the answer has no nowhere")
        let state = try #require(book.state("r"))
        #expect(state.acted == 0 && !state.isRetired && state.missed == ["the answer has no nowhere": 1])
        book.missed("gone", because: "nobody")
    }

    @Test func `each edit and each record knows its rule`() throws {
        var book = try Sample.book(
            ["do": "service.nullField", "with": ["field": "error"], "name": "a"],
            ["do": "service.dropField", "with": ["field": "tokens"], "name": "b"],
            ["do": "tls.corrupt", "with": ["at": "certificate"], "name": "c"]
        )
        #expect(try book.decide(at: .answer).answer.edits.map(\.rule) == ["a", "b"])
        #expect(try book.decide(at: .hello, Sample.facts(nil)).handshake.records.map(\.rule) == ["c"])
    }

    // MARK: Coming and going

    @Test func `a name is unique, and one is made up of the effect's`() throws {
        var book = try Sample.book(["do": "http.empty"], ["do": "http.empty"], ["do": "http.lost"])
        #expect(book.rules.map(\.rule.name) == ["http.empty-1", "http.empty-2", "http.lost-1"])
        #expect(book.rules.map(\.number) == [1, 2, 3])
        let taken = #expect(throws: RuleDefect.self) {
            try book.add(try Rule(["do": "http.lost", "name": "http.empty-2"]), now: 0)
        }
        #expect(taken?.path == "name")
        let isRemoved = book.remove("http.empty-1")
        #expect(isRemoved)
        let isRemovedAgain = book.remove("http.empty-1")
        #expect(!isRemovedAgain)
        #expect(try book.add(try Rule(["do": "http.empty"]), now: 0).name == "http.empty-1")
        #expect(book.rules.last?.number == 4, "a number is never given twice")
        book.removeAll()
        #expect(book.rules.isEmpty)
    }

    @Test func `a lab has so many rules and no more`() throws {
        var book = RuleBook(seed: 1)
        let rule = try Rule(["do": "http.empty"])
        for number in 0..<RuleBook.limit { _ = try book.add(rule.named("r\(number)"), now: 0) }
        #expect(throws: RuleDefect.self) { try book.add(rule, now: 0) }
    }

    @Test func `listeners that refuse are those of rules in force`() throws {
        var book = RuleBook(seed: 1)
        #expect(book.refusedListeners(at: 0).isEmpty)
        _ = try book.add(try Rule(["do": "tcp.refuse", "when": ["listener": "main"], "for": "5s"]), now: 0)
        #expect(book.refusedListeners(at: 4) == ["main"])
        #expect(book.refusedListeners(at: 5).isEmpty)
        _ = try book.add(try Rule(["do": "tcp.refuse"]), now: 0)
        #expect(book.refusedListeners(at: 5) == [nil])
    }

    @Test func `an answer is remembered by unit and message, as long as a rule wants it`() throws {
        var book = try Sample.book(["do": "service.stale", "name": "r"])
        #expect(book.remembersAnswers)
        book.remember([1], to: Sample.exchange())
        book.remember([2], to: Sample.exchange(message: "ProvisionRequest"))
        book.remember([3], to: Sample.exchange(by: nil))
        #expect(book.previousAnswer(to: Sample.exchange()) == [1])
        #expect(book.previousAnswer(to: Sample.exchange(message: "ProvisionRequest")) == [2])
        #expect(book.previousAnswer(to: Sample.exchange(by: Sample.other)) == nil)
        #expect(book.previousAnswer(to: Sample.exchange(by: nil)) == nil)
        _ = book.remove("r")
        #expect(book.previousAnswer(to: Sample.exchange()) == nil)
    }

    @Test func `what rules need is known`() throws {
        let rules: [(JSONValue, bindings: Bool, fingerprints: Bool, licenses: Bool)] = [
            (["do": "http.empty"], false, false, false),
            (["do": "http.empty", "when": ["ja4": "t13d1516h2_8daaf6152771_b186095e22b6"]], false, true, false),
            (["do": "http.empty", "when": ["license": .string(Sample.license)]], false, false, true),
            (["do": "tcp.blackhole", "when": ["license": .string(Sample.license)]], true, false, true),
        ]
        for (rule, bindings, fingerprints, licenses) in rules {
            let book = try Sample.book(rule)
            #expect(book.needsBindings == bindings && book.needsFingerprints == fingerprints)
            #expect(book.needsLicenses == licenses)
        }
    }

    /// Whoever asks the journal of a rule that is gone means one that there was; a slip of the pen is told.
    @Test func `a name is known while a rule has it, and afterwards`() throws {
        var book = try Sample.book(
            ["do": "http.empty", "name": "one"],
            ["do": "http.lost", "name": "two", "for": "1s"]
        )
        #expect(book.hasHad("one") && book.hasHad("two") && !book.hasHad("three"))
        _ = (book.remove("one"), book.expire(at: .max))
        #expect(book.rules.isEmpty)
        #expect(book.hasHad("one") && book.hasHad("two") && !book.hasHad("oen"))
    }
}
