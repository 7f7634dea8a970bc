package import Faults
import IO
package import TLS

/// Bytes that travel as an order wants it, and waits that are ordered.
extension Transport {
    /// Lets what has come to the socket travel to TLS, which reads it from memory.
    @inline(never)
    package func bring() async throws(TransportError) {
        guard let courier else { return }
        guard let wire else { return try await pause(courier.latency()) }
        var buffer = [UInt8](repeating: 0, count: min(Self.pieceBytes, courier.pieceSize))
        var count = 0
        var space = buffer.mutableSpan
        switch receive(into: &space) {
        case .done(0): return wire.deliverEnd()
        case .done(let received): count = received
        case .wouldBlock: return
        case .failed(let code): throw .failed(.system(code, operation: "recv"))
        }
        try await pause(courier.latency())
        try await pause(courier.wait(for: count, .inbound))
        wire.deliver(buffer.span.extracting(first: count))
    }

    /// How much is read at once, at most: one record's text.
    private static var pieceBytes: Int { 16 * 1024 }

    /// Lets what TLS has written travel to the peer.
    @inline(never)
    package func carry() async throws(TransportError) {
        guard let wire, let courier else { return }
        let bytes = wire.takeOutput()
        guard !bytes.isEmpty else { return }
        courier.waiting = bytes.count
        try await carry(bytes, by: courier)
    }

    func carry(_ bytes: [UInt8], by courier: Courier) async throws(TransportError) {
        try await pause(courier.latency())
        var offset = 0
        while offset < bytes.count {
            if let left = courier.left, left == 0 { throw .limitReached }
            if offset > 0 { try await pause(courier.gap) }
            let end = offset + min(bytes.count - offset, courier.pieceSize, courier.left ?? .max)
            try await pause(courier.wait(for: end - offset, .outbound))
            try await sendRaw(bytes, offset..<end, counting: courier)
            offset = end
        }
        if let left = courier.left, left == 0 { throw .limitReached }
    }

    /// Sends a part of `bytes` as it is; who is not patient stops where there is no room.
    func sendRaw(
        _ bytes: [UInt8],
        _ range: Range<Int>,
        counting courier: Courier? = nil,
        isPatient: Bool = true
    ) async throws(TransportError) {
        let deadline = Instant.now + writeTimeout
        var offset = range.lowerBound
        while offset < range.upperBound {
            switch SystemCall.send(channel.number, bytes.span.extracting(offset..<range.upperBound)) {
            case .done(let count):
                offset += count
                courier?.count(count)
            case .wouldBlock where isPatient: try await channel.writable(until: deadline).require("room to write")
            case .wouldBlock: return
            case .failed(let code): throw .failed(.system(code, operation: "send"))
            }
        }
    }

    // MARK: Waits

    /// How long a peer that has ended its side, and can't be asked whether it is there, is made to wait at a time.
    private static var patience: Duration { .seconds(2) }
    /// How often the clock of a rule is looked at whose time is bounded.
    private static var look: Duration { .milliseconds(500) }

    /// Waits as ordered; where the order is over or the server drains first, it goes on at once.
    ///
    /// `ask` is called where the peer has ended its side, which it may have done to wait for the answer: it asks the
    /// peer whether it is there, and returns whether the question could be sent, or nil where the peer can't be asked.
    /// Throws where the peer is gone. The deadline moves by what was waited, which is none of the peer's time.
    @inline(never)
    package func pause(_ hold: Hold, asking ask: () -> Bool? = { nil }) async throws(TransportError) {
        guard hold.duration > .zero, hold.term?.isOver != true else { return }
        let begun = Instant.now
        var end = begun + hold.duration
        while true {
            if peerEnd == .noted { end = min(end, begun + Self.patience) }
            let until = hold.term?.isTimed == true ? min(end, .now + Self.look) : end
            let wake = await channel.pause(until: until, endCounts: peerEnd == nil, under: hold.term?.recall)
            switch wake {
            case .deadline where until < end && hold.term?.isOver != true: continue
            case .deadline, .recalled, .draining: break
            case .ready:
                try notePeerEnd(asking: ask)
                continue
            case .aborted, .displaced: throw .ended(wake, waitingFor: "the end of a wait")
            }
            break
        }
        if deadline != .never { deadline = deadline + Instant.now.since(begun) }
    }

    /// Says nothing until the time is over, the peer has gone or ended its side, or the order is over.
    package func keepSilent(for duration: Duration?, under term: RuleTerm?) async {
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
    private func notePeerEnd(asking ask: () -> Bool?) throws(TransportError) {
        guard !channel.isBroken else { throw .peerGone }
        peerEnd = .noted
        // Where bytes travel as ordered nothing can be put between.
        guard isDirect, let couldAsk = ask() else { return }
        guard couldAsk else { throw .peerGone }
        peerEnd = .asked
    }

    // MARK: What a peer said last

    /// Why the peer left where sending failed with this `errno`, or where nobody read what it sent: the fatal alert
    /// that it had sent before; nil where it said nothing.
    package func lastWord(behind number: CInt) -> TLSError? {
        guard let wire else { return nil }
        if !isDirect { listen(into: wire) }
        return stream.engine?.lastWord(behind: number)
    }

    /// Hands TLS what has come, where it does not read from the socket.
    private func listen(into wire: Wire) {
        var buffer = [UInt8](repeating: 0, count: Self.pieceBytes)
        for _ in 0..<Self.longestListening {
            var space = buffer.mutableSpan
            guard case .done(let count) = receive(into: &space), count > 0 else { return }
            wire.deliver(buffer.span.extracting(first: count))
        }
    }

    /// How many pieces of what a peer sent are read at its end.
    private static var longestListening: Int { 16 }
}

/// What a connection made of it that its peer has ended its side while it was made to wait.
///
/// A client may end its side as soon as its request is sent and wait for the answer all the same, and one that is gone
/// looks no different until something is sent to it.
enum PeerEnd {
    /// It was sent an interim answer, to which a client that is gone replies with a reset: it is there while none
    /// comes.
    case asked
    /// It could not be asked: waits are cut short, and what is sent next tells.
    case noted
}
