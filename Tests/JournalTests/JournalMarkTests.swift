import Faults
import IO
import Testing

@testable import Journal

/// What is told of connections and requests that a rule holds, before they end.
@Suite struct JournalMarkTests {
    private static func held() -> Journal {
        let journal = Sample.journal()
        let rules = Sample.notes("hole")
        journal.mark(Sample.opening(1, sni: nil), at: .accept, rules: rules, time: Sample.start, loop: 0)
        return journal
    }

    /// A connection that a rule held was told of only once its peer had gone.
    @Test func `a connection is found as soon as a rule acted on it`() throws {
        let journal = Self.held()
        #expect(try journal.count(matching: .query("rule=hole&outcome=open&stage=accept")).observed == 1)
        let events = try journal.events(after: 0, matching: .query("rule=hole"), limit: 10).events
        #expect(events.map(\.kind) == [.acted])
    }

    @Test func `what is told later holds in place of what was told first`() throws {
        let journal = Self.held()
        journal.mark(Sample.opening(1), at: .hello, rules: RuleNotes(), time: Sample.start, loop: 0)
        let record = try #require(journal.record(id: 1))
        #expect(record.rules.acted.isEmpty, "it had acted in vain")
        #expect(record.stage == .hello && record.opening.serverName == "globalftm.fortinet.net")
        journal.end(Sample.opening(1), .ordered) { $0.rules = Sample.notes("hole") }
        #expect(try journal.count(matching: .query("rule=hole")).observed == 1)
        #expect(try journal.count(matching: .query("outcome=open")).observed == 0)
    }

    @Test func `a request that a rule holds is an exchange, once, and its answer takes its place`() throws {
        let journal = Sample.journal()
        var exchange = Sample.exchange(status: 0, rules: Sample.notes("late", at: .request))
        exchange.isPending = true
        journal.post(exchange, on: Sample.opening(1), answer: [])
        let filter = try JournalFilter.query("rule=late")
        #expect(journal.count(matching: filter) == JournalCount(observed: 1, unit: .exchanges, dropped: 0))
        #expect(try journal.count(matching: .query("stage=request")).observed == 1)
        #expect(try #require(journal.record(id: 1)).text().contains("\"pending\":true"))
        #expect(journal.events(after: 0, limit: 1).events.map(\.kind) == [.acted])
        #expect(
            try journal.nearMisses(.query("code=31")).map(\.differs) == [
                [.init(filter: .code, wanted: "31", found: "no answer yet")]
            ]
        )
        journal.post(Sample.exchange(rules: Sample.notes("late", at: .request)), on: Sample.opening(1))
        #expect(journal.count(matching: filter).observed == 1)
        let record = try #require(journal.record(id: 1))
        #expect(record.exchanges.map(\.sequence) == [2] && !record.text().contains("pending"))
        #expect(record.stage == .answer)
    }
}
