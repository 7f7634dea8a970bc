import COpenSSL

/// Operations of a connection with a record plan.
extension Engine {
    /// The handshake, of which nothing counts as done that has not left.
    mutating func shakeHands(through filter: RecordFilter) throws(TLSError) -> HandshakeProgress {
        guard try sendsRest(.handshake) else { return .wantsWrite }
        try refuseAfterEnd(.handshake)
        let progress: HandshakeProgress
        do throws(TLSError) {
            progress = try shakeHands()
        } catch {
            // Whatever the peer did was its answer to that end.
            try refuseAfterEnd(.handshake)
            throw error
        }
        if progress == .done { filter.isHandshakeOver = true }
        try refuseAfterEnd(.handshake)
        guard filter.outgoing.isEmpty else { return .wantsWrite }
        return progress == .done && wire.held != nil ? .wantsWrite : progress
    }

    /// A write, of which nothing counts as taken that has not left.
    mutating func write(_ bytes: Span<UInt8>, through filter: RecordFilter) throws(TLSError) -> WriteResult {
        guard try sendsRest(.write) else { return .wantsWrite }
        try refuseAfterEnd(.write)
        guard wire.held == nil else { return .wantsWrite }
        let result = try encrypt(bytes)
        try refuseAfterEnd(.write)
        return filter.ending == nil ? result : .wantsWrite
    }

    /// Whether nothing is left of what was let through.
    private mutating func sendsRest(_ operation: TLSError.Operation) throws(TLSError) -> Bool {
        switch wire.pump() {
        case .moved: return true
        case .wouldBlock: return false
        case .end, .failed:
            ErrorQueue.clear()
            throw failure(operation)
        }
    }

    private mutating func refuseAfterEnd(_ operation: TLSError.Operation) throws(TLSError) {
        guard case .ended = wire.held else { return }
        hasFailed = true
        throw TLSError(operation, .outputEnded, alert: wire.alert)
    }
}
