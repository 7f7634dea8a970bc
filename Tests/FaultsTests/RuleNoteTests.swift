import IO
import Notation
import Testing

@testable import Faults

/// What is taken with a note: it looks like a slip, and may be meant.
@Suite struct RuleNoteTests {
    private func notes(of rule: JSONValue, behind others: JSONValue...) throws -> [String] {
        var book = RuleBook(seed: 1)
        for other in others { _ = try book.add(try Rule(other), now: 0) }
        let last = try Rule(rule)
        _ = try book.add(last, now: 0, notes: [])
        book.noteUnbound(last)
        return try #require(book.rules.last).notes
    }

    @Test(
        arguments: [
            (["do": "http.empty", "when": ["serial": "FG*", "message": "MobileProvisionRequest"]], "names no unit"),
            (
                ["do": "http.empty", "when": ["token": .string(Sample.token), "message": "ActivationLicenseRequest"]],
                "no token"
            ),
            (
                [
                    "do": "http.empty",
                    "when": ["message": "PollingRequest", "path": "/SoftToken/Provisioning.asmx/Mobile"],
                ],
                "is not where a PollingRequest goes"
            ),
            (["do": "http.empty", "when": ["serial": "FG*", "path": "/healthz"]], "says its serial"),
            (["do": "service.partial", "when": ["message": "MobileProvisionRequest"]], "names no token"),
            (
                [
                    "do": "service.error", "with": ["code": 21, "at": "peer"],
                    "when": ["message": "MobileProvisionRequest"],
                ],
                "names no peer"
            ),
            (["do": "service.wrongSerial", "when": ["message": "MobileProvisionRequest"]], "names no unit"),
            // A field report: these could never act, and nothing was said.
            (["do": "service.stale", "when": ["message": "MobileProvisionRequest"]], "names no unit"),
            (["do": "service.stale", "when": ["path": "/SoftToken/Provisioning.asmx/Mobile"]], "names no unit"),
            (["do": "service.partial", "when": ["path": "/SoftToken/Provisioning.asmx/Mobile"]], "names no token"),
            (["do": "service.error", "with": ["code": 17], "when": ["path": "/x"]], "is a message"),
            (["do": "service.nullField", "with": ["field": "error"], "when": ["path": "/x*"]], "is a message"),
            (
                ["do": "service.dropField", "with": ["field": "nosuch"]],
                "no answer to what the rule matches has a nosuch"
            ),
            (
                ["do": "service.nullField", "with": ["field": "seed"], "when": ["message": "PollingRequest"]],
                "no answer to a PollingRequest has a seed"
            ),
            (
                [
                    "do": "service.dropField", "with": ["field": "d.tokens[0].qr_code"],
                    "when": ["message": "ActivationLicenseRequest"],
                ],
                "an ActivationLicenseRequest"
            ),
            (
                [
                    "do": "service.dropField", "with": ["field": "tokens"],
                    "when": ["path": "/SoftToken/Provisioning.asmx/M*"],
                ], "has a tokens"
            ),
            (
                ["do": "http.empty", "when": ["serial": "FG*", "path": "/SoftToken/Provisioning.asmx/Mobile"]],
                "says its serial"
            ),
            (
                ["do": "http.empty", "when": ["ja4": "t13i1516h2_8daaf6152771_b186095e22b6", "sni": "a.test"]],
                "asks for no name"
            ),
            (["do": "http.empty", "when": ["client": "0.0.0.0"]], "no connection comes from"),
            (["do": "http.empty", "when": ["client": "::"]], "no connection comes from"),
            (["do": "http.empty", "when": ["client": "239.1.0.0/16"]], "no connection comes from"),
            (["do": "http.empty", "when": ["client": "ff02::1"]], "no connection comes from"),
            (
                ["do": "http.contentType", "with": ["value": "application/json; charset=utf-8"]],
                "what the service says"
            ),
            (["do": "tcp.delay", "with": ["latency": "0s"]], "nothing waits"),
            (["do": "http.delay", "with": ["latency": "0ms"]], "nothing waits"),
            (["do": "http.empty", "probability": 0], "it never acts"),
            (["do": "http.empty", "when": ["client": "10.1.2.3/8"]], "the block is 10.0.0.0/8"),
            (["do": "http.empty", "when": ["client": "2001:db8::1/32"]], "the block is 2001:db8::/32"),
            (["do": "http.empty", "when": ["sni": "127.0.0.1"]], "is an address"),
            (["do": "tls.stall", "when": ["serial": "FG*"], "with": ["at": "finished"]], "bound to no address yet"),
            (["do": "tcp.blackhole", "when": ["license": "EFTM000000000001"]], "bound to no address yet"),
        ] as [(JSONValue, String)]
    )
    func `a slip is noted by its reason`(rule: JSONValue, words: String) throws {
        let notes = try notes(of: rule)
        #expect(notes.count == 1 && notes[0].contains(words), "\(notes)")
    }

