import Faults
import IO

/// How far one connection's bytes have travelled under the ``Shaping`` of rules.
final class Courier {
    /// How they travel now.
    private(set) var shaping = Shaping()
    /// How they travel between exchanges: as rules wanted it before any request.
    private var lasting = Shaping()
    /// The chance of the waits between exchanges, and of those of the exchange at hand where it has its own.
    private var draws: (lasting: Draw, exchange: Draw?) = (Draw(seed: 0, rule: "", match: 0), nil)
    /// How many bytes were sent.
    private(set) var sent = 0
    /// How many bytes the engine wrote that wait here; of a connection that ends early they never leave.
    var waiting = 0
    /// When the rate allows the next byte, in each direction.
    private var free: [Instant] = [.now, .now]

    /// What a direction is called.
    enum Direction: Int {
        case inbound
        case outbound
    }

    /// Shapes what travels from here on: until the exchange at hand is over, or to the connection's end.
    ///
    /// What the earlier shaping says goes on where this one says nothing; of two limits the nearer one goes.
    func shape(as wanted: Shaping, forExchange: Bool) {
        if wanted.latency + wanted.jitter > .zero {
            (shaping.latency, shaping.jitter) = (wanted.latency, wanted.jitter)
            shaping.terms.latency = wanted.terms.latency
            if forExchange { draws.exchange = wanted.draw } else { draws.lasting = wanted.draw }
        }
        if let rate = wanted.rate { (shaping.rate, shaping.terms.rate) = (rate, wanted.terms.rate) }
        shaping.limit = wanted.limit.map { min($0 + sent, shaping.limit ?? .max) } ?? shaping.limit
        if let size = wanted.sliceSize {
            (shaping.sliceSize, shaping.sliceGap) = (size, wanted.sliceGap)
            shaping.terms.slice = wanted.terms.slice
        }
        free = [.now, .now]
        if !forExchange { lasting = shaping }
    }

    /// Forgets what was wanted for one exchange, before its client is waited for again.
    func endExchange() {
        shaping = lasting
        draws.exchange = nil
    }

    /// How long what comes next waits before it goes on.
    func latency() -> Hold {
        let wait = draws.exchange?.around(shaping.latency, shaping.jitter)
        return Hold(
            wait ?? draws.lasting.around(shaping.latency, shaping.jitter),
            under: shaping.terms.latency
        )
    }

    /// How long to wait between two pieces.
    var gap: Hold { Hold(shaping.sliceGap, under: shaping.terms.slice) }

    /// The bytes a second in each direction, while the rule that wants it is in force.
    private var rate: Int? { shaping.terms.rate?.isOver == true ? nil : shaping.rate }

    /// How many bytes may be moved at once, at most.
    var pieceSize: Int {
        let slice = shaping.terms.slice?.isOver == true ? nil : shaping.sliceSize
        // A tenth of a second's worth, so that a rate is even without a wait for each byte.
        return min(slice ?? .max, rate.map { max(1, $0 / 10) } ?? .max)
    }

    /// How long to wait until the rate allows so many bytes more.
    func wait(for count: Int, _ direction: Direction) -> Hold {
        guard let rate else { return Hold(.zero, under: shaping.terms.rate) }
        let now = Instant.now
        free[direction.rawValue] = max(now, free[direction.rawValue]) + .nanoseconds(1_000_000_000 * count / rate)
        return Hold(free[direction.rawValue].since(now), under: shaping.terms.rate)
    }

    /// How many bytes more may be sent before the connection closes; nil for no bound.
    var left: Int? { shaping.limit.map { max(0, $0 - sent) } }

    /// Counts bytes that were sent.
    func count(_ bytes: Int) {
        sent += bytes
        waiting -= bytes
    }
}
