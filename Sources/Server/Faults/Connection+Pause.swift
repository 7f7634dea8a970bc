import Faults
import HTTP
import IO

/// Waits that rules order, and what ends them early: their rule's end, their peer's, and the server's.
extension Connection {
    /// How long a peer that has ended its side, and can't be asked whether it is there, is made to wait at a time.
    private static var patience: Duration { .seconds(2) }
    /// How often the clock of a rule is looked at whose time is bounded.
    private static var look: Duration { .milliseconds(500) }

    /// Waits as a rule wants it; where the rule is over or the server drains first, the story goes on at once.
    ///
    /// Throws where the peer is gone.
    @inline(never)
    func pause(_ hold: Hold) async throws(ConnectionEnd) {
        guard hold.duration > .zero, hold.term?.isOver != true else { return }
        let begun = Instant.now
        var end = begun + hold.duration
        while true {
            if deviation?.peerEnd == .noted { end = min(end, begun + Self.patience) }
            let until = hold.term?.isTimed == true ? min(end, .now + Self.look) : end
            let wake = await channel.pause(
                until: until,
                endCounts: deviation?.peerEnd == nil,
                under: hold.term?.recall
            )
            switch wake {
            case .deadline where until < end && hold.term?.isOver != true: continue
            case .deadline, .recalled, .draining: break
            case .ready:
                try notePeerEnd()
                continue
            case .aborted: throw .aborted
            case .displaced: throw .displaced
            }
            break
        }
        // What the server itself waited is none of the peer's time.
        if deadline != .never { deadline = deadline + Instant.now.since(begun) }
    }

    /// Says nothing until the time is over, the peer has gone or ended its side, or the rule that wants it is over.
    func keepSilent(for duration: Duration?, under term: RuleTerm?) async {
        let end = duration.map { .now + $0 } ?? Instant.never
        while term?.isOver != true {
            let until = term?.isTimed == true ? min(end, .now + Self.look) : end
            guard case .deadline = await channel.pause(until: until, endCounts: true, under: term?.recall), until < end
            else {
                return
            }
        }
    }

    /// Decides what it means that the peer has ended its side, or throws where it is gone.
    private func notePeerEnd() throws(ConnectionEnd) {
        guard !channel.isBroken, let deviation else { throw .truncated("a wait of a rule") }
        deviation.peerEnd = .noted
        // Where bytes travel as a rule wants it, or an answer is on its way, nothing can be put between.
        guard stage == .request, !isShaped, let exchange, exchange.request.version == .http11 else { return }
        guard askPeer() else { throw .truncated("a wait of a rule") }
        deviation.peerEnd = .asked
    }

    /// Sends an interim answer, which a client passes over (RFC 9110 section 15.2), for one that is gone to reset; false
    /// where it can't be sent, so that the peer is gone already.
    func askPeer() -> Bool {
        context.output.removeAll(keepingCapacity: true)
        context.output += ResponseWriter.continueInterim
        return (try? send()) == true
    }
}

/// What a connection made of it that its peer has ended its side while a rule made it wait.
///
/// A client may end its side as soon as its request is sent and wait for the answer all the same, and one that is gone
/// looks no different until something is sent to it.
enum PeerEnd {
    /// It was sent an interim answer, to which a client that is gone replies with a reset: it is there while none comes.
    case asked
    /// It could not be asked: waits are cut short, and what is sent next tells.
    case noted
}
