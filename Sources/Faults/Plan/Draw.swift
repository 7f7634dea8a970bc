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
