import Faults
import IO
import Testing

@testable import Journal

@Suite struct JournalFilterTests {
    /// Three connections: a unit that polls and then provisions, one that is refused, and a handshake that failed.
    private static func world() -> Journal {
        let journal = Sample.journal()
        let first = Sample.opening(1)
        journal.post(Sample.exchange(), on: first, time: Sample.start + 1_000)
        journal.post(
            Sample.exchange(
                "ProvisionRequest",
                license: nil,
                code: 17,
                tokens: [("FTKMOB0000000001", 31), ("nonsense", 904)]
            ),
            on: first,
            time: Sample.start + 2_000
        )
        journal.end(first, time: Sample.start + 3_000)
        let second = Sample.opening(2, client: "10.1.2.3", sni: "other.example", listener: "lab-2")
        journal.post(
            Sample.exchange(on: 2, serial: "FG100FTK20009876", license: "EFTM000000000002"),
            on: second,
            time: Sample.start + 60_000
        )
        let third = Sample.opening(3, client: "2001:db8::7", sni: nil, ja4: "t12i0101h1_aaaaaaaaaaaa_bbbbbbbbbbbb")
        journal.end(third, .handshakeFailed, alert: "unknown_ca", time: Sample.start + 61_000)
        return journal
    }

    @Test(
        arguments: [
            ("", [1, 2, 3], 3), ("client=127.0.0.1", [1], 1), ("client=127.0.0.0/8", [1], 1),
            ("client=0.0.0.0/0", [1, 2], 2),
            ("client=2001:db8::/32", [3], 1), ("client=::/0", [1, 2, 3], 3), ("client=10.1.2.4", [], 0),
            ("sni=GlobalFTM.fortinet.net", [1], 1), ("sni=*.fortinet.net", [1], 1), ("sni=fortinet.net", [], 0),
            ("sni=*.example", [2], 1), ("listener=lab-2", [2], 1), ("listener=lab", [], 0), ("stage=hello", [3], 1),
            ("stage=answer", [2], 1), ("stage=close", [1], 1), ("alert=unknown_ca", [3], 1), ("alert=alert_77", [], 0),
            ("ja4=t12i0101h1_aaaaaaaaaaaa_bbbbbbbbbbbb", [3], 1), ("outcome=open", [2], 1),
            ("outcome=handshake-failed", [3], 1), ("rule=dpi", [], 0),
            ("alert=unknown_ca&client=127.0.0.1", [], 0), ("alert=unknown_ca&client=2001:db8::7", [3], 1),
            ("serial=FGT60FTK20000001", [1], 2), ("serial=FG*", [1, 2], 3), ("serial=FG1*", [2], 1),
            ("serial=*", [1, 2], 3),
            ("license=EFTM000000000002", [2], 1), ("token=FTKMOB947FDC1754", [1, 2], 2),
            ("token=FTKMOB0000000001", [1], 1),
            ("type=ProvisionRequest", [1], 1), ("type=PollingRequest", [1, 2], 2), ("code=17", [1], 1),
            ("code=31", [1], 1),
            ("code=904", [1], 1), ("code=none", [1, 2], 2), ("code=904&token=FTKMOB0000000001", [], 0),
            ("code=31&token=FTKMOB0000000001", [1], 1), ("type=PollingRequest&outcome=open", [2], 1),
            ("since=2026-11-27T19:01:00Z", [2, 3], 2), ("until=2026-11-27T19:00:00Z", [1, 2, 3], 3),
            ("since=2026-11-27T20:01:01+01:00", [3], 1), ("since=3", [2, 3], 2), ("since=2", [1, 2, 3], 3),
            ("until=3", [1], 1),
            ("since=1&type=ProvisionRequest", [1], 1), ("since=2&type=ProvisionRequest", [], 0),
            ("until=2026-11-27T19:00:01Z&serial=*", [1], 1),
            ("since=2026-11-27T19:00:01.001Z&until=2026-11-27T19:00:02.000Z&serial=*", [1], 1),
        ]
    )
    func `a filter selects`(query: String, ids: [UInt64], count: Int) throws {
        let journal = Self.world()
        let filter = try JournalFilter.query(query)
        #expect(journal.page(matching: filter, limit: 10).records.map(\.id) == ids)
        #expect(journal.count(matching: filter).observed == count)
    }

    @Test func `exchanges that are selected stand alone, connections with all of theirs`() throws {
        let journal = Self.world()
        let exchanges = try journal.page(matching: .query("type=ProvisionRequest"), limit: 10).records
        #expect(exchanges.map { $0.exchanges.map(\.sequence) } == [[2]])
        let connections = try journal.page(matching: .query("client=127.0.0.1"), limit: 10).records
        #expect(connections.map { $0.exchanges.map(\.sequence) } == [[1, 2]])
    }

