import Glibc

/// A moment on the host's monotonic clock, in nanoseconds: what deadlines and durations are measured on.
package struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since an arbitrary start.
    package let nanoseconds: UInt64

    /// A moment that never comes: no deadline.
    package static let never = Instant(nanoseconds: .max)

    /// Wraps a reading of `CLOCK_MONOTONIC`.
    package init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// The present, read from the kernel.
    package static var now: Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    /// The moment `duration` later; ``never`` where that overflows, and this moment where it is negative.
    package static func + (instant: Instant, duration: Duration) -> Instant {
        guard duration > .zero else { return instant }
        let count = duration.nanoseconds
        return count == .max ? .never : instant.later(byNanoseconds: UInt64(count))
    }

    /// The moment so many nanoseconds later; ``never`` where that overflows.
    ///
    /// For what is asked with every request: adding a `Duration` divides 128 bits.
    package func later(byNanoseconds count: UInt64) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(count)
        return overflow ? .never : Instant(nanoseconds: sum)
    }

    /// The moment so many nanoseconds earlier; the clock's first where there is none.
    package func earlier(byNanoseconds count: UInt64) -> Instant {
        Instant(nanoseconds: nanoseconds - min(nanoseconds, count))
    }

    /// How long after `earlier` this is; zero where it is not.
    package func since(_ earlier: Instant) -> Duration {
        nanoseconds > earlier.nanoseconds
            ? .nanoseconds(Int64(clamping: nanoseconds - earlier.nanoseconds)) : .zero
    }

    /// How many whole microseconds after `earlier` this is; 0 where it is not.
    package func microseconds(since earlier: Instant) -> UInt64 {
        nanoseconds > earlier.nanoseconds ? (nanoseconds - earlier.nanoseconds) / 1_000 : 0
    }

    /// Orders by time.
    package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
}

extension Duration {
    /// The whole nanoseconds; what is longer than 292 years is cut.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : product + attoseconds / 1_000_000_000
    }
}
