import IO
import Journal
import SoftToken
import TLS
import TLSNames

/// What one loop counts of the data plane: raised by its own thread without a lock, read by the admin plane.
///
/// Everything that could be a label has a fixed place here, so that no peer can make the set of labels grow.
package final class LoopMetrics: Sendable {
    /// The message types, and whatever had none.
    static let types = RequestType.allCases.map { String($0.rawValue.dropFirst("SoftToken.".utf8.count)) } + ["none"]
    /// The service's codes up to 999, 0 standing for none, and one place for all above, which only an operator's own
    /// table has.
    static let codes = 1_001
    /// Statuses of HTTP, 100 to 599.
    static let statuses = 500
    static let outcomes = ConnectionRecord.Outcome.allCases
    /// Upper bounds of an exchange's time, in microseconds.
    static let latencyBounds: [UInt64] = [
        50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000,
    ]
    /// Alerts have one byte (RFC 8446 section 6).
    static let alertCodes = 256

    enum Place {
        static let accepted = 0
        static let handshakes = 1
        static let resumptions = 2
        static let bytesIn = 3
        static let bytesOut = 4
        static let outcomes = 5
        static let alerts = outcomes + LoopMetrics.outcomes.count
        /// Those of one direction, by their codes.
        static func firstAlert(_ direction: Alert.Direction) -> Int { alerts + (direction == .sent ? 0 : alertCodes) }
        static let exchanges = alerts + 2 * LoopMetrics.alertCodes
        static let statuses = exchanges + LoopMetrics.types.count * LoopMetrics.codes
        static let latencies = statuses + LoopMetrics.statuses
        static let count = latencies + LoopMetrics.types.count * Histogram.size(bounds: LoopMetrics.latencyBounds)
    }

    private let bank = CounterBank(count: Place.count)
    private let latencies: [Histogram]

    /// Counters at 0.
    package init() {
        let bank = self.bank
        latencies = Self.types.indices.map { index in
            let start = Place.latencies + index * Histogram.size(bounds: Self.latencyBounds)
            return Histogram(bounds: Self.latencyBounds, in: bank, at: start)
        }
    }

    // MARK: - Counting, on the loop

    /// A connection was accepted.
    func accepted() { bank.add(to: Place.accepted) }

    /// A handshake was completed.
    func shookHands(isResumed: Bool) {
        bank.add(to: Place.handshakes)
        if isResumed { bank.add(to: Place.resumptions) }
    }

    /// An exchange is over.
    ///
    /// - Parameters:
    ///   - type: The message's type; nil where it has none.
    ///   - code: The service's code at the top of the answer; nil for none.
    ///   - status: The status of HTTP.
    ///   - microseconds: From the request's last byte to the answer.
    func exchanged(_ type: String?, code: Int?, status: UInt16, microseconds: UInt64) {
        // By their lengths first: to compare texts that differ takes longer.
        let kind =
            type.flatMap { type in Self.types.firstIndex { $0.utf8.count == type.utf8.count && $0 == type } }
            ?? Self.types.count - 1
        bank.add(to: Place.exchanges + kind * Self.codes + min(max(0, code ?? 0), Self.codes - 1))
        if (100..<600).contains(status) { bank.add(to: Place.statuses + Int(status) - 100) }
        latencies[kind].record(microseconds)
    }

    /// A connection is over.
    func ended(_ outcome: ConnectionRecord.Outcome, alert: Alert?, bytesIn: UInt64, bytesOut: UInt64) {
        bank.add(bytesIn, to: Place.bytesIn)
        bank.add(bytesOut, to: Place.bytesOut)
        if let index = Self.outcomes.firstIndex(of: outcome) { bank.add(to: Place.outcomes + index) }
        if let alert {
            bank.add(to: Place.firstAlert(alert.direction) + Int(alert.code.rawValue))
        }
    }

    // MARK: - Reading, anywhere

    subscript(place: Int) -> UInt64 { bank[place] }

    func latency(_ type: Int) -> Histogram.Reading { latencies[type].reading }
}
