import Synchronization

/// Whether the server takes work: true from the moment every listener accepts until it drains.
package final class Readiness: Sendable {
    private let flag = Atomic(false)

    /// Not ready yet.
    package init() {}

    /// Whether it takes work.
    package var isReady: Bool { flag.load(ordering: .relaxed) }

    /// Says so.
    package func set(_ isReady: Bool) {
        flag.store(isReady, ordering: .relaxed)
    }
}
