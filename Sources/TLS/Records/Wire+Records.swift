import COpenSSL
package import TLSNames

/// What a connection with a record plan keeps back.
extension Wire {
    /// Why something that OpenSSL has written is not on its way.
    package enum Held: Sendable, Equatable {
        /// So many records of the handshake wait to be released, one after each gap.
        case next(Int)
        /// Nothing more will leave; what the peer sends can still be read.
        case stalled
        /// Nothing more will leave, and everything that should has: the connection can be closed.
        case ended(End)
    }

    /// What a connection's output ended with.
    package enum End: Sendable, Equatable {
        /// A part of a record.
        case truncated
        /// An alert in place of a record.
        case alerted
    }

    /// What is kept back; nil for nothing, and while something that was let through waits for room in the socket.
    ///
    /// To be asked after each ``Engine/handshake()``, before waiting as its result says; see there.
    package var held: Held? {
        guard let filter, filter.outgoing.isEmpty else { return nil }
        return filter.waiting.isEmpty ? filter.ending : .next(filter.waiting.count)
    }

    /// Sends the record that has waited longest, as far as the socket takes it; the engine sends the rest.
    package func release() {
        guard let filter, filter.outgoing.isEmpty else { return }
        filter.release()
        _ = pump()
    }

    /// The labels of the plan that no record has met yet, in their own order.
    package var unmetInterventions: [RecordLabel] {
        guard let filter else { return [] }
        return RecordLabel.allCases.filter { filter.unmet[$0] != nil }
    }

    // MARK: For the BIO and the engine

    /// Reads as a wire without a filter does, but for alerts to a ServerHello that the client could not read.
    ///
    /// OpenSSL's client sends such an alert under TLS 1.0's number, which its server doesn't take for an alert.
    func receiveFiltered(into target: UnsafeMutableRawBufferPointer) -> Transfer {
        let outcome = unsafe receive(into: target)
        if let filter, case .moved(7) = outcome, filter.met.contains(.serverHello),
            unsafe target[..<5].elementsEqual([ContentType.alert, 3, 1, 0, 2])
        {
            unsafe target[2] = filter.recordVersion
        }
        return outcome
    }

    /// Takes what OpenSSL writes to where it may go.
    func sendFiltered(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        guard let filter else { return unsafe send(bytes) }
        let before = pump()
        guard case .moved = before else { return before }
        if filter.owed > 0 {
            defer { filter.owed = 0 }
            return .moved(filter.owed)
        }
        if filter.isTransparent { return unsafe send(bytes) }
        unsafe filter.take(Span(_unsafeBytes: bytes))
        let after = noteAndPump(filter)
        switch after {
        case .moved: return .moved(bytes.count)
        case .wouldBlock: filter.owed = bytes.count
        case .end, .failed: break
        }
        return after
    }

    /// Decides about the rest of a flight.
    func flush() -> Transfer {
        guard let filter else { return .moved(0) }
        filter.settle()
        return noteAndPump(filter)
    }

    /// Sends what was let through; only `.moved` says that nothing of it is left.
    func pump() -> Transfer {
        guard let filter else { return .moved(0) }
        while !filter.outgoing.isEmpty {
            let outcome = unsafe filter.outgoing.withUnread { unsafe send($0) }
            guard case .moved(let count) = outcome else { return outcome }
            filter.outgoing.drop(count)
        }
        return .moved(0)
    }

    /// Sends everything that waits, before an alert of the engine's own.
    func releaseAll() {
        filter?.releaseAll()
        _ = pump()
    }

    private func noteAndPump(_ filter: RecordFilter) -> Transfer {
        if let sent = filter.alert { note(alertLevel: Alert.fatalLevel, code: sent.rawValue, direction: .sent) }
        return pump()
    }

    /// Tells the filter of a record or message that this end writes, and the wire of alerts.
    func observe(isWrite: Bool, type: CInt, bytes: UnsafeRawBufferPointer, on ssl: OpaquePointer?) {
        guard let filter, let first = unsafe bytes.first else { return }
        switch type {
        case SSL3_RT_ALERT where bytes.count == 2:
            // One that OpenSSL writes after the end is sent to nobody.
            guard !isWrite || filter.ending == nil else { return }
            unsafe note(alertLevel: bytes[0], code: bytes[1], direction: isWrite ? .sent : .received)
        case SSL3_RT_HEADER where isWrite: filter.announce(type: first)
        case SSL3_RT_INNER_CONTENT_TYPE where isWrite: filter.announce(innerType: first)
        case SSL3_RT_HANDSHAKE where isWrite:
            let version = unsafe ProtocolVersion(rawValue: UInt16(truncatingIfNeeded: SSL_version(ssl)))
            filter.name(messageType: first, version: version ?? .tls12)
        default: return
        }
    }
}

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
