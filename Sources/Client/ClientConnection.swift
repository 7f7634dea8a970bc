import HTTP
import IO
import TLS

/// One connection to a server, verified before it can be written to.
struct ClientConnection: ~Copyable {
    /// What a read gave.
    enum Arrival {
        case bytes(Int)
        case end
        /// TLS ended without a word, so that something may be missing.
        case truncated
    }

    private let socket: StreamSocket
    private var engine: Engine?
    /// How long nothing may move; nil for as long as it takes.
    private let patience: Duration?

    /// Connects to the first address that takes a connection, and where there is a context, shakes hands and verifies.
    static func open(
        to endpoint: Endpoint,
        trusting context: ClientContext?,
        connectingWithin connectTime: Duration,
        patience: Duration?
    ) throws(ClientError) -> ClientConnection {
        var connection = ClientConnection(over: try connect(to: endpoint, within: connectTime), patience: patience)
        if let context {
            try connection.shakeHands(trusting: context, name: endpoint.host, until: .now + connectTime)
        }
        return connection
    }

    private init(over socket: consuming StreamSocket, patience: Duration?) {
        self.socket = socket
        self.patience = patience
        engine = nil
    }

    private static func connect(to endpoint: Endpoint, within time: Duration) throws(ClientError) -> StreamSocket {
        let addresses: [SocketAddress]
        do throws(AddressError) {
            addresses = try endpoint.resolve()
        } catch {
            throw .unresolved(error)
        }
        var failure = SystemError(0, in: "connect", on: endpoint.description)
        for address in addresses {
            do throws(SystemError) {
                return try StreamSocket.connect(to: address, until: .now + time)
            } catch {
                failure = error
            }
        }
        throw .unreachable(failure)
    }

    private mutating func shakeHands(
        trusting context: ClientContext,
        name: String,
        until deadline: Instant
    ) throws(ClientError) {
        do throws(TLSError) {
            var engine = try Engine(client: context, serverName: name, wire: Wire(socket: socket.descriptor.number))
            while true {
                let readiness: StreamSocket.Readiness
                switch try engine.handshake() {
                case .done:
                    self.engine = consume engine
                    return
                case .wantsRead: readiness = .toRead
                case .wantsWrite: readiness = .toWrite
                }
                guard socket.wait(for: readiness, until: deadline) else { break }
            }
        } catch {
            throw .tls(error)
        }
        throw .timedOut(.handshake)
    }

    /// Sends all of `bytes`, and tells how many of them have left after each piece.
    mutating func send(_ bytes: [UInt8], progress: (Int) -> Void) throws(ClientError) {
        var sent = 0
        while sent < bytes.count {
            let (count, readiness) = try sendOnce(bytes.span.extracting(sent...))
            sent += count
            if count > 0 { progress(sent) } else { try wait(for: readiness, .sending) }
        }
    }

    private mutating func sendOnce(_ bytes: Span<UInt8>) throws(ClientError) -> (Int, StreamSocket.Readiness) {
        guard engine != nil else {
            switch socket.send(bytes) {
            case .done(let count): return (count, .toWrite)
            case .wouldBlock: return (0, .toWrite)
            case .failed(let code): throw .lost(.sending, SystemError(code, in: "send"))
            }
        }
        do throws(TLSError) {
            switch try engine?.write(bytes) {
            case .bytes(let count): return (count, .toWrite)
            case .wantsRead: return (0, .toRead)
            case .wantsWrite, nil: return (0, .toWrite)
            }
        } catch {
            throw .lostTLS(.sending, error)
        }
    }

    /// Waits for bytes and puts them at the beginning of `target`.
    mutating func receive(into target: inout [UInt8]) throws(ClientError) -> Arrival {
        while true {
            let (arrival, readiness) = try receiveOnce(into: &target)
            if let arrival { return arrival }
            try wait(for: readiness, .receiving)
        }
    }

    private mutating func receiveOnce(
        into target: inout [UInt8]
    ) throws(ClientError) -> (Arrival?, StreamSocket.Readiness) {
        guard engine != nil else {
            switch socket.receive(into: &target) {
            case .done(0): return (.end, .toRead)
            case .done(let count): return (.bytes(count), .toRead)
            case .wouldBlock: return (nil, .toRead)
            case .failed(let code): throw .lost(.receiving, SystemError(code, in: "receive"))
            }
        }
        do throws(TLSError) {
            var span = target.mutableSpan
            switch try engine?.read(into: &span) {
            case .bytes(let count): return (.bytes(count), .toRead)
            case .wantsRead, nil: return (nil, .toRead)
            case .wantsWrite: return (nil, .toWrite)
            case .closed: return (.end, .toRead)
            case .truncated: return (.truncated, .toRead)
            }
        } catch {
            throw .lostTLS(.receiving, error)
        }
    }

    private func wait(for readiness: StreamSocket.Readiness, _ step: ClientError.Step) throws(ClientError) {
        guard socket.wait(for: readiness, until: patience.map { .now + $0 } ?? .never) else { throw .timedOut(step) }
    }

    /// Ends TLS in good order; the socket closes with the value.
    mutating func close() {
        engine?.shutdown()
    }
}
