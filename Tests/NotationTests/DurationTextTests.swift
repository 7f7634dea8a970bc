import Notation
import Testing

@Suite struct DurationTextTests {
    // A field report: `0.5s`, `1.5h` and `2d12h` were refused everywhere.
    @Test(arguments: [
        ("250ms", Duration.milliseconds(250)), ("10s", .seconds(10)), ("0.5s", .milliseconds(500)),
        ("90m", .seconds(5400)), ("1.5h", .seconds(5400)), ("2d", .seconds(172_800)), ("2d12h", .seconds(216_000)),
        ("1h30m", .seconds(5400)), ("1d2h3m4s5ms", .seconds(93_784) + .milliseconds(5)), ("0s", .zero),
        ("1m0.25s", .milliseconds(60_250)), ("1h05m", .seconds(3900)), ("1d0h59.5m", .seconds(89_970)),
        ("0.001ms", .microseconds(1)), ("00010s", .seconds(10)),
        ("0.000000001d", .microseconds(86) + .nanoseconds(400)),
    ])
    func `a number with its unit is a duration, and so are several`(text: String, duration: Duration) {
        #expect(DurationText.parse(text) == duration)
        #expect(DurationText.parse(DurationText.format(duration)) == duration, "\(DurationText.format(duration))")
    }

    @Test(arguments: [
        "", "5", "s", "-1h", "+1h", "1 h", " 1h", "1h ", "1H", "1.h", ".5s", "1.5.5s", "1,5h", "1e3s", "12h2d", "1s1s",
        "1.5d12h", "1us", "1w", "9999999999s", "1.0000000001s", "٣s", "1h-30m", "1ms5s", "2d 12h", "1hour", "0x1s",
        "1h90m", "1d24h", "1s1000ms",
    ])
    func `nothing else is one, and the refusal echoes it with the form and an example`(text: String) {
        #expect(DurationText.parse(text) == nil)
        let refusal = DurationText.refusal(of: text)
        #expect(refusal.contains("\"\(text)\"") && refusal.contains("such as 250ms"))
    }

    // A field report: a text that has the form and is refused all the same was told the form and no reason.
    @Test(arguments: [
        ("1h90m", "at most"), ("1s1000ms", "999ms at most"), ("99999999999d", "over 1000000000"),
        ("99999999999999999999s", "over 1000000000"), ("12h2d", "from the largest to the smallest"),
        ("1s1s", "each once"), ("1.5d12h", "only the last number"), ("1.0000000001s", "9 digits"),
    ])
    func `a text that has the form is told why it is none`(text: String, reason: String) {
        #expect(DurationText.refusal(of: text).contains(reason), "\(DurationText.refusal(of: text))")
    }

    @Test(arguments: [
        (Duration.zero, "0s"), (.seconds(60), "1m"), (.seconds(61), "61s"), (.seconds(7200), "2h"),
        (.seconds(216_000), "60h"), (.seconds(172_800), "2d"), (.milliseconds(1500), "1500ms"),
        (.microseconds(500), "0.5ms"), (.microseconds(1_000_020), "1000.02ms"),
    ])
    func `a duration is written in the largest unit that holds it`(duration: Duration, text: String) {
        #expect(DurationText.format(duration) == text)
    }
}
