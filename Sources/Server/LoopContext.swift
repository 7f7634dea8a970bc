import FoundationEssentials
package import HTTP
package import IO
package import Lab
import Registry
import TLS

/// What the connections of one loop share: buffers, the TLS context, sessions with the labs' registries.
///
/// It never leaves its loop (``LoopLocal``), so none of it needs a lock.
package final class LoopContext {
    /// The loop.
    package let loop: EventLoop
    /// Its number among the loops, which is that of the journals' shard that it writes into.
    let index: Int
    /// How an answer's bytes are put together.
    package let responses: ResponseWriter
    /// What handshakes under a rule present.
    let profiles: ProfileShelf
    /// When connections of the operator's planes go on.
    let turns: LoopTurns
    /// What the loop counts.
    package let metrics: LoopMetrics

    /// The body being written; valid until the next wait.
    var body: [UInt8] {
        _read { yield unsafe buffers.body }
        _modify { yield unsafe &buffers.body }
    }
    /// The answer being written; valid until the next wait.
    var output: [UInt8] {
        _read { yield unsafe buffers.output }
        _modify { yield unsafe &buffers.output }
    }
    /// What connections that have nothing to read gave back.
    private var spare: [Exchange] {
        _read { yield unsafe buffers.spare }
        _modify { yield unsafe &buffers.spare }
    }
    /// Those with the labs' registries that were used here.
    private var sessions: [ObjectIdentifier: LabSession] {
        _read { yield unsafe buffers.sessions }
        _modify { yield unsafe &buffers.sessions }
    }
    /// What is lent to whoever reads a request and writes its answer.
    ///
    /// Accesses are not checked while the program runs: one loop's connections use
    /// it in turn, and whoever writes into one of them asks for neither.
    private struct Buffers {
        var body: [UInt8] = []
        var output: [UInt8] = []
        var spare: [Exchange] = []
        var sessions: [ObjectIdentifier: LabSession] = [:]
    }
    @exclusivity(unchecked) private var buffers = Buffers()
    /// How much of it was sent; valid as long.
    var sent = 0

    /// What new TLS connections present; replaced when a certificate is renewed.
    private var tls: CallingContexts?
    /// What those of labs present whose certificates follow their own clock.
    private var tlsOfLabs: [ObjectIdentifier: CallingContexts] = [:]

    private var names: Set<String> = []
    /// The name that the last client asked for, and how that is to call the server: most are of the same kind.
    private var lastCalled: (name: String?, calling: CertificateTemplate.Calling) = (nil, .byAddress)
    /// The last ClientHello whose fingerprint was made here, and that.
    private var lastHello: (hello: ClientHello, fingerprint: String)?
    private var preface: ResponseWriter.Preface
    private var dateHolds: Range<UInt64> = 0..<0
    /// Milliseconds since 1970 at the start of the monotonic clock; as old as the date.
    private var clockOffset: Int64 = 0

    /// How many exchanges a loop keeps for connections that are about to read; the rest is given back to the system, so
    /// that a burst does not stay in memory.
    private static let spareCount = 64

    /// How much room a buffer keeps from one answer to the next; that of a larger one is given back.
    private static let keptBytes = 1 << 20

    /// How many names are kept once for all connections.
    private static let nameCount = 256

    /// A context for `loop`, the one of this number; all loops of a server have `responses` and `profiles` alike.
    package init(
        on loop: EventLoop,
        index: Int = 0,
        responses: ResponseWriter,
        profiles: ProfileShelf = ProfileShelf(),
        metrics: LoopMetrics = LoopMetrics()
    ) {
        self.loop = loop
        self.index = index
        self.responses = responses
        preface = responses.preface(at: HTTPDate(unixSeconds: 0))
        self.profiles = profiles
        self.metrics = metrics
        turns = LoopTurns(of: loop)
    }

    /// The loop's session with a lab's registry, made at first use.
    package func session(with lab: Lab) throws -> LabSession {
        if let session = sessions[ObjectIdentifier(lab)] { return session }
        let loop = self.loop
        let session = try LabSession(of: lab) { work in loop.atEndOfTurn(work) }
        sessions[ObjectIdentifier(lab)] = session
        return session
    }

    /// What a new TLS connection of a lab's listener, or of a plane of the operator's, presents to a client that asked
    /// for this name, or for none.
    func tls(for lab: Lab?, asked serverName: String?) -> ServerContext? {
        if lastCalled.name != serverName { lastCalled = (serverName, CertificateTemplate.Calling(asking: serverName)) }
        guard let lab, !tlsOfLabs.isEmpty else { return tls?[lastCalled.calling] }
        return (tlsOfLabs[ObjectIdentifier(lab)] ?? tls)?[lastCalled.calling]
    }

    /// Lets new connections present `contexts`, or those of one lab; nil ends what the lab had of its own.
    func present(_ contexts: CallingContexts?, to lab: Lab?) {
        if let lab {
            tlsOfLabs[ObjectIdentifier(lab)] = contexts
        } else {
            tls = contexts
        }
    }

    /// Lets go of a lab that is about to be closed; nobody can reach it any more.
    func forget(_ lab: Lab) {
        sessions[ObjectIdentifier(lab)] = nil
    }

    /// Makes the body's buffer empty for the next answer.
    func emptyBody() { body.removeAll(keepingCapacity: body.capacity <= Self.keptBytes) }

    /// Makes the answer's buffer empty for the next one.
    func emptyOutput() { output.removeAll(keepingCapacity: output.capacity <= Self.keptBytes) }

    /// An exchange for a connection that has something to read.
    func takeExchange(limits: RequestLimits) -> Exchange {
        guard let exchange = spare.popLast() else { return Exchange(limits: limits) }
        // Planes with other bounds share a loop.
        if exchange.conversation.limits != limits { exchange.conversation = Conversation(limits: limits) }
        return exchange
    }

    /// Takes an exchange back.
    func giveBack(_ exchange: Exchange) {
        guard spare.count < Self.spareCount else { return }
        exchange.reset()
        spare.append(exchange)
    }

    /// What answers of the present second begin with; the host's clock is read once a second.
    func currentPreface() -> ResponseWriter.Preface {
        keepTime()
        return preface
    }

    private func keepTime() {
        let now = loop.now.nanoseconds
        if !dateHolds.contains(now) {
            let time = Date.now.timeIntervalSince1970
            let second = time.rounded(.down)
            preface = responses.preface(at: HTTPDate(unixSeconds: Int64(second)))
            clockOffset = Int64(time * 1_000) - Int64(now / 1_000_000)
            dateHolds = now..<(now + UInt64((1 - (time - second)) * 1e9) + 1)
        }
    }

    /// A moment by the host's clock, in milliseconds since 1970.
    func hostTime(at instant: Instant) -> Int64 {
        keepTime()
        return clockOffset + Int64(instant.nanoseconds / 1_000_000)
    }

    /// The fingerprint of a client's first message.
    func fingerprint(of hello: ClientHello) -> String {
        if let lastHello, hello.looksLike(lastHello.hello) { return lastHello.fingerprint }
        let fingerprint = shared(hello.ja4)
        lastHello = (hello, fingerprint)
        return fingerprint
    }

    /// The text, from the memory of an equal one where there is one: of suites and fingerprints a loop sees few, and
    /// each of thousands of connections remembers its own.
    func shared(_ text: String) -> String {
        if names.count >= Self.nameCount { names.removeAll() }
        return names.insert(text).memberAfterInsert
    }
}
