import Faults
import IO
import Testing

@testable import Journal

/// What the journal tells of fault rules, and what it tells them.
@Suite struct JournalRuleTests {
    private static func world() -> Journal {
        let journal = Sample.journal()
        let first = Sample.opening(1)
        journal.post(Sample.exchange(rules: Sample.notes("down")), on: first)
        let tokens = [("FTKMOB0000000001", Int?(31))]
        journal.post(
            Sample.exchange("ProvisionRequest", license: nil, tokens: tokens, rules: Sample.notes("down")),
            on: first
        )
        journal.end(first) {
            $0.rules.note(Acted(rule: "down", at: .accept))
            $0.rules.note(Acted(rule: "slow", boundBy: "address", at: .hello))
            $0.rules.note(NearMiss(rule: "late", reason: "it lets 1 pass first"))
        }
        journal.post(Sample.exchange(serial: "FG100FTK20009876"), on: Sample.opening(2, client: "10.1.2.3"))
        journal.post(Sample.exchange(nil, serial: nil), on: Sample.opening(3))
        return journal
    }

    @Test func `a connection's rules are in its record, once it has ended`() throws {
        let journal = Self.world()
        let record = try #require(journal.record(id: 1)).text()
        #expect(
            record.contains(
                #""rules":[{"name":"down","boundBy":null},{"name":"slow","boundBy":"address"}],"#
                    + #""nearMisses":[{"rule":"late","reason":"it lets 1 pass first"}],"verdict":null"#
            ),
            "\(record)"
        )
        #expect(try #require(journal.record(id: 2)).text().contains(#""rules":[],"nearMisses":[]"#))
    }

    @Test(
        arguments: [
            ("rule=down", [1], 1), ("rule=slow", [1], 1), ("rule=late", [], 0), ("rule=dow", [], 0),
            ("rule=down&type=PollingRequest", [1], 1), ("rule=down&serial=*", [1], 2),
            ("rule=down&client=10.0.0.0/8", [], 0),
        ]
    )
    func `a rule selects the connections that it acted on, and their exchanges`(
        query: String,
        ids: [UInt64],
        count: Int
    ) throws {
        let journal = Self.world()
        let filter = try JournalFilter.query(query)
        #expect(journal.page(matching: filter, limit: 10).records.map(\.id) == ids)
        #expect(journal.count(matching: filter).observed == count)
    }

    @Test func `the canonical form names the rules that acted, in their order`() {
        let lines = Self.world().canonical().split(separator: "\n").filter { $0.hasPrefix("connection") }
        #expect(lines.count == 3)
        #expect(lines[0].hasSuffix(" outcome=closed rules=down,slow"))
        #expect(lines.dropFirst().allSatisfy { !$0.contains("rules=") })
    }

    /// One connection that a rule met before its exchanges, one rule at the second of these, and one at its close.
    private static func met(andEnded hasEnded: Bool = true) -> Journal {
        let journal = Sample.journal()
        let opening = Sample.opening(1)
        journal.post(Sample.exchange(rules: Sample.notes("early")), on: opening)
        journal.post(Sample.exchange(rules: Sample.notes("early", "second")), on: opening)
        if hasEnded { journal.end(opening) { $0.rules = Sample.notes("early", "second", "last") } }
        return journal
    }

    @Test(
        arguments: [
            ("rule=early", 1, 1), ("rule=second", 1, 1), ("rule=last", 1, 0), ("rule=early&type=PollingRequest", 2, 2),
            ("rule=second&type=PollingRequest", 1, 1), ("rule=last&type=PollingRequest", 0, 0),
        ]
    )
    func `a rule selects the exchanges that it acted on, and is found before the connection's end`(
        query: String,
        ended: Int,
        open: Int
    ) throws {
        let filter = try JournalFilter.query(query)
        #expect(Self.met().count(matching: filter).observed == ended)
        #expect(Self.met(andEnded: false).count(matching: filter).observed == open)
    }

    @Test func `a stream's filter finds the exchange that a rule acted on when it is recorded`() throws {
        let journal = Self.met(andEnded: false)
        let events = try journal.events(after: 0, matching: .query("rule=second"), limit: 10).events
        #expect(events.map(\.sequence) == [2] && events.allSatisfy { $0.kind == .exchange })
        #expect(events[0].record.rules.acted.map(\.rule) == ["early", "second"])
    }

    @Test func `an exchange tells its rules, and a connection that is open those of its exchanges`() throws {
        let journal = Sample.journal()
        let opening = Sample.opening(1)
        var notes = Sample.notes("down")
        notes.note(NearMiss(rule: "late", reason: "it lets 1 pass first"))
        journal.post(Sample.exchange(rules: notes), on: opening)
        let told =
            #""rules":[{"name":"down","boundBy":null}],"#
            + #""nearMisses":[{"rule":"late","reason":"it lets 1 pass first"}]"#
        let text = try #require(journal.record(id: 1)).text()
        #expect(text.ranges(of: told).count == 2, "\(text)")
        #expect(journal.canonical().hasSuffix(" rules=down\n"), "\(journal.canonical())")
    }

    @Test func `an exchange without an answer has no status`() throws {
        let journal = Sample.journal()
        journal.post(Sample.exchange(status: 0), on: Sample.opening(1))
        #expect(try #require(journal.record(id: 1)).text().contains(#""status":null"#))
        #expect(journal.canonical().contains(" status=none "))
        // It is no success.
        #expect(try journal.count(matching: .query("code=none")).observed == 0)
        let misses = try journal.nearMisses(.query("code=none"))
        #expect(misses.map(\.differs) == [[.init(filter: .code, wanted: "none", found: "no answer")]])
    }

    @Test func `no record names more rules than it has room for, nor one twice`() {
        var notes = RuleNotes()
        for number in 0..<100 {
            notes.note(Acted(rule: "rule-\(number / 2)", at: .accept))
            notes.note(NearMiss(rule: "rule-\(number / 2)", reason: "it is late"))
        }
        #expect(notes.acted.map(\.rule) == (0..<RuleNotes.limit).map { "rule-\($0)" })
        #expect(notes.nearMisses.map(\.rule) == (0..<RuleNotes.limit).map { "rule-\($0)" })
        notes.retract(NearMiss(rule: "rule-0", reason: "it had nothing to change"))
        #expect(notes.acted.count == RuleNotes.limit - 1)
    }

    @Test func `who spoke is known with all that they spoke of, the oldest first`() {
        let speakers = Self.world().speakers
        #expect(speakers.map(\.exchange.serial) == [Sample.unit, Sample.unit, "FG100FTK20009876"])
        #expect(speakers.map(\.address) == [.v4(0x7F00_0001), .v4(0x7F00_0001), .v4(0x0A01_0203)])
        #expect(speakers.map(\.exchange.licenses) == [[Sample.license], [], [Sample.license]])
        #expect(speakers.map(\.exchange.tokens) == [[Sample.token], ["FTKMOB0000000001"], [Sample.token]])
        #expect(speakers.map(\.exchange.message) == ["PollingRequest", "ProvisionRequest", "PollingRequest"])
    }

    @Test func `who spoke to another lab's listener is not told of`() {
        let opening = ConnectionOpening(
            id: 9,
            lab: "team-a",
            listener: "side",
            peer: SocketAddress(host: .v4(1), port: 1),
            accepted: Sample.start,
            labTime: nil
        )
        let journal = Sample.journal()
        journal.post(Sample.exchange(), on: opening)
        #expect(journal.speakers.isEmpty)
    }
}
