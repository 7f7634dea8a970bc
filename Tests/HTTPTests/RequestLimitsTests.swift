import HTTP
import Testing

@Suite("Request limits")
struct RequestLimitsTests {
    @Test func `the defaults are those the service documents`() {
        let limits = RequestLimits()
        #expect(limits.headBytes == 16_384)
        #expect(limits.bodyBytes == 1_048_576)
        #expect(limits.fieldCount == 100)
        #expect(limits.requestLineBytes >= 8_000)
    }

    @Test func `absurd limits are clamped so that sums of them can't overflow`() {
        let limits = RequestLimits(headBytes: .max, bodyBytes: .max, chunkFramingBytes: .max)
        #expect(limits.largestRequest == 3 << 40)
        #expect(RequestLimits(bodyBytes: -1).bodyBytes == 0)
        #expect(brokenRule("G", limits: RequestLimits(headBytes: -5)) == .requestLineTooLong)
        let text = head("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked") + "fffffffff\r\n"
        #expect(Reading(text, limits: limits).refusal == nil)
    }

    @Test func `a request line one byte over its limit is too long`() {
        let line = "GET /" + String(repeating: "a", count: 30) + " HTTP/1.1"
        let text = head(line, "Host: x")
        let size = line.utf8.count + 2
        #expect(Reading(text, limits: RequestLimits(requestLineBytes: size)).requests.count == 1)
        let short = RequestLimits(requestLineBytes: size - 1)
        #expect(brokenRule(text, limits: short) == .requestLineTooLong)
        #expect(Reading("\r\n\r\n" + text, limits: RequestLimits(requestLineBytes: size)).requests.count == 1)
        #expect(brokenRule(String(repeating: "A", count: size - 1), limits: short) == .requestLineTooLong)
    }

    @Test(arguments: ["\u{0}", "\n", "\r\r", "\r\n"])
    func `what stands beyond a limit is not looked at`(beyond: String) {
        let limits = RequestLimits(requestLineBytes: 40, headBytes: 80)
        let line = "GET /" + String(repeating: "a", count: 35) + beyond
        #expect(brokenRule(line, limits: limits) == .requestLineTooLong)
        let field = "GET / HTTP/1.1\r\nHost: x\r\nA: " + String(repeating: "a", count: 52) + beyond
        #expect(brokenRule(field, limits: limits) == .headTooLarge)
    }

    @Test(arguments: ["", "\r\n"])
    func `a head one byte over its limit is too large`(before: String) {
        let text = before + head("GET / HTTP/1.1", "Host: x", "A: \(String(repeating: "b", count: 100))")
        let size = text.utf8.count
        #expect(Reading(text, limits: RequestLimits(headBytes: size)).requests.count == 1)
        #expect(brokenRule(text, limits: RequestLimits(headBytes: size - 1)) == .headTooLarge)
        #expect(brokenRule(text, limits: RequestLimits(headBytes: size - 50)) == .headTooLarge)
    }

    @Test func `a head that never ends is refused at the default limit`() {
        let endless = "GET / HTTP/1.1\r\nHost: x\r\nA: " + String(repeating: "a", count: 20_000)
        let reading = Reading(endless)
        #expect(reading.refusal?.rule == .headTooLarge)
        #expect(reading.refusal?.offset == RequestLimits.defaultHeadBytes)
    }

    @Test func `one field more than the limit is too many`() {
        func text(_ count: Int) -> String {
            "GET / HTTP/1.1\r\nHost: x\r\n" + String(repeating: "A:\r\n", count: count - 1) + "\r\n"
        }
        #expect(Reading(text(100)).requests.count == 1)
        #expect(brokenRule(text(101)) == .tooManyFields)
    }

    @Test func `a body over the limit is refused from its announced length`() {
        let limits = RequestLimits(bodyBytes: 5)
        let start = head("POST / HTTP/1.1", "Host: x", "Content-Length: 6")
        #expect(brokenRule(start, limits: limits) == .bodyTooLarge)
        let fitting = head("POST / HTTP/1.1", "Host: x", "Content-Length: 5")
        #expect(Reading(fitting + "hello", limits: limits).requests.count == 1)
        let million = head("POST / HTTP/1.1", "Host: x", "Content-Length: 1048577")
        #expect(brokenRule(million) == .bodyTooLarge)
    }

    @Test func `a client that waits hears of a body over the limit before it sends it`() {
        let text = head("POST / HTTP/1.1", "Host: x", "Expect: 100-continue", "Content-Length: 2000000")
        let reading = Reading(text)
        #expect(reading.refusal?.rule == .bodyTooLarge)
        #expect(reading.continues == 0)
    }

    @Test func `the need of a body is known when its head is`() {
        let start = head("POST / HTTP/1.1", "Host: x", "Content-Length: 1000")
        #expect(Reading(start).largestNeed == start.utf8.count + 1_000)
    }
}
