import Testing

@testable import Faults

/// Chance is a function of the seed, the rule's name and the match's number, and of nothing else.
@Suite struct DrawTests {
    private func units(_ seed: UInt64, _ rule: String, _ match: Int, count: Int = 4) -> [Double] {
        var draw = Draw(seed: seed, rule: rule, match: match)
        return (0..<count).map { _ in draw.unit() }
    }

    @Test func `the same question has the same answer, on every toolchain`() {
        #expect(units(1, "a", 1) == units(1, "a", 1))
        // From another implementation of the same published arithmetic: a change of it changes what every lab draws.
        #expect(units(1, "http.status-1", 1, count: 3).map { Int($0 * 1_000_000) } == [672_531, 919_398, 694_029])
    }

    @Test func `another seed, rule or match is another draw`() {
        let first = units(1, "a", 1)
        for other in [units(2, "a", 1), units(1, "b", 1), units(1, "a", 2)] { #expect(other != first) }
    }

    @Test func `draws are spread evenly`() {
        var counts = [Int](repeating: 0, count: 10)
        for match in 1...10_000 { counts[Int(units(7, "rule", match, count: 1)[0] * 10)] += 1 }
        // Each of ten bins expects 1,000; five standard deviations are 150.
        for count in counts { #expect((850...1_150).contains(count), "\(counts)") }
    }

    @Test func `a wait lies within its jitter and is never negative`() {
        var draw = Draw(seed: 3, rule: "slow", match: 1)
        for _ in 0..<1_000 {
            #expect(
                (.milliseconds(80)...(.milliseconds(120))).contains(draw.around(.milliseconds(100), .milliseconds(20)))
            )
            #expect(draw.around(.milliseconds(1), .seconds(1)) >= .zero)
        }
        #expect(draw.around(.seconds(2), .zero) == .seconds(2))
    }
}
