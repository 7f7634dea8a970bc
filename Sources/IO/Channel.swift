import CLinux
import Glibc
import Synchronization

/// A descriptor's place on a loop: lets its one owner wait until it can be read or written, or a deadline passes.
///
/// Lives on its loop's thread, as everything does that calls it. Registered level-triggered once and for all; where an
/// event comes while nobody waits it is muted, so that a peer that keeps sending while its request is being worked on
/// costs one system call and no spinning. So an ordinary request costs none.
@safe
package final class Channel {
    /// Why a wait ended.
    package enum Wake: Sendable {
        /// The descriptor is ready, or broken: the next read or write tells.
        case ready
        /// The deadline passed.
        case deadline
        /// The loop is draining, and the wait was one that may be interrupted for that.
        case draining
        /// The loop gives up what is left on it.
        case aborted
        /// What the wait was for is over.
        case recalled
        /// Somebody else was given the place.
        case displaced
    }

    /// Who is told that a wait ended.
    @safe
    private enum Waiter {
        case task(UnsafeContinuation<Wake, Never>)
        case call((Wake) -> Void)
    }

    /// The loop that it lives on.
    package let loop: EventLoop

    /// The descriptor's number, borrowed for system calls until ``close()``.
    package let number: CInt

    /// The group that it can be drained with, apart from the rest of the loop.
    let group: ChannelGroup?

    private var owned: OwnedDescriptor?
    // 0 until the first wait, so that a channel can be made before it reaches its loop.
    private var token: UInt64 = 0
    private var armed: UInt32 = 0
    private var isRegistered = false
    private var isDead = false
    private var waiter: Waiter?
    private var interest: UInt32 = 0
    private var deadline = Instant.never
    /// The earliest moment that the loop was asked to tell of and that has not come; any other it need not tell.
    private(set) var scheduled = Instant.never
    private var isInterruptible = false
    private var recall: Recall?
    /// What ends every wait as soon as it begins.
    private var ban: Wake?
    private var peerObserver: ((_ isLost: Bool) -> Void)?

    /// Whether the connection is known to be broken or ended on both sides, so that nothing that is sent can arrive.
    package private(set) var isBroken = false

    /// Takes over a non-blocking descriptor; everything after this happens on the loop, with ``close()`` at the end.
    package init(_ descriptor: consuming OwnedDescriptor, on loop: EventLoop, in group: ChannelGroup? = nil) {
        self.loop = loop
        self.group = group
        number = descriptor.number
        owned = consume descriptor
    }

    /// Waits until there is something to read, or an end of stream or an error to find out about.
    ///
    /// `isInterruptible` says that nothing is under way, so that a draining loop may end the wait.
    package func readable(until deadline: Instant, isInterruptible: Bool = false) async -> Wake {
        unsafe await withUnsafeContinuation { continuation in
            unsafe begin(.task(continuation), for: c_EPOLLIN(), until: deadline, isInterruptible: isInterruptible)
        }
    }

    /// Calls `resume` on the loop, once, when such a wait ends: for one who keeps no task meanwhile.
    package func whenReadable(
        until deadline: Instant,
        isInterruptible: Bool = false,
        _ resume: @escaping (Wake) -> Void
    ) {
        begin(.call(resume), for: c_EPOLLIN(), until: deadline, isInterruptible: isInterruptible)
    }

    /// Waits until something can be written.
    package func writable(until deadline: Instant) async -> Wake {
        unsafe await withUnsafeContinuation { continuation in
            unsafe begin(.task(continuation), for: c_EPOLLOUT(), until: deadline, isInterruptible: false)
        }
    }

    /// Waits for the deadline, unless the peer is lost first; what it sends meanwhile stays unread.
    ///
    /// ``Wake/deadline`` is the good end. ``Wake/ready`` says that the connection is broken (``isBroken``) or, with
    /// `endCounts`, that the peer has ended its side, which it may have done to wait for an answer. A draining loop
    /// ends the wait, and so does `recall`.
    package func pause(until deadline: Instant, endCounts: Bool, under recall: Recall? = nil) async -> Wake {
        let events = endCounts ? c_EPOLLRDHUP() : c_EPOLLERR() | c_EPOLLHUP()
        return unsafe await withUnsafeContinuation { continuation in
            unsafe begin(.task(continuation), for: events, until: deadline, isInterruptible: true, under: recall)
        }
    }

    /// Waits for the deadline alone, whatever the descriptor does; ``Wake/deadline`` is the good end.
    package func sleep(until deadline: Instant) async -> Wake {
        unsafe await withUnsafeContinuation { continuation in
            unsafe begin(.task(continuation), for: 0, until: deadline, isInterruptible: false)
        }
    }

    /// Makes ``close()`` reset the connection (RST) instead of ending it in good order, whatever still waits to be
    /// sent.
    package func resetWhenClosed() {
        // RFC 9293 section 3.10.4 calls it an abort; Linux does it where a close is to linger for no time at all.
        var none = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &none, socklen_t(MemoryLayout<linger>.size))
    }

    /// Tells the peer that nothing more will be sent.
    package func finishSending() {
        _ = shutdown(number, CInt(SHUT_WR))
    }

    /// Ends the wait at hand, and every later one: the connection is to end, since somebody else needs its place.
    package func displace() {
        loop.checkIsolated()
        ban = ban ?? .displaced
        wake(.displaced)
    }

    /// Has `observer` told when the peer ends its side and when the connection breaks; nil ends that.
    ///
    /// On the loop, while the owner waits for something else; any wait here comes first.
    package func observePeer(_ observer: ((_ isLost: Bool) -> Void)?) {
        loop.checkIsolated()
        peerObserver = observer
        guard let observer else { return }
        if token == 0 { token = unsafe loop.state.add(self) }
        let isLost = isDead || loop.isAborting || group?.isAborting == true
        if isLost { observer(true) } else { setEvents(c_EPOLLRDHUP()) }
    }

    /// Takes the descriptor out of the loop and closes it.
    package func close() {
        loop.checkIsolated()
        peerObserver = nil
        // The kernel takes a closed descriptor out of the epoll set; an event that is already underway finds no waiter.
        if token != 0 { unsafe loop.state.remove(token) }
        wake(.aborted)
        owned = nil
    }

    /// Begins a wait; all of it is decided here, inside the continuation's closure, since a caller that is no actor may
    /// get here by way of the loop's queue, and what happened meanwhile must not be missed.
    private func begin(
        _ waiter: Waiter,
        for events: UInt32,
        until deadline: Instant,
        isInterruptible: Bool,
        under recall: Recall? = nil
    ) {
        loop.checkIsolated()
        precondition(self.waiter == nil, "one wait at a time")
        if token == 0 { token = unsafe loop.state.add(self) }
        self.waiter = waiter
        interest = events
        self.isInterruptible = isInterruptible
        self.deadline = deadline
        // The loop's mark and none of our own: who waits for the first time was in no list when the loop was aborted.
        if let ban { return wake(ban) }
        if unsafe loop.state.isAborting || group?.isAborting == true { return wake(.aborted) }
        if isInterruptible, loop.isDraining || group?.isDraining == true { return wake(.draining) }
        // Looked at here too: the timer of who is ready at every wait would always find nobody waiting.
        if deadline <= loop.now { return wake(.deadline) }
        if isDead, events != 0 { return wake(.ready) }
        if armed & events != events || (armed & ~events) & c_EPOLLOUT() != 0 { setEvents(events) }
        if deadline < scheduled {
            scheduled = deadline
            unsafe loop.state.schedule(token, at: deadline)
        }
        guard let recall, self.waiter != nil else { return }
        if recall.enter(token, on: loop) { self.recall = recall } else { wake(.recalled) }
    }

    private func wake(_ reason: Wake) {
        guard let waiter else { return }
        self.waiter = nil
        deadline = .never
        if let recall {
            recall.leave(token, on: loop)
            self.recall = nil
        }
        switch waiter {
        case .task(let continuation): unsafe continuation.resume(returning: reason)
        case .call(let resume): resume(reason)
        }
    }

    /// Sets what epoll reports; nil takes the descriptor out of the set.
    private func setEvents(_ events: UInt32?) {
        let operation = events == nil ? EPOLL_CTL_DEL : isRegistered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD
        do throws(SystemError) {
            try unsafe loop.state.control(operation, number, events: events ?? 0, token: token)
            isRegistered = events != nil
            armed = events ?? 0
        } catch {
            // Out of kernel memory or watches: no wait can be kept any more. To call it ready would have the owner read
            // and wait in turns for ever, past every deadline.
            ban = .aborted
            wake(.aborted)
        }
    }
}

