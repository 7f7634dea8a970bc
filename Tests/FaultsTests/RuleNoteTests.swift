import IO
import Testing

@testable import Faults

/// What is taken with a note: it looks like a slip, and may be meant.
@Suite struct RuleNoteTests {
    private func notes(of rule: FaultValue, behind others: FaultValue...) throws -> [String] {
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
                ["do": "http.empty", "when": ["token": .text(Sample.token), "message": "ActivationLicenseRequest"]],
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
            (["do": "http.empty", "probability": 0], "it never acts"),
            (["do": "http.empty", "when": ["client": "10.1.2.3/8"]], "the block is 10.0.0.0/8"),
            (["do": "http.empty", "when": ["client": "2001:db8::1/32"]], "the block is 2001:db8::/32"),
            (["do": "http.empty", "when": ["sni": "127.0.0.1"]], "is an address"),
            (["do": "tls.stall", "when": ["serial": "FG*"], "with": ["at": "finished"]], "bound to no address yet"),
            (["do": "tcp.blackhole", "when": ["license": "EFTM000000000001"]], "bound to no address yet"),
        ] as [(FaultValue, String)]
    )
    func `a slip is noted by its reason`(rule: FaultValue, words: String) throws {
        let notes = try notes(of: rule)
        #expect(notes.count == 1 && notes[0].contains(words), "\(notes)")
    }

    @Test(
        arguments: [
            ["do": "http.empty"], ["do": "http.empty", "when": ["client": "10.0.0.0/8"]],
            ["do": "http.empty", "when": ["client": "::1"]], ["do": "http.empty", "when": ["serial": "FG*"]],
            ["do": "http.empty", "probability": 0.5], ["do": "http.empty", "when": ["sni": "a.test"]],
        ] as [FaultValue]
    )
    func `what is no slip is not noted`(rule: FaultValue) throws {
        #expect(try notes(of: rule).isEmpty)
    }

    @Test func `a rule is noted that one before it leaves nothing`() throws {
        let all: FaultValue = ["name": "all", "do": "http.status", "with": ["code": 503]]
        let some: FaultValue = ["do": "http.status", "with": ["code": 500], "when": ["serial": "FGT60FTK20000001"]]
        #expect(try notes(of: some, behind: all).first?.contains("the rule all") == true)
        let prefix: FaultValue = ["do": "http.status", "with": ["code": 503], "when": ["serial": "FGT60*"]]
        #expect(try notes(of: some, behind: prefix).count == 1)
        #expect(try notes(of: prefix, behind: some).isEmpty)
        let twice: FaultValue = ["do": "http.status", "with": ["code": 503], "times": 2]
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
        let other = try Rule(["do": "tls.stall", "when": ["serial": .text(Sample.other)], "with": ["at": "finished"]])
        _ = try book.add(other, now: 0)
        book.noteUnbound(other)
        #expect(book.rules.last?.notes.count == 1)
    }
}
