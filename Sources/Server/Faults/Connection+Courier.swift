import Faults
import IO
import TLS

/// Bytes that travel as a rule wants: the engine reads from and writes to memory, and what moves them is here.
extension Connection {
    /// Waits for bytes from the peer, lets them travel, and hands them to the engine.
    @inline(never)
    func fetch(isInterruptible: Bool, what: StaticString) async throws(ConnectionEnd) {
        try await deliver()
        try allow(await channel.readable(until: deadline, isInterruptible: isInterruptible), what: what)
        guard let wire = engine?.wire, let courier = deviation?.courier else { return }
        var buffer = [UInt8](repeating: 0, count: min(16 * 1024, courier.pieceSize))
        var count = 0
        var space = buffer.mutableSpan
        switch channel.receive(into: &space) {
        case .done(0): return wire.deliverEnd()
        case .done(let received): count = received
        case .wouldBlock: return
        case .failed(let code): throw .system(code, operation: "recv")
        }
        try await pause(courier.latency())
        try await pause(courier.wait(for: count, .inbound))
        wire.deliver(buffer.span.extracting(first: count))
    }

    /// Lets what the engine has written travel to the peer.
    @inline(never)
    func deliver() async throws(ConnectionEnd) {
        guard let wire = engine?.wire, let courier = deviation?.courier else { return }
        let bytes = wire.takeOutput()
        guard !bytes.isEmpty else { return }
        courier.waiting = bytes.count
        try await carry(bytes, courier)
    }

    /// Lets a few bytes travel as they are, as far as a limit allows; the connection ends behind them.
    @inline(never)
    func deliverInClear(_ bytes: [UInt8]) async {
        guard let courier = deviation?.courier else { return }
        courier.waiting = bytes.count
        try? await carry(bytes, courier)
        courier.waiting = 0
    }

    private func carry(_ bytes: [UInt8], _ courier: Courier) async throws(ConnectionEnd) {
        try await pause(courier.latency())
        var offset = 0
        while offset < bytes.count {
            if let left = courier.left, left == 0 { throw .ordered(.close) }
            if offset > 0 { try await pause(courier.gap) }
            let end = offset + min(bytes.count - offset, courier.pieceSize, courier.left ?? .max)
            try await pause(courier.wait(for: end - offset, .outbound))
            try await sendRaw(bytes, offset..<end, courier)
            offset = end
        }
        if let left = courier.left, left == 0 { throw .ordered(.close) }
    }

    private func sendRaw(_ bytes: [UInt8], _ range: Range<Int>, _ courier: Courier) async throws(ConnectionEnd) {
        let deadline = Instant.now + limits.writeTimeout
        var offset = range.lowerBound
        while offset < range.upperBound {
            switch channel.send(bytes.span.extracting(offset..<range.upperBound)) {
            case .done(let count):
                offset += count
                courier.count(count)
            case .wouldBlock: try allow(await channel.writable(until: deadline), what: "room to write")
            case .failed(let code): throw .system(code, operation: "send")
            }
        }
    }

    /// Ends the connection as a rule wants it; whether the peer is to be waited for, so that what was said last arrives.
    func end(as ending: Ending) async -> Bool {
        switch ending {
        case .reset:
            endsAbruptly = true
            channel.resetWhenClosed()
            return false
        case .close:
            endsAbruptly = true
            return true
        case .silence(let hold, let term):
            await keepSilent(for: hold, under: term)
            return true
        case .say(let bytes):
            say(bytes)
            return true
        }
    }
}
