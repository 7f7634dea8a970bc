package import IO
package import Lab
package import Logging
import Synchronization

/// A listening socket that deals its connections to the loops.
///
/// Nothing that happens to a connection or to the process's descriptors ends it: where no descriptor is left it pauses,
/// says so once, and goes on.
package actor Listener<Answering: Service>: LoopActor {
    /// Where it listens, the kernel's choice of port included.
    package nonisolated let address: SocketAddress
    /// What its connections share.
    package nonisolated let context: ListenerContext<Answering>

    /// The loop that it accepts on.
    package nonisolated let loop: EventLoop
    private let channel: Channel
    private nonisolated let workers: [LoopLocal<LoopContext>]
    private nonisolated let census: any Admission
    private nonisolated let guests = Guests()
    private let logger: Logger
    private var isPaused = false
    private var isClosed = false

    /// How long accepting rests where there is no room for another connection.
    private static var pause: Duration { .milliseconds(20) }
    /// How long nobody has to come, in a pause, until it is looked whether it is over.
    private static var quiet: Duration { .milliseconds(200) }
    /// How many connections are taken before others on the loop have their turn.
    private static var batch: Int { 64 }

    /// Binds the socket; connections wait in its backlog until ``serve()``.
    ///
    /// `workers` are the loops that connections are dealt to. Throws a ``SystemError`` that names the address.
    package init(
        at address: SocketAddress,
        context: ListenerContext<Answering>,
        on loop: EventLoop,
        dealingTo workers: [LoopLocal<LoopContext>],
        census: any Admission,
        logger: Logger
    ) throws(SystemError) {
        let socket = try ListeningSocket.open(address)
        self.address = socket.address
        channel = socket.channel(on: loop, in: context.channels)
        self.context = context
        self.loop = loop
        self.workers = workers
        self.census = census
        self.logger = logger
    }

    /// Accepts until the loop or the listener drains, then waits for the connections that are left.
    package func serve() async {
        while await isOpen() {
            for _ in 0..<Self.batch {
                guard await acceptOne() else { break }
            }
        }
        stopAccepting()
        await guests.gone()
    }

    /// Closes the listening socket, so that whoever comes is refused by the kernel; connections go on.
    ///
    /// ``serve()`` then ends with the last of them.
    package func stopAccepting() {
        guard !isClosed else { return }
        isClosed = true
        channel.close()
    }

    /// Stops accepting and lets what is under way finish.
    ///
    /// The loops go on, since other listeners have them too; ``serve()`` then ends.
    package nonisolated func drain() {
        context.channels.drain(on: loops)
    }

    /// Gives up what ``drain()`` left.
    package nonisolated func abort() {
        context.channels.abort(on: loops)
    }

    private nonisolated var loops: [EventLoop] { [loop] + workers.map(\.loop).filter { $0 !== loop } }

    /// Waits for connections; false when the loop, or the listener, takes no more work.
    private func isOpen() async -> Bool {
        guard !isClosed else { return false }
        // Where the pause ended with the last who waited there was no more room to find out that nobody else does, and
        // nobody may ever come again. So it is tried once more after a while: only an attempt tells whether there is
        // room, in the process's descriptors too.
        let patience = isPaused ? loop.now + Self.quiet : .never
        switch await channel.readable(until: patience, isInterruptible: true) {
        case .ready, .deadline: return true
        case .draining, .aborted, .recalled, .displaced: return false
        }
    }

    /// Takes one connection and starts its story; false where none waits, or there is no room.
    private func acceptOne() async -> Bool {
        guard !isClosed else { return false }
        guard census.hasRoom else {
            await rest("the limit of \(census.limit) connections is reached")
            return false
        }
        switch ListeningSocket.accept(on: channel.number) {
        case .connection(let descriptor, let peer):
            start(descriptor, from: peer)
            return true
        case .wouldBlock:
            resume()
            return false
        case .lost: return true
        case .exhausted(let error):
            await rest("\(error)")
            return false
        }
    }

    private func start(_ descriptor: consuming OwnedDescriptor, from peer: SocketAddress) {
        guard let ticket = census.admit(peer.host, isProxied: context.proxies.cover(peer.host)) else {
            logger.notice(
                "connection refused",
                metadata: ["client": "\(peer.hostDescription)", "reason": "too many of this address"]
            )
            return
        }
        guard let worker = workers.min(by: { $0.loop.connectionCount < $1.loop.connectionCount }) else { return }
        worker.loop.countConnections(1)
        let connection = Connection(
            Channel(descriptor, on: worker.loop, in: context.channels),
            from: peer,
            ticket: ticket,
            of: context,
            sharing: worker
        )
        census.settle(connection, ticket)
        guests.come()
        follow(connection, on: worker.loop, ticket)
    }

    /// Gives a connection a task until it rests, and another when it goes on, to its end.
    ///
    /// The task has no name: kept in its first kilobyte of frames, a name costs a second one. Records and log lines
    /// carry the connection's number.
    private nonisolated func follow(
        _ connection: Connection<Answering>,
        on loop: EventLoop,
        _ ticket: Ticket,
        after wake: Channel.Wake? = nil
    ) {
        Task(executorPreference: loop) {
            let rests = await connection.serve(after: wake) { wake in
                self.follow(connection, on: loop, ticket, after: wake)
            }
            if rests { return }
            loop.countConnections(-1)
            self.census.leave(ticket)
            self.guests.leave()
        }
    }

    /// Ends a pause once everyone who waited is in.
    ///
    /// Not with the first of them: at a limit, each client that leaves lets one in, and each would be a pause of its
    /// own in the log.
    private func resume() {
        guard isPaused else { return }
        isPaused = false
        logger.notice("accepting resumed", metadata: ["listener": "\(context.name)"])
    }

    /// Rests a moment; connections wait in the backlog meanwhile.
    private func rest(_ reason: String) async {
        if !isPaused {
            isPaused = true
            logger.warning("accepting paused", metadata: ["listener": "\(context.name)", "reason": "\(reason)"])
        }
        _ = await channel.sleep(until: loop.now + Self.pause)
    }
}

