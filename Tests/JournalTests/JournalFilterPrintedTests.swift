import Faults
import Notation
import Testing

@testable import Journal

/// Filters whose values are pasted from a record.
@Suite struct JournalFilterPrintedTests {
    private static func filter(_ pairs: (String, JSONValue)...) throws -> JournalFilter {
        try JournalFilter(values: pairs.map { (key: $0.0, value: $0.1) })
    }

    /// One that polled well, one that a rule answered, one whose token was refused, one that never spoke HTTP.
    private static func world() -> Journal {
        let journal = Sample.journal()
        journal.post(Sample.exchange(), on: Sample.opening(1))
        var bound = RuleNotes()
        bound.note(Acted(rule: "down", boundBy: "address", at: .request))
        journal.post(
            Sample.exchange(nil, on: 2, serial: nil, license: nil, tokens: [], status: 503, rules: bound),
            on: Sample.opening(2)
        )
        journal.post(
            Sample.exchange(on: 3, tokens: [(Sample.token, 31)], rules: Sample.notes("down", at: .request)),
            on: Sample.opening(3)
        )
        journal.end(Sample.opening(4, sni: nil, ja4: nil), .handshakeFailed, alert: "unknown_ca")
        return journal
    }

    /// Null was taken for `code` and `outcome` alone, and a code that a rule's answer had none of did not match it.
    @Test(
        arguments: [
            ("sni", [4]), ("ja4", [4]), ("alert", [1, 2, 3]), ("outcome", [1, 2, 3]), ("type", [2]), ("serial", [2]),
            ("license", [2]), ("code", [1, 2, 3]), ("token", [2]), ("verdict", [1, 2, 3, 4]),
        ] as [(String, [UInt64])]
    )
    func `null selects what has none`(key: String, ids: [UInt64]) throws {
        let page = try Self.world().page(matching: Self.filter((key, .null)), limit: 10)
        #expect(page.records.map(\.id) == ids)
    }

    /// A request in clear is answered before any ClientHello: its record pasted whole is no contradiction.
    @Test func `what shows null is no contradiction`() throws {
        let journal = Sample.journal()
        let opening = Sample.opening(1, sni: nil, ja4: nil)
        journal.post(Sample.exchange(nil, serial: nil, license: nil, tokens: [], status: 400), on: opening)
        journal.end(opening, .notTLS) { $0.stage = .accept }
        var pairs = ["sni", "ja4", "alert", "type", "serial", "license", "code", "token", "verdict"]
            .map { (key: $0, value: JSONValue.null) }
        pairs += [(key: "outcome", value: "not-tls"), (key: "stage", value: "accept")]
        #expect(journal.count(matching: try JournalFilter(values: pairs)).observed == 1)
    }

    @Test(arguments: ["client", "listener", "stage", "rule", "since", "until"])
    func `what no record shows as null is no null`(key: String) {
        let error = #expect(throws: JournalFilterError.self) { try Self.filter((key, .null)) }
        #expect(error?.reason.contains("null") == true)
    }

    @Test func `an alert, a rule and a token are taken as a record shows them`() throws {
        let journal = Self.world()
        func ids(_ key: String, _ members: (String, JSONValue)...) throws -> [UInt64] {
            let value = JSONValue.object(members.map { .init($0.0, $0.1) })
            return try journal.page(matching: Self.filter((key, value)), limit: 10).records.map(\.id)
        }
        #expect(try ids("alert", ("name", "unknown_ca"), ("direction", "received")) == [4])
        #expect(try ids("alert", ("name", "unknown_ca"), ("direction", "sent")) == [])
        #expect(try ids("alert", ("name", "unknown_ca")) == [4])
        #expect(try ids("rule", ("name", "down"), ("boundBy", "address")) == [2])
        #expect(try ids("rule", ("name", "down"), ("boundBy", .null)) == [3])
        #expect(try ids("rule", ("name", "down")) == [2, 3])
        #expect(try ids("token", ("token", .string(Sample.token)), ("code", "31")) == [3])
        #expect(try ids("token", ("token", .string(Sample.token)), ("code", .null)) == [1])
        #expect(try ids("token", ("token", .string(Sample.token))) == [1, 3])
        #expect(try ids("token", ("token", .null)) == [2])
    }

    @Test func `a code that is null is so of the token that is named, too`() throws {
        let filter = try Self.filter(("token", .string(Sample.token)), ("code", .null))
        #expect(Self.world().page(matching: filter, limit: 10).records.map(\.id) == [1])
    }

    @Test(
        arguments: [
            ("alert", "colour", "alert.colour"), ("alert", "direction", "alert"), ("rule", "reason", "rule.reason"),
            ("token", "license", "token.license"), ("serial", "serial", "serial"), ("alert", "name", "alert"),
        ]
    )
    func `what is no record's object is refused with its place`(key: String, member: String, place: String) {
        let value = JSONValue.object([.init(member, "x")])
        let error = #expect(throws: JournalFilterError.self) { try Self.filter((key, value)) }
        #expect(error?.key.hasPrefix(place) == true, "\(error.debugDescription)")
    }

    @Test func `a near miss says what of an object differs`() throws {
        let value = ["name": "unknown_ca", "direction": "sent"] as JSONValue
        let misses = try Self.world().nearMisses(Self.filter(("alert", value)))
        let difference = misses.first { $0.id == 4 }?.differs.first
        #expect(difference == .init(filter: .alert, wanted: "unknown_ca, sent", found: "unknown_ca, received"))
    }
}