/// What its loop tells a channel.
extension Channel {
    /// The descriptor became ready: epoll's bits.
    func ready(_ events: UInt32) {
        let broken = events & (c_EPOLLERR() | c_EPOLLHUP()) != 0
        if broken { isBroken = true }
        if waiter != nil, interest != 0, broken || events & interest != 0 {
            wake(.ready)
            return
        }
        // Nobody waits for this. A broken descriptor is reported whatever the mask, so it leaves the set.
        if broken {
            setEvents(nil)
            isDead = true
        } else {
            setEvents(0)
        }
        guard waiter == nil, broken || events & c_EPOLLRDHUP() != 0 else { return }
        peerObserver?(broken)
    }

    /// The moment that ``scheduled`` says has come.
    func timerFired(at now: Instant) {
        scheduled = .never
        guard deadline != .never else { return }
        if deadline <= now {
            wake(.deadline)
        } else {
            scheduled = deadline
            unsafe loop.state.schedule(token, at: deadline)
        }
    }

    /// No more work is taken: ends the wait if it may be interrupted.
    func drain() {
        if isInterruptible { wake(.draining) }
    }

    /// Ends the wait.
    func abort() {
        wake(.aborted)
        // What goes on for the peer elsewhere is given up with it.
        peerObserver?(true)
    }

