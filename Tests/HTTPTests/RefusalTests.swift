import HTTP
import Testing

@Suite("Refusals")
struct RefusalTests {
    @Test(arguments: Refusal.Rule.allCases)
    func `a rule has a client or server error and a reason of its own`(rule: Refusal.Rule) {
        #expect([400, 413, 414, 415, 417, 431, 501, 505].contains(rule.status.code))
        #expect(rule.reason != rule.rawValue)
        #expect(!rule.reason.isEmpty && !rule.reason.hasSuffix("."))
        let isKebab = rule.rawValue.utf8.allSatisfy {
            $0 == 0x2D || $0 == 0x2E || (0x30...0x39).contains($0) || $0 > 0x60
        }
        #expect(isKebab, "\(rule.rawValue)")
    }

    @Test func `no two rules give the same reason`() {
        #expect(Set(Refusal.Rule.allCases.map(\.reason)).count == Refusal.Rule.allCases.count)
    }

    @Test(arguments: [
        (Refusal.Rule.bareLineFeed, 400), (.twoLengths, 400), (.missingHost, 400), (.bodyTooLarge, 413),
        (.chunkFramingTooLarge, 413), (.requestLineTooLong, 414), (.unknownExpectation, 417), (.headTooLarge, 431),
        (.tooManyFields, 431), (.unsupportedTransferCoding, 501), (.tunnel, 501), (.unsupportedVersion, 505),
    ])
    func `a rule is answered with its status`(rule: Refusal.Rule, code: Int) {
        #expect(rule.status.code == code)
    }

    @Test func `a refusal says what, where and why and nothing that was sent`() throws {
        let refusal = try #require(Reading(head("GET /secret HTTP/1.1", "Host: x", "Key : secret")).refusal)
        #expect(refusal.status == .badRequest)
        #expect(refusal.name == "blank-before-colon")
        #expect(refusal.reason == "a blank stands before a header field's colon")
        #expect(refusal.offset == 34)
        #expect("\(refusal)" == "400 blank-before-colon at byte 34: a blank stands before a header field's colon")
    }

    @Test func `a refusal stays however much is read on`() {
        var reader = RequestReader()
        var bytes = Array("GET / HTTP/1.1\nHost: x\r\n\r\n".utf8)
        var first = bytes.mutableSpan
        let refused = reader.advance(over: &first)
        guard case .refused(let refusal) = refused else {
            Issue.record("not refused: \(refused)")
            return
        }
        #expect(refusal.rule == .bareLineFeed)
        #expect(refusal.offset == 14)
        bytes = Array(head("GET / HTTP/1.1", "Host: x").utf8)
        var second = bytes.mutableSpan
        #expect(reader.advance(over: &second) == refused)
    }
}
