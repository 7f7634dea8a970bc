import Faults
import IO
import Testing

@testable import Journal

/// What the journal tells of fault rules, and what it tells them.
@Suite struct JournalRuleTests {
    private static func world() -> Journal {
        let journal = Sample.journal()
        let first = Sample.opening(1)
        journal.post(Sample.exchange(), on: first)
        journal.post(Sample.exchange("ProvisionRequest", license: nil, tokens: [("FTKMOB0000000001", 31)]), on: first)
        journal.end(first) {
            $0.rules = [Acted(rule: "down"), Acted(rule: "slow", boundBy: "address")]
            $0.nearMisses = [NearMiss(rule: "late", reason: "it lets 1 pass first")]
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
        #expect(journal.count(matching: filter) == count)
    }

    @Test func `the canonical form names the rules that acted, in their order`() {
        let lines = Self.world().canonical().split(separator: "\n").filter { $0.hasPrefix("connection") }
        #expect(lines.count == 3)
        #expect(lines[0].hasSuffix(" outcome=closed rules=down,slow"))
        #expect(lines.dropFirst().allSatisfy { !$0.contains("rules=") })
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
