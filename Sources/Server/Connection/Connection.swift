import Faults
import HTTP
import IO
import Journal
import Lab
import TLS
import TLSNames
import Transport

/// One connection, from accept to close.
///
/// Its story is ``serve()``, which runs on the connection's loop from the first line to the last. Each stage asks the
/// lab's rules once (``reach(_:)``, FaultPlan.swift; that of the answer where it is written); the rest of this type is
/// what the stages are made of.
///
/// Thousands of these wait at any time, each inside ``nextRequest()``. So what outlives a wait is kept here, where it
/// is counted once, and not in the frames of waiting functions, and steps that need no wait are no `async` functions.
/// Nor are those steps inlined into waiting functions, whose frames would have to hold what the steps need meanwhile:
/// the runtime gives a task its frames in slabs of a kilobyte and keeps each slab for the task's life, so one too many
/// costs every connection a kilobyte.
actor Connection<Answering: Service> {
    /// The loop that it lives on.
    nonisolated let loop: EventLoop

    let listener: ListenerContext<Answering>
    /// Its bytes.
    let transport: Transport
    let accepted: Instant

    private let shared: LoopLocal<LoopContext>
    /// What is in it, once that was asked for: to ask it costs a look at the thread.
    private var held: LoopContext?

    /// The request at hand; none while nothing of one has come.
    var exchange: Exchange?
    /// Its number, unique in the process.
    let id: UInt64
    /// The client: whoever connected, or of whom a trusted proxy said so.
    var peer: SocketAddress
    /// The client that a trusted proxy named, while it has a place of its own.
    var proxiedHost: SocketAddress.Host?
    /// When it was accepted by the lab's clock; nil where no lab wants to know.
    let labTime: Int64?
    var stage = Stage.accept
    /// The name that the ClientHello asked for.
    var serverName: String?
    /// The ClientHello's fingerprint, where the lab's journal or one of its rules wants to know.
    var ja4: String?
    /// What rules have to do with it.
    var rules = ConnectionRules()
    /// What the last request said, where that was kept.
    var reading: Reading<Answering.Message>?
    /// Microseconds that the ClientHello and the handshake took; 0 before each is over.
    var helloMicroseconds: UInt32 = 0
    var handshakeMicroseconds: UInt32 = 0
    /// What records say of it, once one was made.
    var opening: ConnectionOpening?
    var exchanges: UInt32 = 0
    var outcome = ConnectionRecord.Outcome.closed
    var reason: String?
    /// The alert that was sent before there was any TLS state.
    var alertInClear: AlertCode?

    /// Whether a wait said that there is something to read, and nobody has looked yet.
    var isReadable = false
    /// Whether its turn came to read, and nothing was made of that yet.
    var hasTurn = false
    /// Whether the peer was just told something that a reset could destroy on its way.
    private var lingers = false
    /// Whether its turn among the connections of its plane is waited for.
    var awaitsTurn = false
    /// Whether a request is waited for, or its body.
    var awaitsRequest = true
    /// Whether it has no place on its plane, so that it has to say soon what it wants, and is not answered everything.
    let isAtDoor: Bool

    /// A connection that ``serve()`` will serve on the loop that `shared` belongs to.
    init(
        _ channel: sending Channel,
        from peer: SocketAddress,
        ticket: Ticket,
        of listener: ListenerContext<Answering>,
        sharing shared: LoopLocal<LoopContext>
    ) {
        loop = shared.loop
        transport = Transport(over: channel, writeTimeout: listener.limits.writeTimeout)
        self.listener = listener
        self.shared = shared
        accepted = .now
        id = ticket.id
        isAtDoor = ticket.isAtDoor
        self.peer = peer
        labTime = listener.lab.flatMap { $0.journal.isOn ? $0.clock.now : nil }
    }

    /// The loop, as the compiler wants it.
    ///
    /// Not left to ``LoopActor``: through a protocol, a generic actor's metadata would be looked up at every
    /// resumption.
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    /// Where it waits.
    var channel: Channel { transport.channel }

    /// Whether the rest of the answer at hand is made while it is sent.
    private var isStreaming: Bool { exchange?.stream != nil }

    /// Whether the answer at hand leaves the connection open for another request.
    private var keepsAlive: Bool { exchange?.conversation.keepsAlive == true }

    /// What the connections of this loop share.
    var context: LoopContext { held ?? hold() }

    @inline(never)
    private func hold() -> LoopContext {
        let context = shared.value
        held = context
        return context
    }

    /// Bounds and deadlines.
    var limits: ServerLimits { listener.limits }

    /// Its story: from the accept, or from where it rested until `wake`; whether it rests again.
    ///
    /// Then `resume` is called on the loop when it is to go on. A task costs 1.3 KiB, which nobody need hold for a
    /// connection of which nothing is under way.
    func serve(after wake: Channel.Wake? = nil, resume: @escaping @Sendable (Channel.Wake) -> Void) async -> Bool {
        do throws(ConnectionEnd) {
            if let wake { try goOn(after: wake) } else { try await begin() }
            if try await converse() {
                channel.whenReadable(until: transport.deadline, isInterruptible: true, resume)
                return true
            }
            if reach(.close) { try await act() }
        } catch {
            await end(error)
        }
        await close()
        return false
    }

    private func begin() async throws(ConnectionEnd) {
        context.metrics.accepted()
        if listener.proxies.cover(peer.host) { try await readProxyHeader() }
        if reach(.accept) { try await act() }
        if listener.speaksTLS { try await shakeHands() }
        beginWait()
    }

    /// Requests and answers, to the last, or until it rests; whether it does.
    ///
    /// Nothing is apart here that every request passes, since each return from an asynchronous function is a switch of
    /// the task with two locks; and what comes before is apart, so that what waits here bears no frame of it.
    @inline(never)
    private func converse() async throws(ConnectionEnd) -> Bool {
        while true {
            switch try await nextRequest() {
            case .request: break
            case .rest: return true
            case .end: return false
            }
            if takesTurns { try await takeTurnForRequest() }
            if reach(.request) { try await act() }
            if !answerAtOnce() { await carryOut() }
            if isLeftToRules { try await sendAsOrdered() } else if try !send() { try await sendRest() }
            if isStreaming { try await sendStream() }
            guard keepsAlive else { return false }
            beginWait()
        }
    }

    /// Ends the story before its last answer.
    private func end(_ end: ConnectionEnd) async {
        let end = lastWord(behind: end) ?? end
        recordAbandoned(because: end.reason)
        recordBrokenOff(by: end)
        lingers = await explain(end)
        if case .ordered(.silence) = end { hearLastWord() }
        outcome = end.outcome
        reason = end.reason
    }

    /// Tells the peer why its connection ends, where there is a way to say it; whether it was told is returned.
    private func explain(_ end: ConnectionEnd) async -> Bool {
        switch end {
        case .notTLS(.plainHTTP): refusePlainHTTP()
        case .notTLS: say(.unexpectedMessage)
        case .malformedHello(let defect): say(defect.alert)
        case .refused(let refusal):
            await refuse(because: Objection(refusal.status, refusal.reason, named: refusal.name))
        case .objected(let objection): await refuse(because: objection)
        case .timedOut where exchange?.conversation.hasBegun == true: await refuse(because: .late)
        case .ordered(let ending): return await self.end(as: ending)
        case .tls(let error): return error.operation == .handshake || error.alert?.direction == .sent
        default: return false
        }
        return true
    }

    private func close() async {
        // What is said last is kept back until the journal knows, so that whoever saw the end finds its record.
        transport.hold()
        transport.sayGoodbye()
        noteUnmetRecords("the handshake did not get there")
        let last = takeLast()
        tellEnd()
        if !last.isEmpty { await transport.sendLast(last, isPatient: lingers) }
        transport.endTLS()
        leaveProxied()
        if lingers { await linger() }
        if let lent = exchange.take() { context.giveBack(lent) }
        channel.close()
    }
}
