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
        guard let stream = workspace?.stream.take() else { return }
        while true {
            let step = try sendPiece(of: stream)
            if context.sent < context.output.count { try await sendRest() }
            switch step {
            // Others on the loop have their turn between two pieces.
            case .piece: await Task.yield()
            case .pause(let duration): try await rest(duration)
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
        let isLast = step == .end
        let isChunked = workspace?.request.version == .http11
        if isChunked {
            context.responses.appendChunk(context.body, isLast: isLast, to: &context.output)
        } else {
            context.output += context.body
        }
        if !context.output.isEmpty { _ = try send() }
        return step
    }

    private func rest(_ duration: Duration) async throws(ConnectionEnd) {
        switch await channel.sleep(until: loop.now + duration) {
        case .aborted: throw .aborted
        case .ready, .deadline, .draining: return
        }
    }
}
