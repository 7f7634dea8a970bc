import TLS
import TLSNames
import Testing

/// A client and a server engine over wires in memory, and the hands that carry bytes between them.
struct EnginePair: ~Copyable {
    /// How the handshake ended for each.
    struct Ending {
        var client: TLSError?
        var server: TLSError?
        var isComplete = false
    }

    var client: Engine
    var server: Engine

    init(
        client: ClientContext,
        server: ServerContext,
        options: HandshakeOptions? = nil,
        serverName: String = "localhost",
        resuming session: ClientSession? = nil
    ) throws {
        let clientWire = Wire(memoryWith: [])
        let clientEnd = try Engine(client: client, serverName: serverName, wire: clientWire)
        session?.resume(on: clientEnd)
        let serverEnd = try Engine(server: server, options: options, wire: Wire(memoryWith: []))
        self.client = clientEnd
        self.server = serverEnd
    }

    /// A pair under one version, with the client trusting the server.
    init(version: ProtocolVersion) throws {
        let identity = try EngineIdentities.localhost()
        try self.init(
            client: ClientContext(trustAnchors: identity.chain, versions: version...version),
            server: ServerContext(identity: identity, ticketKeys: ticketKeys())
        )
    }

    /// Runs the handshake with at most `step` bytes delivered at a time, until both are done or nothing moves.
    mutating func tryHandshake(step: Int = .max) -> Ending {
        var ending = Ending()
        var clientIsDone = false
        var serverIsDone = false
        var isMoving = true
        while isMoving {
            isMoving = false
            Self.advance(&client, &clientIsDone, &ending.client)
            for chunk in Self.chunks(client.wire.takeOutput(), step) {
                server.wire.deliver(chunk.span)
                Self.advance(&server, &serverIsDone, &ending.server)
                isMoving = true
            }
            for chunk in Self.chunks(server.wire.takeOutput(), step) {
                client.wire.deliver(chunk.span)
                Self.advance(&client, &clientIsDone, &ending.client)
                isMoving = true
            }
        }
        ending.isComplete = clientIsDone && serverIsDone
        return ending
    }

    /// Runs the handshake and expects it to succeed.
    mutating func handshake(step: Int = .max) throws {
        let ending = tryHandshake(step: step)
        if let error = ending.client ?? ending.server { throw error }
        try #require(ending.isComplete, "the handshake stopped half way")
    }

    /// Carries what both have written to the other.
    func carry() {
        server.wire.deliver(client.wire.takeOutput().span)
        client.wire.deliver(server.wire.takeOutput().span)
    }

    private static func advance(_ engine: inout Engine, _ isDone: inout Bool, _ error: inout TLSError?) {
        guard !isDone, error == nil else { return }
        do throws(TLSError) {
            isDone = try engine.handshake() == .done
        } catch let failure {
            error = failure
        }
    }

    private static func chunks(_ bytes: [UInt8], _ step: Int) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: min(step, max(bytes.count, 1)))
            .map { start in
                Array(bytes[start..<min(start + min(step, bytes.count), bytes.count)])
            }
    }
}

/// Ticket keys that differ by their fill.
func ticketKeys(_ fill: UInt8 = 7) throws -> TicketKeys {
    try #require(TicketKeys([UInt8](repeating: fill, count: TicketKeys.size)))
}

/// Reads until nothing more is there.
func readAll(_ engine: inout Engine) throws -> (bytes: [UInt8], end: Engine.ReadResult) {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
        var target = buffer.mutableSpan
        let result = try engine.read(into: &target)
        guard case .bytes(let count) = result else { return (bytes, result) }
        bytes += buffer[..<count]
    }
}

/// Writes everything; the wire has to have room.
func writeAll(_ bytes: [UInt8], to engine: inout Engine) throws {
    var sent = 0
    while sent < bytes.count {
        guard case .bytes(let count) = try engine.write(bytes.span.extracting(sent...)) else {
            throw WriteStopped(after: sent)
        }
        sent += count
    }
}

struct WriteStopped: Error {
    let after: Int
}
