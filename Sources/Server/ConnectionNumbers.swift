import Synchronization

/// Numbers for connections, each given once in the life of the process, whatever plane the connection is of.
package final class ConnectionNumbers: Sendable {
    private let last = Atomic<UInt64>(0)

    /// Numbers from 1 on.
    package init() {}

    /// The next.
    func next() -> UInt64 { last.wrappingAdd(1, ordering: .relaxed).newValue }
}