    @Test(
        arguments: [
            ["do": "http.empty"], ["do": "http.empty", "when": ["client": "10.0.0.0/8"]],
            ["do": "http.empty", "when": ["client": "::1"]], ["do": "http.empty", "when": ["serial": "FG*"]],
            ["do": "http.empty", "when": ["client": "0.0.0.0/0"]], ["do": "http.empty", "when": ["client": "::/0"]],
            ["do": "http.empty", "when": ["client": "::ffff:127.0.0.1"]], ["do": "service.stale"],
            ["do": "service.stale", "when": ["path": "/SoftToken/*"]],
            ["do": "tcp.delay", "with": ["latency": "0s", "jitter": "1s"]],
            ["do": "http.empty", "when": ["ja4": "t13d1516h2_8daaf6152771_b186095e22b6", "sni": "a.test"]],
            ["do": "http.empty", "when": ["ja4": "t13i1516h2_8daaf6152771_b186095e22b6"]],
            ["do": "service.dropField", "with": ["field": "seed"]],
            ["do": "service.dropField", "with": ["field": "d.error"]],
            ["do": "service.nullField", "with": ["field": "tokens[*].token_activation_code"]],
            [
                "do": "service.nullField", "with": ["field": "tokens[3].error.error_code"],
                "when": ["message": "PollingRequest"],
            ],
            ["do": "service.dropField", "with": ["field": "__clustered_sns[0].sn"], "when": ["serial": "FG*"]],
            ["do": "http.empty", "probability": 0.5], ["do": "http.empty", "when": ["sni": "a.test"]],
        ] as [JSONValue]
    )
    func `what is no slip is not noted`(rule: JSONValue) throws {
        #expect(try notes(of: rule).isEmpty)
    }

    @Test func `a rule is noted that one before it leaves nothing`() throws {
        let all: JSONValue = ["name": "all", "do": "http.status", "with": ["code": 503]]
        let some: JSONValue = ["do": "http.status", "with": ["code": 500], "when": ["serial": "FGT60FTK20000001"]]
        #expect(try notes(of: some, behind: all).first?.contains("the rule all") == true)
        let prefix: JSONValue = ["do": "http.status", "with": ["code": 503], "when": ["serial": "FGT60*"]]
        #expect(try notes(of: some, behind: prefix).count == 1)
        #expect(try notes(of: prefix, behind: some).isEmpty)
        let twice: JSONValue = ["do": "http.status", "with": ["code": 503], "times": 2]
        #expect(try notes(of: some, behind: twice).isEmpty, "fail twice, then something else")
        #expect(try notes(of: ["do": "http.drip", "with": ["rate": 10]], behind: all).isEmpty)
        #expect(try notes(of: ["do": "http.drip", "with": ["rate": 10]], behind: ["do": "tcp.blackhole"]).count == 1)
    }

    @Test func `an address that is known binds, and there is nothing to note`() throws {
        var book = RuleBook(seed: 1)
        book.note(Sample.exchange(), from: Sample.home)
        let rule = try Rule(["do": "tls.stall", "when": ["serial": "FGT60*"], "with": ["at": "finished"]])
        _ = try book.add(rule, now: 0)
        book.noteUnbound(rule)
        #expect(book.rules.last?.notes.isEmpty == true)
        let other = try Rule(["do": "tls.stall", "when": ["serial": .string(Sample.other)], "with": ["at": "finished"]])
        _ = try book.add(other, now: 0)
        book.noteUnbound(other)
        #expect(book.rules.last?.notes.count == 1)
    }
}
