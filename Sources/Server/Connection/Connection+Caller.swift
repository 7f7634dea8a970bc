import HTTP
package import IO
import Synchronization

/// Watching who asked while the service takes its time.
extension Connection {
    /// Lets the service carry out what takes a wait, and tells it when the peer goes meanwhile.
    @inline(never)
    func carryOutWatching(_ message: Answering.Message) async -> Answering.Answer {
        let caller = Caller(at: peer.host)
        channel.observePeer { [self] isLost in
            assumeIsolated { $0.peerEnded(isLost: isLost, caller) }
        }
        let answer = await listener.service.carryOut(message, for: caller)
        channel.observePeer(nil)
        return answer
    }

    /// The peer ended its side, which it may have done to wait for the answer, or the connection broke.
    private func peerEnded(isLost: Bool, _ caller: Caller) {
        // What knows no interim answer can't be asked.
        if isLost || exchange?.request.version != .http11 || !askPeer() { caller.leave() }
    }
}

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
