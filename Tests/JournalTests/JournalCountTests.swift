import Faults
import IO
import Testing

@testable import Journal

/// How often something happened, and whether that can be told.
@Suite struct JournalCountTests {
    /// A connection with three exchanges, of which a rule met two; the connection itself met another before.
    private static func world() -> Journal {
        let journal = Sample.journal()
        let opening = Sample.opening(1)
        let early = Sample.notes("slow")
        var met = early
        met.note(Acted(rule: "down", at: .request))
        for (number, notes) in [(1, met), (2, met), (3, early)] {
            var exchange = Sample.exchange(rules: notes)
            exchange.number = UInt32(number)
            journal.post(exchange, on: opening)
        }
        journal.end(opening) { $0.rules = met }
        return journal
    }

    /// "Fail two, then work" on one connection that is kept was counted as 1, and a list showed all three.
    @Test func `a rule that acted on exchanges counts those, and lists no others`() throws {
        let journal = Self.world()
        let count = try journal.count(matching: .query("rule=down"))
        #expect(count == JournalCount(observed: 2, unit: .exchanges, dropped: 0))
        let records = try journal.page(matching: .query("rule=down"), limit: 10).records
        #expect(records.map { $0.exchanges.map(\.sequence) } == [[1, 2]])
        #expect(try journal.canonical(.query("rule=down")).split(separator: "\n").count == 3)
    }

    @Test func `a rule that acted on a connection counts that, and lists all of its exchanges`() throws {
        let journal = Self.world()
        #expect(try journal.count(matching: .query("rule=slow")).observed == 1)
        #expect(try journal.count(matching: .query("rule=slow")).unit == .connections)
        #expect(try journal.page(matching: .query("rule=slow"), limit: 10).records[0].exchanges.count == 3)
    }

    @Test(
        arguments: [
            ("rule=down", .connections, 1), ("rule=slow", .exchanges, 3), ("client=127.0.0.1", .exchanges, 3),
            ("type=PollingRequest", .connections, 1), ("outcome=closed", .exchanges, 3), ("rule=none", .exchanges, 0),
        ] as [(String, JournalUnit, Int)]
    )
    func `what is counted can be said`(query: String, unit: JournalUnit, observed: Int) throws {
        let count = try Self.world().count(matching: .query(query), as: unit)
        #expect(count == JournalCount(observed: observed, unit: unit, dropped: 0))
    }

    @Test func `a rule that acted on nothing yet is counted as it would act`() throws {
        let filter = try JournalFilter.query("rule=later")
        #expect(Self.world().count(matching: filter, inForce: .exchanges).unit == .exchanges)
        #expect(Self.world().count(matching: filter).unit == .connections)
    }

    @Test func `near misses are exchanges where those are counted`() throws {
        let misses = try Self.world().nearMisses(.query("rule=late"), as: .exchanges)
        #expect(misses.map(\.exchange) == [3, 2, 1])
    }

    // MARK: What is gone

    /// A count over a journal that had run over was told as if it were all.
    @Test(
        arguments: [
            ("serial=*", 15), ("serial=*&since=15", 0), ("serial=*&since=10", 5), ("serial=*&until=3", 3),
            ("since=2026-11-27T18:00:00Z", 15), ("since=2026-11-27T19:01:00Z", 0), ("client=192.0.2.1", 15),
        ] as [(String, UInt64)]
    )
    func `what a span lost is told`(query: String, dropped: UInt64) throws {
        let journal = Sample.journal(entries: 10)
        for id in 1...25 {
            let time = Sample.start + Int64(id) * 1_000
            journal.post(Sample.exchange(on: UInt64(id)), on: Sample.opening(UInt64(id)), time: time)
        }
        let filter = try JournalFilter.query(query)
        #expect(journal.count(matching: filter).dropped == dropped)
        #expect(journal.page(matching: filter, limit: 100).dropped == dropped)
        #expect(journal.newest(5, matching: filter, as: .exchanges).dropped == dropped)
    }

    @Test func `what was cleared is not missed, but by whoever began before`() throws {
        let journal = Sample.journal(entries: 10)
        for id in 1...15 { journal.post(Sample.exchange(), on: Sample.opening(UInt64(id))) }
        let begin = journal.lastCleared
        journal.clear()
        journal.post(Sample.exchange(), on: Sample.opening(16))
        #expect(journal.count(matching: JournalFilter()).dropped == 0)
        #expect(journal.count(matching: JournalFilter(), beyond: begin).dropped == 15)
    }

    @Test func `a connection that lost exchanges says so in every form`() throws {
        let journal = Sample.journal(entries: 3)
        let opening = Sample.opening(1)
        for number in 1...4 {
            var exchange = Sample.exchange()
            exchange.number = UInt32(number)
            journal.post(exchange, on: opening)
        }
        let record = try #require(journal.record(id: 1))
        #expect(record.isCut && record.text().contains("\"exchangesDropped\":true"))
        #expect(
            String(decoding: record.har(version: "1", JournalDetail()), as: UTF8.self).contains("may have been dropped")
        )
        journal.post(Sample.exchange(), on: Sample.opening(2))
        #expect(try !#require(journal.record(id: 2)).isCut)
        #expect(try !#require(Self.world().record(id: 1)).isCut)
    }

    // MARK: The newest

    /// A limit had taken the oldest.
    @Test func `the newest are counted as connections, or as exchanges and connections without any`() {
        let journal = Sample.journal()
        journal.post(Sample.exchange(), on: Sample.opening(1))
        journal.post(Sample.exchange(), on: Sample.opening(2))
        journal.end(Sample.opening(3), .handshakeFailed)
        journal.post(Sample.exchange(), on: Sample.opening(1))
        func newest(_ limit: Int, _ unit: JournalUnit) -> [[UInt64]] {
            journal.newest(limit, matching: JournalFilter(), as: unit).records
                .map { [$0.id] + $0.exchanges.map(\.sequence) }
        }
        #expect(newest(1, .connections) == [[1, 1, 4]])
        #expect(newest(2, .connections) == [[1, 1, 4], [3]])
        #expect(newest(1, .exchanges) == [[1, 4]])
        #expect(newest(3, .exchanges) == [[1, 4], [2, 2], [3]])
        #expect(newest(9, .exchanges) == [[1, 1, 4], [2, 2], [3]])
    }
}
