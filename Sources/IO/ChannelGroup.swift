import Synchronization

/// Channels on any loops that can be drained by themselves, while the rest of their loops goes on: those of one listener.
package final class ChannelGroup: Sendable {
    private enum Phase {
        static let open: UInt8 = 0
        static let draining: UInt8 = 1
        static let aborting: UInt8 = 2
    }

    private let phase = Atomic<UInt8>(Phase.open)

    /// A group that takes work.
    package init() {}

    /// Whether it takes no more work.
    package var isDraining: Bool { phase.load(ordering: .relaxed) != Phase.open }

    /// Whether every wait in it ends at once.
    var isAborting: Bool { phase.load(ordering: .relaxed) == Phase.aborting }

    /// Ends every wait of the group that may be interrupted, on these loops, now and from now on.
    package func drain(on loops: [EventLoop]) {
        phase.store(Phase.draining, ordering: .relaxed)
        for loop in loops {
            // The mark above is seen by every wait that begins after this call runs, the call by every one before it.
            loop.execute { for waiter in unsafe loop.state.allWaiters where waiter.group === self { waiter.drain() } }
        }
    }

    /// Ends every wait of the group, on these loops, now and from now on.
    package func abort(on loops: [EventLoop]) {
        phase.store(Phase.aborting, ordering: .relaxed)
        for loop in loops {
            loop.execute { for waiter in unsafe loop.state.allWaiters where waiter.group === self { waiter.abort() } }
        }
    }
}
