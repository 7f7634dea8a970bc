import Glibc
import IO

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
