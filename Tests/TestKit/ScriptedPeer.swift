import Glibc
import IO
import TLS

/// The server's end of one connection, in clear or over TLS, on a thread that waits ten seconds at most.
struct ScriptedPeer: ~Copyable {
    private let number: CInt
    private var engine: Engine?

    init(_ number: CInt, _ context: ServerContext?) {
        self.number = number
        if let context { engine = try? Engine(server: context, wire: Wire(socket: number)) }
    }

    mutating func shakeHands() -> Bool {
        while engine != nil {
            switch try? engine?.handshake() {
            case .done: return true
            case .wantsRead: if !wait(POLLIN) { return false }
            case .wantsWrite: if !wait(POLLOUT) { return false }
            case nil: return false
            }
        }
        return true
    }

    /// What comes next; none at the end, nil where it broke.
    mutating func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            if engine != nil {
                var span = buffer.mutableSpan
                switch try? engine?.read(into: &span) {
                case .bytes(let count): return Array(buffer[..<count])
                case .closed, .truncated: return []
                case .wantsRead, .wantsWrite: break
                case nil: return nil
                }
            } else {
                switch unsafe buffer.withUnsafeMutableBytes({ unsafe SystemCall.receive(number, into: $0) }) {
                case .done(let count): return Array(buffer[..<count])
                case .wouldBlock: break
                case .failed: return nil
                }
            }
            guard wait(POLLIN) else { return nil }
        }
    }

    mutating func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let rest = bytes.span.extracting(sent...)
            if engine != nil {
                switch try? engine?.write(rest) {
                case .bytes(let count):
                    sent += count
                    continue
                case .wantsRead, .wantsWrite: break
                case nil: return false
                }
            } else {
                switch unsafe rest.withUnsafeBytes({ unsafe SystemCall.send(number, from: $0) }) {
                case .done(let count):
                    sent += count
                    continue
                case .wouldBlock: break
                case .failed: return false
                }
            }
            guard wait(POLLOUT) else { return false }
        }
        return true
    }

    /// Whether the client has ended its side.
    mutating func isGone() -> Bool {
        var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&entry, 1, 20) > 0 else { return false }
        return receive().map(\.isEmpty) ?? true
    }

    /// Ends TLS and the sending side; what the client still sends is read, so that nothing resets what it was sent.
    mutating func close() {
        engine?.shutdown()
        _ = shutdown(number, CInt(SHUT_WR))
        engine = nil
        while let more = receive(), !more.isEmpty {}
    }

    private func wait(_ events: Int32) -> Bool {
        var entry = pollfd(fd: number, events: Int16(events), revents: 0)
        return unsafe poll(&entry, 1, 10_000) > 0
    }
}
