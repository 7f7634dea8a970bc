package import HTTP
package import IO
package import TLS
import Transport

/// One connection to a server, verified before it can be written to.
struct ClientConnection: ~Copyable {
    private let socket: StreamSocket
    private var stream: ByteStream
    /// How long nothing may move; nil for as long as it takes.
    private let patience: Duration?

    /// Connects to the first address that takes a connection, and where there is a context, shakes hands and verifies.
    static func open(
        to endpoint: ServerURL,
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
        stream = ByteStream(over: socket.descriptor.number)
        self.socket = socket
        self.patience = patience
    }

    private static func connect(to endpoint: ServerURL, within time: Duration) throws(ClientError) -> StreamSocket {
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
            stream.engine = try Engine(client: context, serverName: name, wire: Wire(socket: stream.descriptor))
            while true {
                let readiness: StreamSocket.Readiness
                switch try stream.engine?.handshake() {
                case .done, nil: return
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
            let departure: ByteStream.Departure
            do throws(StreamFailure) {
                departure = try stream.write(bytes.span.extracting(sent...))
            } catch {
                throw ClientError(error, while: .sending)
            }
            switch departure {
            case .bytes(let count):
                sent += count
                progress(sent)
            case .wantsRead: try wait(for: .toRead, .sending)
            case .wantsWrite: try wait(for: .toWrite, .sending)
            }
        }
    }

    /// Waits for bytes and puts them at the beginning of `target`; returns how many, none at the end.
    mutating func receive(into target: inout [UInt8]) throws(ClientError) -> Int {
        while true {
            var space = target.mutableSpan
            let arrival: ByteStream.Arrival
            do throws(StreamFailure) {
                arrival = try stream.read(into: &space)
            } catch {
                throw ClientError(error, while: .receiving)
            }
            switch arrival {
            case .bytes(let count): return count
            case .closed: return 0
            // TLS ended without a word, so that something may be missing.
            case .truncated: throw .broken(.truncated)
            case .wantsRead: try wait(for: .toRead, .receiving)
            case .wantsWrite: try wait(for: .toWrite, .receiving)
            }
        }
    }

    private func wait(for readiness: StreamSocket.Readiness, _ step: ClientError.Step) throws(ClientError) {
        guard socket.wait(for: readiness, until: patience.map { .now + $0 } ?? .never) else { throw .timedOut(step) }
    }

    /// Ends TLS in good order; the socket closes with the value.
    mutating func close() {
        stream.engine?.shutdown()
    }
}

/// Why no answer came; what a server answers is none of these, whatever its status.
package enum ClientError: Error, Equatable, Sendable {
    /// A text that is no URL of a server.
    case badURL(String, reason: String)
    /// A host's name that no address is known for.
    case unresolved(AddressError)
    /// No address took a connection: the last one's address and the kernel's reason.
    case unreachable(SystemError)
    /// TLS failed: which step and whose doing. Nothing of the request had been sent.
    case tls(TLSError)
    /// Nothing came, or nothing was taken, for as long as the caller allows; what was being done.
    case timedOut(Step)
    /// The connection broke: what was being done, and the kernel's reason.
    case lost(Step, SystemError)
    /// TLS broke after the handshake.
    case lostTLS(Step, TLSError)
    /// What came is no answer.
    case broken(ResponseDefect)

    /// What the client was at.
    package enum Step: String, Sendable {
        /// Agreeing on keys and verifying the server.
        case handshake = "shaking hands"
        /// Sending the request.
        case sending = "sending the request"
        /// Waiting for the answer, or for more of it.
        case receiving = "waiting for the answer"
    }

    /// What broke the connection at this step.
    init(_ failure: StreamFailure, while step: Step) {
        self =
            switch failure {
            case .tls(let error): .lostTLS(step, error)
            case .system(let code, let operation): .lost(step, SystemError(code, in: operation))
            }
    }
}

extension ClientError: CustomStringConvertible {
    /// One clause for a person, without a period.
    package var description: String {
        switch self {
        case .badURL(let url, let reason): "the URL \"\(url)\" \(reason)"
        case .unresolved(let error): "\(error)"
        case .unreachable(let error): "\(error)"
        case .tls(let error): "TLS: \(error)"
        case .timedOut(let step): "timed out: \(step.rawValue)"
        case .lost(let step, let error): "the connection broke while \(step.rawValue): \(error.reason)"
        case .lostTLS(let step, let error): "TLS broke while \(step.rawValue): \(error)"
        case .broken(let defect): "\(defect)"
        }
    }
}
