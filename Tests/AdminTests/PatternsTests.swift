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
            ("2d", false), ("10", false),
        ]
    )
    func `a duration is matched up to its bound in each unit`(text: String, isOne: Bool) throws {
        #expect(try matches(text, Patterns.duration(upTo: 86_400)) == isOne)
    }
}
