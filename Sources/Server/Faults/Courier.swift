import Faults
import IO

/// How far one connection's bytes have travelled under a rule's ``Shaping``.
final class Courier {
    let shaping: Shaping
    private var draw: Draw
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

    /// A courier for what travels from here on; the earlier one's count goes on where there was one.
    init(_ shaping: Shaping, after earlier: Courier?) {
        var joined = earlier?.shaping ?? shaping
        if earlier != nil {
            if shaping.latency > .zero { (joined.latency, joined.jitter) = (shaping.latency, shaping.jitter) }
            joined.rate = shaping.rate ?? joined.rate
            joined.limit = shaping.limit.map { $0 + (earlier?.sent ?? 0) } ?? joined.limit
            if let size = shaping.sliceSize { (joined.sliceSize, joined.sliceGap) = (size, shaping.sliceGap) }
        }
        self.shaping = joined
        draw = shaping.draw
        sent = earlier?.sent ?? 0
    }

    /// How long what comes next waits before it goes on.
    func latency() -> Duration {
        draw.around(shaping.latency, shaping.jitter)
    }

    /// How many bytes may be moved at once, at most.
    var pieceSize: Int {
        // A tenth of a second's worth, so that a rate is even without a wait for each byte.
        min(shaping.sliceSize ?? .max, shaping.rate.map { max(1, $0 / 10) } ?? .max)
    }

    /// How long to wait until the rate allows so many bytes more.
    func wait(for count: Int, _ direction: Direction) -> Duration {
        guard let rate = shaping.rate else { return .zero }
        let now = Instant.now
        let begin = max(now, free[direction.rawValue])
        free[direction.rawValue] = begin + .nanoseconds(1_000_000_000 * count / rate)
        return free[direction.rawValue].since(now)
    }

    /// How many bytes more may be sent before the connection closes; nil for no bound.
    var left: Int? { shaping.limit.map { max(0, $0 - sent) } }

    /// Counts bytes that were sent.
    func count(_ bytes: Int) {
        sent += bytes
        waiting -= bytes
    }
}
