import Notation

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
package struct Draw: Sendable {
    private var state: UInt64

    /// The chance of the `match`th match, counted from 1, of the rule of this name.
    package init(seed: UInt64, rule: String, match: Int) {
        state = Mixing.scramble(seed &+ Mixing.increment) ^ Mixing.hash(rule.utf8.span)
        state = Mixing.scramble(state &+ UInt64(match) &* Mixing.increment)
    }

    /// The next value, evenly from 0 up to but not including 1.
    package mutating func unit() -> Double {
        state &+= Mixing.increment
        return Double(Mixing.scramble(state) >> 11) * 0x1p-53
    }

    /// The next duration, evenly within `jitter` on either side of `latency`, and never below zero.
    package mutating func around(_ latency: Duration, _ jitter: Duration) -> Duration {
        guard jitter > .zero else { return latency }
        return max(.zero, latency + jitter * (2 * unit() - 1))
    }
}
