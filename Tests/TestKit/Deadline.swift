/// A moment after which waiting is an error, and the waiting itself.
package struct Deadline: Sendable {
    /// How often a condition that nobody announces is looked at.
    private static let interval = Duration.milliseconds(4)

    private let end: ContinuousClock.Instant
    private let length: Duration

    /// The moment this far from now, and further where a sanitizer slows everything.
    package init(in length: Duration) {
        self.length = length * Sanitizer.slowdown
        end = .now + self.length
    }

    /// Whether it has passed.
    package var hasPassed: Bool { ContinuousClock.now >= end }

    /// Looks until `value` finds something, and returns that.
    ///
    /// Throws a ``TestKitError`` that names `subject` once the deadline has passed.
    package func wait<Value>(for subject: String, _ value: () throws -> Value?) async throws -> Value {
        while true {
            if let found = try value() { return found }
            guard !hasPassed else { throw TestKitError("no \(subject) within \(length)") }
            try await Task.sleep(for: Self.interval)
        }
    }

    /// Looks until `condition` holds; throws as ``wait(for:_:)`` does.
    package func wait(until subject: String, _ condition: () throws -> Bool) async throws {
        _ = try await wait(for: subject) { try condition() ? true : nil }
    }
}