    /// What the wait was for is over; it may wait for something else by now.
    func recall(by recall: Recall) {
        if self.recall === recall { wake(.recalled) }
    }
}

extension EventLoop {
    /// Ends every wait that may be interrupted, now and from now on: connections between two requests close.
    package func drain() {
        execute { [self] in
            unsafe state.isDraining = true
            for channel in unsafe state.channels { channel.drain() }
        }
    }

    /// Ends every wait, now and from now on: what is still under way after the grace period is given up.
    package func abort() {
        execute { [self] in
            unsafe state.isAborting = true
            for channel in unsafe state.channels { channel.abort() }
        }
    }
}

/// Channels on any loops that can be drained by themselves, while the rest of their loops goes on: those of one
/// listener.
package final class ChannelGroup: Sendable {
    private enum Phase: UInt8, AtomicRepresentable {
        case open
        case draining
        case aborting
    }

    private let phase = Atomic(Phase.open)

    /// A group that takes work.
    package init() {}

    /// Whether it takes no more work.
    package var isDraining: Bool { phase.load(ordering: .relaxed) != .open }

    /// Whether every wait in it ends at once.
    var isAborting: Bool { phase.load(ordering: .relaxed) == .aborting }

    /// Ends every wait of the group that may be interrupted, on these loops, now and from now on.
    package func drain(on loops: [EventLoop]) {
        phase.store(.draining, ordering: .relaxed)
        for loop in loops {
            // The mark above is seen by every wait that begins after this call runs, the call by every one before it.
            loop.execute { for channel in unsafe loop.state.channels where channel.group === self { channel.drain() } }
        }
    }

    /// Ends every wait of the group, on these loops, now and from now on.
    package func abort(on loops: [EventLoop]) {
        phase.store(.aborting, ordering: .relaxed)
        for loop in loops {
            loop.execute { for channel in unsafe loop.state.channels where channel.group === self { channel.abort() } }
        }
    }
}

/// Ends waits, on whichever loops they are, when what they were for is over: once, and for good.
package final class Recall: Sendable {
    private let over = Atomic(false)
    private let waiting = Monitor<[ObjectIdentifier: Waiters]>([:])

    /// Those of one loop, by the numbers that it gave them.
    private struct Waiters: Sendable {
        let loop: EventLoop
        var tokens: Set<UInt64> = []
    }

    /// Nothing is over yet.
    package init() {}

    /// Whether it was called.
    package var isOver: Bool { over.load(ordering: .acquiring) }

    /// Ends every wait that is under it, now and from now on.
    package func end() {
        let called = waiting.withLock { waiting in
            // Set under the lock, so that whoever enters is either told below or sees it.
            over.store(true, ordering: .releasing)
            defer { waiting.removeAll() }
            return waiting
        }
        for waiters in called.values {
            waiters.loop.execute { unsafe waiters.loop.state.recall(waiters.tokens, by: self) }
        }
    }

    /// Notes a wait; false where it is over already.
    func enter(_ token: UInt64, on loop: EventLoop) -> Bool {
        waiting.withLock { waiting in
            guard !isOver else { return false }
            waiting[ObjectIdentifier(loop), default: Waiters(loop: loop)].tokens.insert(token)
            return true
        }
    }

    /// Forgets a wait.
    func leave(_ token: UInt64, on loop: EventLoop) {
        waiting.withLock { waiting in
            let place = ObjectIdentifier(loop)
            waiting[place]?.tokens.remove(token)
            if waiting[place]?.tokens.isEmpty == true { waiting[place] = nil }
        }
    }
}
