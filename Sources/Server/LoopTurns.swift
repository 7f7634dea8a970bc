import HTTP
package import IO
import Transport

/// When the connections of the operator's planes go on: so many of them in one turn of their loop, the addresses one
/// after another.
///
/// The planes share a loop, and a client may ask as much as it likes over as many connections as it has. Carried out as
/// it comes, all of that would be done within one turn of the loop, and whoever asks whether the server is well would
/// wait for its end. So each stretch of work takes a turn here first: of those that take long one goes on, then
/// descriptors are looked at again. Whoever is alone goes on at once. On its loop only.
package final class LoopTurns {
    /// How long the loop is held.
    package enum Weight: Int, Sendable {
        /// Some bytes are read, or a few words are said.
        case brief
        /// Something is carried out, and takes as long as it takes.
        case long
    }

    private struct Waiter: Sendable {
        let id: UInt64
        let continuation: CheckedContinuation<Bool, Never>
    }

    /// Those that wait, and how many more may go on in this turn.
    private struct Line {
        let most: Int
        var left: Int
        var waiting = FairLine<SocketAddress.Host, Waiter>()

        init(most: Int) {
            self.most = most
            left = most
        }
    }

    private let loop: EventLoop
    /// By their weight.
    private var lines = [Line(most: 4), Line(most: 1)]
    private var isArmed = false

    /// Nobody waits.
    package init(of loop: EventLoop) { self.loop = loop }

    /// Whether a connection may go on without waiting, which then counts.
    func begin(_ weight: Weight) -> Bool {
        let line = weight.rawValue
        guard lines[line].left > 0, lines[line].waiting.count == 0 else { return false }
        lines[line].left -= 1
        arm()
        return true
    }

    /// Waits until it is the connection's turn; false where it was given up.
    func wait(_ weight: Weight, for host: SocketAddress.Host, id: UInt64) async -> Bool {
        let isTurn = await withCheckedContinuation { continuation in
            lines[weight.rawValue].waiting.append(Waiter(id: id, continuation: continuation), of: host)
            arm()
        }
        // The turn in which it goes on has an end, too, at which the next are let go on.
        arm()
        return isTurn
    }

    /// Ends the wait of a connection that has to go.
    func giveUp(id: UInt64, of host: SocketAddress.Host) {
        for line in lines.indices {
            lines[line].waiting.remove(of: host) { $0.id == id }?.continuation.resume(returning: false)
        }
    }

    private func arm() {
        guard !isArmed else { return }
        isArmed = true
        loop.atEndOfTurn { [self] in endTurn() }
    }

    /// Lets the next go on, in the turn that comes.
    private func endTurn() {
        isArmed = false
        for line in lines.indices {
            lines[line].left = lines[line].most
            while lines[line].left > 0, let waiter = lines[line].waiting.popFirst() {
                lines[line].left -= 1
                waiter.continuation.resume(returning: true)
            }
        }
    }
}

/// Taking turns with the other connections of the operator's planes.
extension Connection {
    /// Whether it is of a plane of the operator's, whose connections take turns; those of a lab go on as they can.
    var takesTurns: Bool { listener.lab == nil }

    /// Waits until it may go on; throws where it has to go, or its peer has gone meanwhile.
    @inline(never)
    func takeTurn(_ weight: LoopTurns.Weight) async throws(ConnectionEnd) {
        let turns = context.turns
        guard !turns.begin(weight) else { return }
        let begun = Instant.now
        awaitsTurn = true
        defer { awaitsTurn = false }
        guard await turns.wait(weight, for: peer.host, id: id) else { throw .displaced }
        guard !loop.isAborting else { throw .aborted }
        // The time is this server's, and not the peer's.
        if transport.deadline != .never { transport.deadline = transport.deadline + Instant.now.since(begun) }
        guard !channel.isBroken else { throw .truncated("its request") }
    }

    /// Waits until the request at hand may be read and carried out.
    ///
    /// What takes no time goes on at once where its bytes have just been read, which took a turn.
    @inline(never)
    func takeTurnForRequest() async throws(ConnectionEnd) {
        let isLong = asksForWork
        defer { hasTurn = false }
        if !isLong, hasTurn { return }
        try await takeTurn(isLong ? .long : .brief)
    }

    /// Whether more is asked than a few words.
    private var asksForWork: Bool {
        guard let exchange else { return false }
        let (request, service) = (exchange.request, listener.service)
        return exchange.input.withUnread { bytes in
            if isAtDoor, service.refusalAtDoor(of: request, in: bytes.span) != nil { return false }
            return service.takesLong(request, in: bytes.span)
        }
    }
}
