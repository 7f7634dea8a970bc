import COpenSSL

/// The handshake of a connection with a record plan.
extension Engine {
    /// The handshake, of which nothing counts as done that has not left.
    mutating func shakeHands(through filter: RecordFilter) throws(TLSError) -> HandshakeProgress {
        guard try sendsRest() else { return .wantsWrite }
        try refuseAfterEnd()
        let progress: HandshakeProgress
        do throws(TLSError) {
            progress = try shakeHands()
        } catch {
            // Whatever the peer did was its answer to that end.
            try refuseAfterEnd()
            throw error
        }
        if progress == .done { filter.isHandshakeOver = true }
        try refuseAfterEnd()
        guard filter.outgoing.isEmpty else { return .wantsWrite }
        return progress == .done && wire.held != nil ? .wantsWrite : progress
    }

    /// Whether nothing is left of what was let through.
    private mutating func sendsRest() throws(TLSError) -> Bool {
        switch wire.pump() {
        case .moved: return true
        case .wouldBlock: return false
        case .end, .failed:
            ErrorQueue.clear()
            throw failure(.handshake)
        }
    }

    private mutating func refuseAfterEnd() throws(TLSError) {
        guard case .ended = wire.held else { return }
        hasFailed = true
        throw TLSError(.handshake, .outputEnded, alert: wire.alert)
    }
}
