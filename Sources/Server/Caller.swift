package import IO
import Synchronization

/// Who asked for something that takes a while: where they are, and whether they still wait for it.
package final class Caller: Sendable {
    /// The address.
    package let host: SocketAddress.Host
    private let gone = Atomic(false)

    /// Somebody who waits.
    package init(at host: SocketAddress.Host) {
        self.host = host
    }

    /// Whether they have gone, so that nobody will read an answer.
    package var isGone: Bool { gone.load(ordering: .relaxed) }

    /// They have gone.
    func leave() { gone.store(true, ordering: .relaxed) }
}
