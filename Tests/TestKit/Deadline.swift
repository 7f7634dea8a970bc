import Glibc
package import IO

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
    package func wait<Value>(for subject: String, _ value: () async throws -> Value?) async throws -> Value {
        while true {
            if let found = try await value() { return found }
            guard !hasPassed else { throw TestKitError("no \(subject) within \(length)") }
            try await Task.sleep(for: Self.interval)
        }
    }

    /// Looks until `condition` holds; throws as ``wait(for:_:)`` does.
    package func wait(until subject: String, _ condition: () async throws -> Bool) async throws {
        _ = try await wait(for: subject) { try await condition() ? true : nil }
    }
}

/// Work that blocks, on threads of its own: the tests' shared pool has as many threads as the machine has cores.
package enum Blocking {
    /// Runs `work` on a new thread and waits for what it returns or throws.
    package static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await Thread.perform(named: "test", work)
    }

    /// Runs `work` on `count` threads at once, each told its number, and waits for all; throws the first error.
    package static func run<Value: Sendable>(
        threads count: Int,
        _ work: @escaping @Sendable (Int) throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            for index in 0..<count {
                group.addTask { (index, try await run { try work(index) }) }
            }
            var values: [(Int, Value)] = []
            for try await value in group { values.append(value) }
            return values.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// Puts the calling thread to sleep: for clients that are slow on purpose, never to wait for something.
    package static func pause(_ time: Duration) {
        let end = Instant.now + time
        while Instant.now < end {
            var rest = timespec()
            let left = end.since(.now).components
            rest.tv_sec = Int(left.seconds)
            rest.tv_nsec = Int(left.attoseconds / 1_000_000_000)
            unsafe nanosleep(&rest, nil)
        }
    }
}

/// Runs `body` on a new loop's thread, and ends the loop afterwards.
package func onLoop<Value: Sendable>(
    _ body: @escaping @Sendable (EventLoop) async throws -> Value
) async throws -> Value {
    let loop = try EventLoop(named: "test")
    try loop.start()
    defer { loop.stop() }
    return try await Task(executorPreference: loop) { try await body(loop) }.value
}

/// The sanitizer that the tests, and the servers that they start, were built with.
package enum Sanitizer {
    /// Whether there is one: memory is then kept for a while after it was freed.
    package static let isActive = ["__asan_init", "__tsan_init"]
        .contains { (name: String) in unsafe dlsym(nil, name) != nil }

    /// How much longer than usual everything may take: one that waits is not to fail where it would have succeeded.
    package static let slowdown = isActive ? 6 : 1
}

/// Something that a test stands on did not work, in words for whoever reads the failed test.
package struct TestKitError: Error, CustomStringConvertible {
    /// What did not work.
    package let description: String

    /// An error with this text.
    package init(_ description: String) {
        self.description = description
    }
}
