import FoundationEssentials

/// The time by which one lab's rules judge: valid-until days, code expiry, grace.
///
/// Deadlines of sockets never read it.
package struct LabClock: Sendable {
    private let reading: @Sendable () -> Int64

    /// A clock that reads seconds since 1970 from `reading`, on any thread.
    package init(reading: @escaping @Sendable () -> Int64) {
        self.reading = reading
    }

    /// The host's clock.
    package static let host = LabClock { Int64(Date.now.timeIntervalSince1970.rounded(.down)) }

    /// Seconds since 1970.
    package var now: Int64 { reading() }
}
