/// How the bytes of a connection travel.
package struct Shaping: Sendable {
    /// How long each direction waits before what came goes on.
    package var latency = Duration.zero
    /// How far a wait may differ from it.
    package var jitter = Duration.zero
    /// Bytes a second in each direction; nil for no bound.
    package var rate: Int?
    /// How many bytes are written at once; nil for as many as there are.
    package var sliceSize: Int?
    /// How long to wait between two such pieces.
    package var sliceGap = Duration.zero
    /// After how many bytes sent the connection closes; nil for never.
    package var limit: Int?
    /// How long the rules are in force that want the waits, the rate and the pieces; nil for as long as the shaping is.
    package var terms: (latency: RuleTerm?, rate: RuleTerm?, slice: RuleTerm?)
    /// The chance of its waits.
    package var draw = Draw(seed: 0, rule: "", match: 0)

    /// Bytes that travel as they would.
    package init() {}
}

/// A wait that a rule orders.
package struct Hold: Sendable, Equatable {
    /// How long.
    package let duration: Duration
    /// How long the rule is in force: a wait ends with it.
    package let term: RuleTerm?

    /// Joins both.
    package init(_ duration: Duration, under term: RuleTerm?) {
        self.duration = duration
        self.term = term
    }
}

/// The chance of one rule's n-th match: a function of the lab's seed, the rule's name and n, and of nothing else.
///
/// SplitMix64 over an FNV-1a hash, both published, with fixed constants, so that no toolchain changes what a lab draws.
package struct Draw: Sendable {
    private var state: UInt64

    /// The chance of the `match`th match, counted from 1, of the rule of this name.
    package init(seed: UInt64, rule: String, match: Int) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in rule.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        state = Self.scramble(seed &+ Self.increment) ^ hash
        state = Self.scramble(state &+ UInt64(match) &* Self.increment)
    }

    /// The next value, evenly from 0 up to but not including 1.
    package mutating func unit() -> Double {
        state &+= Self.increment
        return Double(Self.scramble(state) >> 11) * 0x1p-53
    }

    /// The next duration, evenly within `jitter` on either side of `latency`, and never below zero.
    package mutating func around(_ latency: Duration, _ jitter: Duration) -> Duration {
        guard jitter > .zero else { return latency }
        return max(.zero, latency + jitter * (2 * unit() - 1))
    }

    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    private static func scramble(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
