import Glibc
import IO
import TLS

extension TestClient {
    /// Whether bytes of the peer, or its end, are there to be read.
    package var hasInput: Bool { isReady(for: Int32(POLLIN), until: .now) }

    /// Sends all of `bytes`; throws where the peer takes too long over it or is gone.
    package func send(_ bytes: [UInt8]) throws(TestClientError) {
        guard try send(bytes, within: timeout) == bytes.count else { throw .timedOut("room to send") }
    }

    /// Sends text.
    package func send(_ text: String) throws(TestClientError) {
        try send(Array(text.utf8))
    }

    /// Sends as much of `bytes` as the peer takes in the time given, and says how much that was.
    package func send(_ bytes: [UInt8], within time: Duration) throws(TestClientError) -> Int {
        let deadline = Instant.now + time
        var sent = 0
        while sent < bytes.count {
            let rest = bytes.span.extracting(sent...)
            if let count = try sendOnce(rest) {
                sent += count
            } else if !isReady(for: POLLOUT, until: deadline) {
                return sent
            }
        }
        return sent
    }

    /// Puts bytes on the socket past TLS, as they are.
    package func sendRaw(_ bytes: [UInt8]) throws(TestClientError) {
        switch unsafe bytes.withUnsafeBytes({ unsafe SystemCall.send(number, from: $0) }) {
        case .done: return
        case .wouldBlock: throw .timedOut("room to send")
        case .failed(let code): throw .system(code, operation: "send")
        }
    }

    private func sendOnce(_ bytes: Span<UInt8>) throws(TestClientError) -> Int? {
        guard engine != nil else {
            switch unsafe bytes.withUnsafeBytes({ unsafe SystemCall.send(number, from: $0) }) {
            case .done(let count): return count
            case .wouldBlock: return nil
            case .failed(ECONNRESET), .failed(EPIPE): throw .reset("sending")
            case .failed(let code): throw .system(code, operation: "send")
            }
        }
        do throws(TLSError) {
            guard case .bytes(let count) = try engine?.write(bytes) else { return nil }
            return count
        } catch {
            throw error.cause == .resetByPeer ? .reset("sending") : .tls(error)
        }
    }

    /// What comes next, in at most the time given (``timeout`` without one); what is left of earlier reads first.
    package func receive(within time: Duration? = nil) throws(TestClientError) -> Arrival {
        guard received.isEmpty else {
            defer { received = [] }
            return .bytes(received)
        }
        let deadline = Instant.now + (time ?? timeout)
        while true {
            if let arrival = try receiveOnce() { return arrival }
            guard isReady(for: POLLIN, until: deadline) else { return .nothing }
        }
    }

    /// Everything until the peer ends or resets the connection, and which of the two it was.
    package func receiveToEnd(within time: Duration? = nil) throws(TestClientError) -> (bytes: [UInt8], end: Arrival) {
        let deadline = Instant.now + (time ?? timeout)
        var all: [UInt8] = []
        while true {
            let now = Instant.now
            let left = deadline > now ? Duration.nanoseconds(Int64(deadline.nanoseconds - now.nanoseconds)) : .zero
            switch try receive(within: left) {
            case .bytes(let more): all += more
            case let end: return (all, end)
            }
        }
    }

    private func receiveOnce() throws(TestClientError) -> Arrival? {
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        guard engine != nil else {
            switch unsafe buffer.withUnsafeMutableBytes({ unsafe SystemCall.receive(number, into: $0) }) {
            case .done(0): return .end
            case .done(let count): return .bytes(Array(buffer.prefix(count)))
            case .wouldBlock: return nil
            case .failed(ECONNRESET): return .reset
            case .failed(let code): throw .system(code, operation: "recv")
            }
        }
        var space = buffer.mutableSpan
        do throws(TLSError) {
            switch try engine?.read(into: &space) {
            case .bytes(let count): return .bytes(Array(buffer.prefix(count)))
            case .wantsRead, .wantsWrite, nil: return nil
            case .closed, .truncated: return .end
            }
        } catch {
            if error.cause == .resetByPeer { return .reset }
            throw .tls(error)
        }
    }
}
