import Faults
import Notation
import Testing

@testable import Admin

@Suite struct PatternsTests {
    private func matches(_ text: String, _ pattern: String) throws -> Bool {
        try Regex(pattern).wholeMatch(in: text) != nil
    }

    @Test(arguments: [0, 1, 9, 10, 32, 101, 128, 255, 1440])
    func `a number is matched up to its bound, and none above`(bound: Int) throws {
        let pattern = try Regex(Patterns.number(upTo: bound))
        for number in 0...(bound * 2 + 12) {
            #expect((try pattern.wholeMatch(in: "\(number)") != nil) == (number <= bound), "\(number) of \(bound)")
        }
    }

    @Test(
        arguments: [
            ("127.0.0.1:0", true), ("[::1]:65535", true), ("[2001:db8::7]:443", true), ("0.0.0.0:80", true),
            ("localhost:0", false), ("127.0.0.1", false), ("127.0.0.256:1", false), ("[::1]:65536", false),
            ("::1:80", false), ("127.0.0.1:0,proxy=10.0.0.0/8", true), ("[::1]:0,proxy=::1,proxy=10.1.2.3", true),
            ("127.0.0.1:0,proxy=", false), ("127.0.0.1:0,proxy=10.0.0.0/33", false), ("127.0.0.1:0,lab=a", false),
        ]
    )
    func `a listener's address is one of a host, with a port`(text: String, isOne: Bool) throws {
        #expect(try matches(text, Patterns.listener) == isOne)
    }

    @Test(
        arguments: [
            ("0ms", true), ("86400s", true), ("86401s", false), ("24h", true), ("25h", false), ("1d", true),
            ("2d", false), ("10", false), ("1.5h", true), ("0.5s", true), ("1.0d", true), ("1.5d", false),
            ("23h59m59.999s", true), ("24h0.0m", true), ("24h0.1m", false), ("1h90m", false), ("0d24h", false),
        ]
    )
    func `a duration is matched up to its bound in each unit`(text: String, isOne: Bool) throws {
        #expect(try matches(text, Patterns.duration(upTo: 86_400)) == isOne)
    }

    /// Texts of one unit to three, whole and with fractions, in their order and out of it.
    private static let durations: [String] = {
        let numbers = ["0", "1", "07", "23", "24", "59", "60", "999", "1000", "3599", "86399", "86400", "86401"]
        let fractions = ["", ".0", ".5", ".25", ".05", ".005", ".003125", ".00003125", ".016666666", ".016666667"]
        let names = ["d", "h", "m", "s", "ms"]
        let ones = numbers.flatMap { number in
            fractions.flatMap { fraction in names.map { number + fraction + $0 } }
        }
        let firsts = ["0d", "1d", "23h", "24h", "1h", "1439m", "1.5h", "59s", "86399s", "0d23h", "23h59m", "23h59m59s"]
        let seconds = ones.filter { !$0.hasPrefix("86") && !$0.hasPrefix("35") }
        return ones + firsts.flatMap { first in seconds.map { first + $0 } }
    }()

    // Several units and fractions were read while the document knew of one unit without any.
    @Test(arguments: [86_400, 3600, 90])
    func `the pattern of a duration and its reader agree`(bound: Int) throws {
        let pattern = try Regex(Patterns.duration(upTo: bound))
        for text in Self.durations {
            let isTaken = DurationText.parse(text).map { $0 <= .seconds(bound) } ?? false
            #expect((try pattern.wholeMatch(in: text) != nil) == isTaken, "\(text)")
        }
    }

    @Test func `the pattern of a rule's life and the rule's reader agree`() throws {
        let pattern = try Regex(Patterns.lifetime)
        let long = ["1000000000d", "1000000001s", "1000000000ms", "999999000ms", "1000000000h23h", "1d2h3m4s", "0h0m"]
        for text in Self.durations + long {
            let isTaken = (try? Rule(["do": "http.empty", "for": .string(text)])) != nil
            #expect((try pattern.wholeMatch(in: text) != nil) == isTaken, "\(text)")
        }
    }
}
