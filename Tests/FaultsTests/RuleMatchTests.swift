import IO
import Notation
import Testing

@testable import Faults

/// What each key matches.
@Suite struct RuleMatchTests {
    /// `when` of a rule, whether it matches the sample connection, and whether another one.
    static let cases: [(JSONValue, Bool, Bool)] = [
        ([:], true, true),
        (["listener": "main"], true, false), (["listener": "mai"], false, false), (["listener": "side"], false, true),
        (["client": "127.0.0.1"], true, false), (["client": "127.0.0.0/8"], true, false),
        (["client": "10.0.0.0/8"], false, true), (["client": "::1"], false, false),
        (["client": "0.0.0.0/0"], true, true), (["client": "127.1.2.3/8"], true, false),
        (["client": "::ffff:127.0.0.1"], true, false), (["client": "::ffff:127.0.0.0/104"], true, false),
        (["sni": "globalftm.fortinet.net"], true, false), (["sni": "*.fortinet.net"], true, false),
        (["sni": "GlobalFTM.Fortinet.net."], true, false), (["sni": "*.fortinet.net."], true, false),
        (["sni": "fortinet.net"], false, true), (["sni": "*.globalftm.fortinet.net"], false, false),
        (["ja4": "t13d1516h2_8daaf6152771_e5627efa2ab1"], true, false),
        (["ja4": "t13d1516h2_8daaf6152771_b186095e22b6"], false, false),
        (["ja4": "T13D1516H2_8DAAF6152771_E5627EFA2AB1"], true, false),
        (["serial": "FGT60FTK20000001"], true, false), (["serial": "FGT60*"], true, false),
        (["serial": "*"], true, true), (["serial": "FG*"], true, true), (["serial": "FGT60"], false, false),
        (["license": "EFTM000000000001"], true, false), (["license": "EFTM000000000002"], false, true),
        (["token": "FTKMOB947FDC1754"], true, false), (["token": "FTKMOB0000000001"], false, true),
        (["message": "PollingRequest"], true, false), (["message": "ProvisionRequest"], false, true),
        (["path": "/SoftToken/Provisioning.asmx/Process"], true, false), (["path": "/SoftToken/*"], true, true),
        (["path": "/SoftToken/"], false, false), (["path": "/*"], true, true),
        (["serial": "FG*", "message": "PollingRequest"], true, false),
        (["serial": "FG*", "message": "ProvisionRequest"], false, true),
    ]

    private static var elsewhere: Facts {
        var facts = Facts(listener: "side", client: Sample.away)
        facts.serverName = "fortinet.net"
        var exchange = ExchangeFacts(path: "/SoftToken/Provisioning.asmx/Mobile")
        exchange.message = "ProvisionRequest"
        exchange.serial = Sample.other
        exchange.licenses = ["EFTM000000000009", "EFTM000000000002"]
        exchange.tokens = ["FTKMOB0000000009", "FTKMOB0000000001"]
        facts.exchange = exchange
        return facts
    }

    @Test(arguments: cases)
    func `a key matches what it names`(when: JSONValue, here: Bool, there: Bool) throws {
        var book = try Sample.book(["do": "http.empty", "when": when, "name": "r"])
        #expect(book.acting(at: .answer) == (here ? ["r"] : []))
        #expect(book.acting(at: .answer, Self.elsewhere) == (there ? ["r"] : []))
    }

    // Defect: a client that asks for a name with the root's dot behind it slipped past every rule on that name.
    @Test(arguments: ["globalftm.fortinet.net.", "GLOBALFTM.FORTINET.NET", "GlobalFTM.Fortinet.Net."])
    func `a client's name is compared without regard to case or a dot at its end`(asked: String) throws {
        var facts = Sample.facts()
        facts.serverName = asked
        for name in ["globalftm.fortinet.net", "*.fortinet.net"] {
            var book = try Sample.book(["do": "http.empty", "when": ["sni": .string(name)], "name": "r"])
            #expect(book.acting(at: .answer, facts) == ["r"], "\(name)")
        }
    }

    @Test func `what a request does not say matches nothing`() throws {
        let keys: [JSONValue] = [
            ["serial": "*"], ["license": .string(Sample.license)], ["token": .string(Sample.token)],
            ["message": "PollingRequest"], ["sni": "*.fortinet.net"], ["ja4": "t13d1516h2_8daaf6152771_b186095e22b6"],
        ]
        var facts = Facts(listener: "main", client: Sample.home)
        facts.exchange = ExchangeFacts(path: "/x")
        for when in keys {
            var book = try Sample.book(["do": "http.empty", "when": when])
            #expect(book.acting(at: .answer, facts).isEmpty, "\(when)")
        }
    }

    @Test func `what did not match is counted by its reason, and is no near miss of the connection's`() throws {
        var book = try Sample.book([
            "do": "http.empty", "when": ["message": "ProvisionRequest", "sni": "a.test"], "name": "r",
        ])
        #expect(throws: (any Error).self) { try book.decide(at: .answer) }
        var facts = Sample.facts()
        facts.serverName = "a.test"
        #expect(throws: (any Error).self) { try book.decide(at: .answer, facts) }
        #expect(book.state("r")?.missed == ["more than one thing is another": 1, "message is another": 1])
        #expect(book.state("r")?.matched == 0)
    }

    /// A protocol whose name has capitals at its ends brings them into the fingerprint, which the rule's never had.
    @Test func `a fingerprint is compared without regard to case`() throws {
        var book = try Sample.book([
            "do": "http.empty", "when": ["ja4": "t13d1516HQ_8daaf6152771_e5627efa2ab1"],
        ])
        var facts = Sample.facts()
        facts.ja4 = "t13d1516HQ_8daaf6152771_e5627efa2ab1"
        let acting = book.acting(at: .answer, facts)
        #expect(acting.count == 1)
    }
}
