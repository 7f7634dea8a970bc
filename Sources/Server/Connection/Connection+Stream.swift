import Faults
import HTTP
import IO
import Journal
import TLS

/// Answers whose body is made while it is sent.
extension Connection {
    /// Sends the answer's body piece by piece; its head has been sent.
    @inline(never)
    func sendStream() async throws(ConnectionEnd) {
        guard let stream = exchange?.stream.take() else { return }
        var hasPeerEnded = false
        while true {
            if takesTurns { try await takeTurn(.long) }
            let step = try sendPiece(of: stream)
            if context.sent < context.output.count { try await sendRest() }
            switch step {
            // Others on the loop have their turn between two pieces.
            case .piece: await Task.yield()
            case .pause(let duration):
                guard try await rest(duration, endCounts: !hasPeerEnded) else { continue }
                // It may have ended its side to listen, and is gone where it resets what is sent now.
                hasPeerEnded = true
                try sendHeartbeat(of: stream)
            case .end: return
            case .failed(let reason): throw .streamFailed(reason)
            }
        }
    }

    /// Makes the next piece and sends what the socket takes of it at once.
    @inline(never)
    private func sendPiece(of stream: any BodyStream) throws(ConnectionEnd) -> BodyStep {
        let context = self.context
        context.body.removeAll(keepingCapacity: true)
        context.output.removeAll(keepingCapacity: true)
        context.sent = 0
        let isOver = stream.isEndless && (loop.isDraining || listener.channels.isDraining)
        let step = isOver ? .end : stream.next(into: &context.body)
        if case .failed = step { return step }
        try frameAndSend(isLast: step == .end)
        return step
    }

    /// Sends what means nothing; where the socket does not take it at once the peer reads nothing.
    @inline(never)
    private func sendHeartbeat(of stream: any BodyStream) throws(ConnectionEnd) {
        context.output.removeAll(keepingCapacity: true)
        context.sent = 0
        context.body = stream.heartbeat
        guard !context.body.isEmpty else { return }
        try frameAndSend(isLast: false)
        guard context.sent == context.output.count else { throw .truncated("an answer") }
    }

    private func frameAndSend(isLast: Bool) throws(ConnectionEnd) {
        let context = self.context
        if exchange?.conversation.sendsChunks == true {
            context.responses.appendChunk(context.body, isLast: isLast, to: &context.output)
        } else {
            context.output += context.body
        }
        if !context.output.isEmpty { _ = try send() }
    }

    /// Waits before the next piece; whether the peer has ended its side meanwhile.
    private func rest(_ duration: Duration, endCounts: Bool) async throws(ConnectionEnd) -> Bool {
        switch await channel.pause(until: loop.now + duration, endCounts: endCounts) {
        case .aborted: throw .aborted
        case .displaced: throw .displaced
        case .ready where channel.isBroken: throw .truncated("an answer")
        case .ready: return true
        case .deadline, .draining, .recalled: return false
        }
    }
}

/// A body that is made while it is sent, for answers that are too long to hold or that have no end.
///
/// It belongs to one answer and lives on the connection's loop. It never waits itself: what it has to wait for it asks
/// for again after a pause, so that whoever makes the news need not know who listens.
package protocol BodyStream: AnyObject {
    /// Whether it goes on until somebody ends it; a server that stops ends it in good order, and finishes any other.
    var isEndless: Bool { get }
    /// What can be sent between two pieces and means nothing, for a peer that may have gone; empty where there is no
    /// such thing.
    var heartbeat: [UInt8] { get }
    /// Appends the next piece to `body`, which is empty.
    func next(into body: inout [UInt8]) -> BodyStep
}

/// What a stream has to say when it is asked for its next piece.
package enum BodyStep: Sendable, Equatable {
    /// A piece; there may be more.
    case piece
    /// Nothing for now: ask again after this long.
    case pause(Duration)
    /// It is over; what was appended is its last piece.
    case end
    /// It can't be completed: the client must not take what it got for the whole.
    case failed(String)
}

extension BodyStream {
    /// Nothing: a body that is no text of lines has no room for it.
    package var heartbeat: [UInt8] { [] }
}
