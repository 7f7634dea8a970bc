import HTTP
import IO

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
        if deadline != .never { deadline = deadline + Instant.now.since(begun) }
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
