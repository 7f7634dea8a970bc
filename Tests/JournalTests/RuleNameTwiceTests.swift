import Faults
import Testing

@testable import Journal

/// A rule's name that one rule had, and then another.
@Suite struct RuleNameTwiceTests {
    /// `fail` answered an exchange, was removed, and came back as an alert in three handshakes.
    private static func world() -> Journal {
        let journal = Sample.journal()
        let old = Sample.opening(1)
        var first = Sample.exchange(rules: Sample.notes("fail", at: .request))
        first.number = 1
        journal.post(first, on: old)
        var second = Sample.exchange()
        second.number = 2
        journal.post(second, on: old)
        journal.end(old) { $0.rules = Sample.notes("fail", at: .request) }
        for id in 2...4 {
            journal.end(Sample.opening(UInt64(id)), .handshakeFailed, alert: "internal_error") {
                $0.rules = Sample.notes("fail", at: .hello)
            }
        }
        return journal
    }

    /// One old exchange decided that exchanges are counted: three failed handshakes were one, and behind it none.
    @Test(
        arguments: [
            ("rule=fail", .connections, 4), ("rule=fail&since=1", .connections, 3),
            ("rule=fail&since=3", .connections, 3),
            ("rule=fail&until=2", .exchanges, 1), ("rule=fail&outcome=handshake-failed", .connections, 3),
            ("rule=fail&type=PollingRequest", .exchanges, 1), ("rule=fail&outcome=closed", .exchanges, 1),
        ] as [(String, JournalUnit, Int)]
    )
    func `what is counted follows from what the filter selects`(query: String, unit: JournalUnit, observed: Int) throws
    {
        let count = try Self.world().count(matching: .query(query))
        #expect(count == JournalCount(observed: observed, unit: unit, dropped: 0))
    }

    @Test func `the rule in force decides what is counted, and what was said decides before it`() throws {
        let journal = Self.world()
        let filter = try JournalFilter.query("rule=fail")
        #expect(journal.count(matching: filter, inForce: .connections).observed == 4)
        #expect(journal.count(matching: filter, inForce: .exchanges).observed == 1)
        #expect(journal.count(matching: filter, as: .connections, inForce: .exchanges).observed == 4)
        let behind = try JournalFilter.query("rule=fail&since=3")
        #expect(journal.count(matching: behind, inForce: .connections).observed == 3)
        #expect(journal.count(matching: behind, inForce: .exchanges).observed == 0)
    }

    /// The connection ended within the span, and what the rule did to its exchange lay before it.
    @Test func `an act on an exchange lies where the exchange does`() throws {
        let journal = Self.world()
        let page = try journal.page(matching: .query("rule=fail&since=1"), limit: 10)
        #expect(page.records.map(\.id) == [2, 3, 4])
        #expect(try journal.page(matching: .query("rule=fail&until=1"), limit: 10).records.map(\.id) == [1])
    }

    /// A rule that slowed the connection was counted by its exchanges where one of its name had acted on one.
    @Test func `exchanges are counted that the rule acted on, not those of a connection that it met`() {
        let journal = Sample.journal()
        let opening = Sample.opening(1)
        for notes in [Sample.notes("busy"), Sample.notes("busy"), Sample.notes("busy", at: .answer)] {
            journal.post(Sample.exchange(rules: notes), on: opening)
        }
        let filter = try? JournalFilter.query("rule=busy")
        #expect(filter.map { journal.count(matching: $0, inForce: .exchanges).observed } == 1)
        #expect(filter.map { journal.count(matching: $0).unit } == .connections)
    }
}
