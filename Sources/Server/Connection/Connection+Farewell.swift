import Faults
import Glibc
import HTTP
import IO
import Journal
import TLS

/// What is said last, behind the record of the end.
extension Connection {
    /// Takes out what is still to be said to the peer, and counts it as sent.
    func takeLast() -> [UInt8] {
        var last = exchange?.farewell ?? []
        exchange?.farewell = []
        let isClear = !last.isEmpty
        let courier = deviation?.courier
        let rest = engine?.wire.takeOutput() ?? []
        if let courier, courier.waiting > 0 || endsAbruptly {
            // Behind bytes that never left nothing more can go.
            courier.waiting += rest.count
        } else {
            last += rest
        }
        if let courier, let left = courier.left, last.count > left {
            courier.waiting += isClear ? 0 : last.count - left
            last.removeLast(last.count - left)
        }
        if isClear { bytesOut += UInt64(last.count) }
        return last
    }

    /// Sends what ``takeLast()`` gave, as rules want it to travel where it is in clear; a patient one waits for room.
    func sendLast(_ bytes: [UInt8], isPatient: Bool) async {
        if isShaped, engine == nil { return await deliverInClear(bytes) }
        let deadline = Instant.now + limits.writeTimeout
        var offset = 0
        while offset < bytes.count {
            switch channel.send(bytes.span.extracting(offset..<bytes.count)) {
            case .done(let count): offset += count
            case .wouldBlock:
                guard isPatient, case .ready = await channel.writable(until: deadline) else { return }
            case .failed: return
            }
        }
    }

    /// What the peer had said before a send failed, or before it left in the middle of the handshake, where that tells more than
    /// that it did.
    func lastWord(behind end: ConnectionEnd) -> ConnectionEnd? {
        let number: CInt
        switch end {
        case .system(let code, _): number = code
        case .peerClosed, .truncated, .timedOut, .aborted: number = EPIPE
        default: return nil
        }
        guard let wire = engine?.wire else { return nil }
        // Behind a handshake whoever reads requests has read what there was.
        if case .system = end {} else if handshakeMicroseconds > 0 { return nil }
        if isShaped { listen(into: wire) }
        return (engine?.lastWord(behind: number)).map { .tls($0) }
    }

    /// Reads what the peer said while a rule kept silent and nobody read: its alert is the end's.
    func hearLastWord() {
        guard let wire = engine?.wire else { return }
        if isShaped { listen(into: wire) }
        _ = engine?.lastWord(behind: EPIPE)
    }

    /// Hands the engine what has come, where rules shape how it travels.
    private func listen(into wire: Wire) {
        var buffer = [UInt8](repeating: 0, count: InputBuffer.initialCapacity)
        for _ in 0..<Self.longestListening {
            var space = buffer.mutableSpan
            guard case .done(let count) = channel.receive(into: &space), count > 0 else { return }
            wire.deliver(buffer.span.extracting(first: count))
        }
    }

    /// How many pieces of what a peer sent are read at its end.
    private static var longestListening: Int { 16 }
}