    @Test(
        arguments: [
            ("colour=red", "filter \"colour\": no filter has this name; there are client, sni, listener"),
            ("client=localhost", "filter \"client\": \"localhost\" is no address and no block such as 10.0.0.0/8"),
            ("client=10.0.0.0/33", "filter \"client\""), ("client=10.0.0.0/-1", "filter \"client\""),
            ("client=", "is empty"),
            ("stage=lunch", "\"lunch\" is none of accept, hello"), ("outcome=fine", "is none of closed, "),
            ("type=RenewRequest", "is none of ActivationLicenseRequest, "), ("serial=lower", "is no serial"),
            ("serial=a*", "is no beginning of a serial"), ("license=EFTM1", "is no license number"),
            ("code=x", "is neither a whole number"),
            ("since=yesterday", "is neither a time"),
            ("until=2026-02-30T00:00:00Z", "is neither a time"), ("sni=a&sni=b", "filter \"sni\": is given twice"),
        ]
    )
    func `what cannot be used is named`(query: String, words: String) {
        let error = #expect(throws: JournalFilterError.self) { try JournalFilter.query(query) }
        #expect(error?.description.contains(words) == true, "\(error.debugDescription)")
    }

    @Test func `pages join to the whole, and the last says so`() throws {
        let journal = Sample.journal(shards: 2)
        for id in 1...23 { journal.end(Sample.opening(UInt64(id)), loop: id) }
        var ids: [UInt64] = []
        var after: UInt64? = 0
        var pages = 0
        while let start = after {
            let page = journal.page(matching: JournalFilter(), after: start, limit: 5)
            ids += page.records.map(\.id)
            after = page.next
            pages += 1
        }
        #expect(ids == Array(1...23))
        #expect(pages == 5)
    }
}

@Suite struct JournalNearMissTests {
    @Test func `the closest come first, and each says what it differs in`() throws {
        let journal = Sample.journal()
        journal.post(Sample.exchange("ProvisionRequest", on: 1), on: Sample.opening(1))
        journal.post(Sample.exchange(on: 2, serial: "FG100FTK20009876"), on: Sample.opening(2, client: "10.0.0.9"))
        journal.end(Sample.opening(3, sni: nil), .handshakeFailed, alert: "unknown_ca")
        let filter = try JournalFilter.query("client=127.0.0.1&serial=\(Sample.unit)&type=PollingRequest&code=31")
        let misses = journal.nearMisses(filter)
        #expect(misses.map(\.id) == [1, 3, 2])
        #expect(misses.map(\.exchange) == [1, nil, 2])
        #expect(
            misses[0].differs == [
                .init(filter: .type, wanted: "PollingRequest", found: "ProvisionRequest"),
                .init(filter: .code, wanted: "31", found: "none"),
            ]
        )
        #expect(
            misses[1].differs == [
                .init(filter: .serial, wanted: Sample.unit, found: nil),
                .init(filter: .type, wanted: "PollingRequest", found: nil),
                .init(filter: .code, wanted: "31", found: nil),
            ]
        )
        #expect(
            misses[2].differs == [
                .init(filter: .client, wanted: "127.0.0.1", found: "10.0.0.9"),
                .init(filter: .serial, wanted: Sample.unit, found: "FG100FTK20009876"),
                .init(filter: .code, wanted: "31", found: "none"),
            ]
        )
    }

    @Test func `what matches is no near miss, of equals the latest comes first, and five are enough`() throws {
        let journal = Sample.journal()
        for id in 1...9 { journal.end(Sample.opening(UInt64(id)), .handshakeFailed, alert: "unknown_ca") }
        journal.end(Sample.opening(10), .handshakeFailed, alert: "bad_certificate")
        let filter = try JournalFilter.query("alert=bad_certificate")
        #expect(journal.nearMisses(filter).map(\.id) == [9, 8, 7, 6, 5])
        #expect(journal.nearMisses(filter, limit: 100).count == 9)
        #expect(journal.nearMisses(JournalFilter()).isEmpty)
    }

    /// It was taken and matched nothing, so that an upper bound on it always held.
    @Test func `a filter on what does not exist yet is refused`() throws {
        #expect(throws: JournalFilterError.self) { try JournalFilter.query("verdict=passed&outcome=closed") }
    }

    @Test func `another rule that acted is named`() throws {
        let journal = Sample.journal()
        journal.end(Sample.opening(1)) { $0.rules = Sample.notes("slow", "down") }
        let misses = try journal.nearMisses(.query("rule=dpi"))
        #expect(misses.map(\.differs) == [[.init(filter: .rule, wanted: "dpi", found: "slow, down")]])
    }
}