/// Counts connections, for who waits until all are gone.
private final class Guests: Sendable {
    private let state = Monitor<(count: Int, waiter: CheckedContinuation<Void, Never>?)>((0, nil))

    func come() {
        state.withLock { $0.count += 1 }
    }

    func leave() {
        let waiter = state.withLock { state in
            state.count -= 1
            return state.count == 0 ? state.waiter.take() : nil
        }
        waiter?.resume()
    }

    /// Returns when nobody is there; nobody may come any more.
    func gone() async {
        await withCheckedContinuation { waiter in
            let isEmpty = state.withLock { state in
                if state.count > 0 { state.waiter = waiter }
                return state.count == 0
            }
            if isEmpty { waiter.resume() }
        }
    }
}

/// What the connections of one listener share: where they came in, who answers them, and within which bounds.
package final class ListenerContext<Answering: Service>: Sendable {
    /// The listener's name, for rules and records.
    package let name: String
    /// The lab whose world its connections see; nil for a plane of the operator's, which belongs to none and which no
    /// fault touches.
    package let lab: Lab?
    /// Whether its connections begin with a TLS handshake.
    package let speaksTLS: Bool
    /// Who answers.
    package let service: Answering
    /// Bounds and deadlines.
    package let limits: ServerLimits
    /// How long a request's stages may take, in nanoseconds; and how long of the first, in its end, is waited at rest.
    let patience: (idle: UInt64, head: UInt64, body: UInt64, rest: UInt64)
    /// How long a connection waits for its next request before it rests.
    private static var wakefulness: UInt64 { 1_000_000_000 }
    /// The proxies whose word on their clients' addresses counts.
    package let proxies: TrustedProxies
    /// Who is connected by a proxy, in which its clients have places of their own; nil where none is counted.
    let census: Census?
    /// Where connections and exchanges are told of.
    package let log: ConnectionLog
    /// All of its channels, so that it can be closed by itself.
    package let channels = ChannelGroup()

    /// Joins them.
    package init(
        name: String,
        lab: Lab?,
        speaksTLS: Bool,
        service: Answering,
        limits: ServerLimits,
        log: ConnectionLog,
        proxies: TrustedProxies = TrustedProxies(),
        census: Census? = nil
    ) {
        self.name = name
        self.lab = lab
        self.speaksTLS = speaksTLS
        self.service = service
        self.limits = limits
        func nanoseconds(_ duration: Duration) -> UInt64 { UInt64(max(0, duration.nanoseconds)) }
        let idle = nanoseconds(limits.idleTimeout)
        patience = (
            idle, nanoseconds(limits.headTimeout), nanoseconds(limits.bodyTimeout), idle - min(idle, Self.wakefulness)
        )
        self.log = log
        self.proxies = proxies
        self.census = census
    }
}
