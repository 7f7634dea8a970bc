import Faults
import IO
import Testing

@testable import Journal

/// Filters that nothing can match, with which every upper bound would hold.
@Suite struct JournalFilterFormTests {
    private static let fingerprint = "t13d1516h2_8daaf6152771_e5627efa2ab1"

    /// Each was taken, and `atMost: 0` held.
    @Test(
        arguments: [
            "alert=unknown-ca", "alert=UNKNOWN_CA", "alert=48", "alert=alert_48", "alert=alert_256", "alert=alert_007",
            "alert=unknown", "ja4=t13d1516h2", "ja4=q13d1516h2_8daaf6152771_e5627efa2ab1",
            "ja4=t13d1516h_8daaf6152771_e5627efa2ab1", "ja4=t13d1516!!_8daaf6152771_e5627efa2ab1", "stage=listener",
            "stage=Answer", "code=99999999999", "code=1000000", "code=-1", "code=+14", "code=1e3",
            "type=pollingrequest",
            "outcome=Closed", "verdict=passed",
        ]
    )
    func `a value of no record's form is refused`(query: String) {
        let error = #expect(throws: JournalFilterError.self) { try JournalFilter.query(query) }
        #expect(error?.isContradiction == false, "\(error.debugDescription)")
    }

    @Test(
        arguments: [
            "type=MobileProvisionRequest&serial=FGT60FTK20000001", "type=MobileProvisionRequest&serial=*",
            "stage=hello&code=14", "stage=accept&type=PollingRequest", "stage=handshake&serial=FG*",
            "outcome=handshake-failed&license=EFTM000000000001", "outcome=not-tls&token=FTKMOB947FDC1754",
            "outcome=open&alert=unknown_ca", "ja4=t13i1516h2_8daaf6152771_e5627efa2ab1&sni=localhost",
            "stage=accept&sni=localhost", "outcome=not-tls&ja4=\(fingerprint)", "since=5&until=5", "since=6&until=5",
            "since=2026-11-27T19:00:01Z&until=2026-11-27T19:00:00Z", "client=0.0.0.0", "client=::", "client=224.0.0.1",
            "client=255.255.255.255", "client=ff02::1",
        ]
    )
    func `what no record can meet together is a contradiction`(query: String) {
        let error = #expect(throws: JournalFilterError.self) { try JournalFilter.query(query) }
        #expect(error?.isContradiction == true, "\(error.debugDescription)")
    }

    @Test(
        arguments: [
            "alert=close_notify", "alert=no_certificate", "alert=alert_77", "ja4=\(fingerprint)",
            "ja4=T13D1516H2_8DAAF6152771_E5627EFA2AB1", "code=0", "code=999999", "code=none", "client=0.0.0.0/0",
            "client=::1", "client=::ffff:127.0.0.1", "stage=request&type=PollingRequest", "outcome=open&code=14",
            "since=2026-11-27T19:00:00Z&until=2026-11-27T19:00:00Z", "since=4&until=5",
            "since=9&until=2026-11-27T19:00:00Z",
            "type=MobileProvisionRequest&token=FTKMOB947FDC1754", "ja4=t13i1516h2_8daaf6152771_e5627efa2ab1",
            "sni=*.fortinet.net", "sni=a_b.test.", "sni=127.0.0.1",
        ]
    )
    func `what a record can have is taken without a doubt`(query: String) throws {
        #expect(try JournalFilter.query(query).doubts == [])
    }

    /// A client may send what no client should: who saw it can ask for it.
    @Test(
        arguments: [
            "https://localhost/", "localhost:8443", "local*", "*.*.test", "[::1]", "::1", "a..b",
            String(repeating: "a", count: 64),
        ]
    )
    func `a name that no client should ask for is a doubt, until a record has it`(name: String) throws {
        let filter = try JournalFilter([("sni", name), ("stage", "close")])
        #expect(filter.doubts.map(\.key) == ["sni"])
        let alone = try #require(filter.alone(.sni))
        let journal = Sample.journal()
        #expect(!journal.holds(alone))
        journal.end(Sample.opening(1, sni: name.lowercased()))
        #expect(journal.holds(alone) && journal.holds(filter))
    }

    @Test func `a token's serial that is none is a doubt, until a record has it`() throws {
        let filter = try JournalFilter.query("token=nonsense")
        #expect(filter.doubts.map(\.key) == ["token"])
        let journal = Sample.journal()
        journal.post(Sample.exchange(tokens: [("nonsense", 904)]), on: Sample.opening(1))
        #expect(journal.holds(filter))
    }

    /// A name with the dot of the root slipped past filters that rules held to be equal.
    @Test(
        arguments: [
            ("sni=globalftm.fortinet.net", 3), ("sni=globalftm.fortinet.net.", 3), ("sni=GLOBALFTM.fortinet.net", 3),
            ("sni=*.fortinet.net", 3), ("sni=*.fortinet.net.", 3), ("sni=*.net", 3),
            ("sni=*.globalftm.fortinet.net", 0),
            ("sni=fortinet.net", 0), ("ja4=\(fingerprint.uppercased())", 4),
            ("ja4=t13d1516hq_8daaf6152771_e5627efa2ab1", 1),
        ]
    )
    func `names are compared without case or a dot at the end, fingerprints without case`(query: String, count: Int)
        throws
    {
        let journal = Sample.journal()
        let names = ["globalftm.fortinet.net.", "globalftm.fortinet.net", "GlobalFTM.fortinet.net.", "other.test."]
        for (id, name) in names.enumerated() { journal.end(Sample.opening(UInt64(id + 1), sni: name)) }
        journal.end(Sample.opening(9, sni: nil, ja4: "t13d1516Hq_8daaf6152771_e5627efa2ab1"))
        #expect(try journal.count(matching: .query(query)).observed == count)
    }

    @Test func `a span that has not begun is told, and one that has is not`() throws {
        let time = try JournalFilter.query("since=2026-11-27T19:00:01Z")
        #expect(time.reasonForNothing(at: Sample.start, latest: 9)?.key == "since")
        #expect(time.reasonForNothing(at: Sample.start + 1_000, latest: 9) == nil)
        let entry = try JournalFilter.query("since=10")
        #expect(entry.reasonForNothing(at: Sample.start, latest: 9)?.isContradiction == true)
        #expect(entry.reasonForNothing(at: Sample.start, latest: 10) == nil)
        #expect(try JournalFilter.query("until=10").reasonForNothing(at: Sample.start, latest: 1) == nil)
    }
}
