import IO
import Notation
import Testing

@testable import Faults

/// Rules about a unit before its request: the address that last spoke for it tells.
@Suite struct AddressBindingTests {
    private static let rule: JSONValue = ["do": "tcp.blackhole", "when": ["serial": "FGT60FTK20000001"], "name": "r"]

    private func plan(_ book: inout RuleBook, from client: SocketAddress.Host = Sample.home) throws -> Plan {
        try book.decide(at: .accept, Facts(listener: "main", client: client))
    }

    @Test func `an address that nobody spoke from tells nothing, and that is a near miss`() throws {
        var book = try Sample.book(Self.rule)
        let plan = try plan(&book)
        #expect(plan.isIdle && plan.steps.isEmpty)
        #expect(plan.nearMisses == [NearMiss(rule: "r", reason: "no unit has spoken from the address yet")])
        #expect(book.state("r")?.missed == ["no unit has spoken from the address yet": 1])
    }

    @Test func `an address that a unit spoke from is that unit's`() throws {
        var book = try Sample.book(Self.rule)
        book.note(Sample.exchange(), from: Sample.home)
        #expect(try plan(&book).acted.map(\.boundBy) == ["address"])
        #expect(try plan(&book, from: Sample.away).isIdle)
    }

    @Test func `another unit's address is a near miss by its serial`() throws {
        var book = try Sample.book(Self.rule)
        book.note(Sample.exchange(by: Sample.other), from: Sample.home)
        #expect(try plan(&book).nearMisses == [NearMiss(rule: "r", reason: "serial is another")])
    }

    /// Two conditions that the address had to tell had been two reasons, and so no near miss.
    @Test func `an address that can't tell is one reason, however many conditions ask it`() throws {
        var book = try Sample.book([
            "do": "tcp.blackhole", "when": ["serial": .string(Sample.unit), "token": .string(Sample.token)],
            "name": "r",
        ])
        let plan = try book.decide(at: .accept, Sample.facts(nil))
        #expect(plan.nearMisses == [NearMiss(rule: "r", reason: "no unit has spoken from the address yet")])
    }

    @Test func `an address of several units is nobody's`() throws {
        var book = try Sample.book(Self.rule)
        book.note(Sample.exchange(), from: Sample.home)
        book.note(Sample.exchange(by: Sample.other), from: Sample.home)
        let plan = try plan(&book)
        #expect(plan.isIdle)
        #expect(plan.nearMisses == [NearMiss(rule: "r", reason: "several units have spoken from the address")])
    }

    @Test func `a unit that moved takes its binding along, and leaves the other alone`() throws {
        var book = try Sample.book(Self.rule)
        book.note(Sample.exchange(), from: Sample.home)
        book.note(Sample.exchange(by: Sample.other), from: Sample.home)
        book.note(Sample.exchange(), from: Sample.away)
        #expect(try plan(&book, from: Sample.away).acted.map(\.boundBy) == ["address"])
        #expect(try plan(&book).nearMisses.map(\.reason) == ["serial is another"])
    }

    @Test(arguments: ["license", "token"])
    func `licenses and tokens are told by all that the unit spoke of`(key: String) throws {
        let wanted = key == "license" ? Sample.license : Sample.token
        var book = try Sample.book(["do": "tcp.blackhole", "when": .object([.init(key, .string(wanted))]), "name": "r"])
        book.note(Sample.exchange(licenses: [], tokens: []), from: Sample.home)
        #expect(try plan(&book).nearMisses.map(\.reason) == ["\(key) is another"])
        book.note(Sample.exchange(), from: Sample.home)
        book.note(Sample.exchange(licenses: [], tokens: []), from: Sample.home)
        #expect(try plan(&book).acted.map(\.boundBy) == ["address"])
    }

    @Test func `a request speaks for itself, whatever its address is known for`() throws {
        var book = try Sample.book(["do": "http.empty", "when": ["serial": .string(Sample.unit)], "name": "r"])
        book.note(Sample.exchange(by: Sample.other), from: Sample.home)
        #expect(try book.decide(at: .answer).acted == [Acted(rule: "r", boundBy: nil, at: .answer)])
    }

    @Test func `another thing beside the unit must hold too, and is then no near miss`() throws {
        var book = try Sample.book(
            ["do": "tcp.blackhole", "when": ["serial": .string(Sample.unit), "client": "10.0.0.0/8"], "name": "r"]
        )
        book.note(Sample.exchange(), from: Sample.home)
        let acted = book.acting(at: .accept, Facts(listener: "main", client: Sample.home))
        #expect(acted.isEmpty)
        #expect(book.state("r")?.missed == ["client is another": 1])
    }

    @Test func `bindings are forgotten with the last rule that needs them`() throws {
        var book = try Sample.book(Self.rule, ["do": "http.empty"])
        book.note(Sample.exchange(), from: Sample.home)
        _ = book.remove("r")
        _ = try book.add(try Rule(Self.rule), now: 0)
        #expect(try plan(&book).nearMisses.map(\.reason) == ["no unit has spoken from the address yet"])
    }

    @Test func `what spoke for nobody binds nothing`() throws {
        var book = try Sample.book(Self.rule)
        book.note(Sample.exchange(by: nil), from: Sample.home)
        #expect(try plan(&book).nearMisses.map(\.reason) == ["no unit has spoken from the address yet"])
    }
}
