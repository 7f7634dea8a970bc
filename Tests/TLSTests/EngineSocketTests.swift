import Glibc
import TLS
import TLSNames
import Testing

@Suite struct EngineSocketTests {
    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `engines talk straight over sockets`(version: ProtocolVersion) throws {
        let sockets = try SocketPair()
        var pair = try Self.engines(over: sockets, version)
        try pair.handshake()
        #expect(pair.server.negotiation?.version == pair.client.negotiation?.version)
        try writeAll(Array("over a socket".utf8), to: &pair.client)
        #expect(try readAll(&pair.server) == (Array("over a socket".utf8), .wantsRead))
        #expect(pair.server.wire.bytesIn == pair.client.wire.bytesOut)
        pair.client.shutdown()
        #expect(try readAll(&pair.server).end == .closed)
    }

    @Test func `a full socket and an empty one are waited for, and nothing is lost`() throws {
        let sockets = try SocketPair()
        var pair = try Self.engines(over: sockets, .tls13)
        try pair.handshake()
        let sent = (0..<(4 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 12) }
        var done = 0
        var received: [UInt8] = []
        var timesFull = 0
        while received.count < sent.count {
            while done < sent.count {
                let result = try pair.server.write(sent.span.extracting(done...))
                guard case .bytes(let count) = result else {
                    #expect(result == .wantsWrite)
                    timesFull += 1
                    break
                }
                done += count
            }
            let (bytes, end) = try readAll(&pair.client)
            #expect(end == .wantsRead)
            received += bytes
        }
        #expect(received == sent)
        #expect(timesFull > 0, "the socket never filled up, so that this test shows nothing")
    }

    @Test func `a peer that closes its socket during the handshake is told from one that resets it`() throws {
        let context = try ServerContext(identity: EngineIdentities.localhost(), ticketKeys: ticketKeys())
        var closing = try SocketPair()
        var first = try Engine(server: context, wire: Wire(socket: closing.server))
        #expect(try first.handshake() == .wantsRead)
        closing.closeClient()
        let closed = try #require(throws: TLSError.self) { _ = try first.handshake() }
        #expect(closed.cause == .closedByPeer)

        // Closing a local socket with unread bytes in it is what resets the other end.
        var resetting = try SocketPair()
        var second = try Engine(server: context, wire: Wire(socket: resetting.server))
        #expect(try second.handshake() == .wantsRead)
        resetting.sendToClient([1])
        resetting.closeClient()
        let reset = try #require(throws: TLSError.self) { _ = try second.handshake() }
        #expect(reset.cause == .resetByPeer)
        #expect(second.wire.lastError == ECONNRESET)
        #expect(reset.alert == nil)
    }

    @Test func `a write to a peer that is gone is an error and no signal`() throws {
        var sockets = try SocketPair()
        var pair = try Self.engines(over: sockets, .tls13)
        try pair.handshake()
        sockets.closeClient()
        let error = try #require(throws: TLSError.self) { try writeAll([1, 2, 3], to: &pair.server) }
        #expect(error.operation == .write)
        #expect(error.cause == .resetByPeer)
        #expect(pair.server.wire.lastError == EPIPE)
    }

    /// A write that failed had hidden the alert that lay in the socket still.
    @Test func `what a peer said before it went away is read where a write fails`() throws {
        var sockets = try SocketPair()
        var pair = try Self.engines(over: sockets, .tls13)
        try pair.handshake()
        // The client can't open this record, says so, and leaves with a byte unread, which resets the server's end.
        sockets.sendToClient([23, 3, 3, 0, 32] + [UInt8](repeating: 0, count: 32))
        #expect(throws: TLSError.self) { _ = try readAll(&pair.client) }
        sockets.sendToClient([1])
        sockets.closeClient()
        let error = try #require(throws: TLSError.self) { try writeAll([1, 2, 3], to: &pair.server) }
        #expect(error.cause == .alertReceived && error.alert?.code.name == "bad_record_mac", "\(error)")
    }

    /// A client had seen the alert before anybody could be told of it.
    @Test func `the alert of a handshake that fails is kept back where that is wanted`() throws {
        let sockets = try SocketPair()
        let context = try ServerContext(identity: EngineIdentities.localhost(), ticketKeys: ticketKeys())
        let wire = Wire(socket: sockets.server)
        wire.holdsAnswers = true
        var server = try Engine(server: context, wire: wire)
        sockets.sendToServer([22, 3, 1, 0, 4, 1, 0, 0, 0])
        let error = try #require(throws: TLSError.self) { _ = try server.handshake() }
        #expect(error.alert?.direction == .sent)
        #expect(sockets.receivedByClient().isEmpty, "nothing has left")
        let alert = wire.takeOutput()
        #expect(alert.first == 21 && alert.last == error.alert?.code.rawValue, "\(alert)")
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `a handshake whose output is kept back goes on as any other`(version: ProtocolVersion) throws {
        let sockets = try SocketPair()
        var pair = try Self.engines(over: sockets, version)
        pair.server.wire.holdsAnswers = true
        try pair.handshake()
        try writeAll(Array("over a socket".utf8), to: &pair.server)
        #expect(try readAll(&pair.client).bytes == Array("over a socket".utf8))
        #expect(pair.server.wire.unsent == 0)
    }

    /// A peer that asks for answers and reads none could make the server keep them without end.
    @Test func `what is kept back has a bound, behind which the wire takes nothing more`() throws {
        let sockets = try SocketPair()
        var pair = try Self.engines(over: sockets, .tls13)
        try pair.handshake()
        pair.server.wire.hold(upTo: 100)
        let text = [UInt8](repeating: 1, count: 200)
        #expect(try pair.server.write(text.span) == .bytes(200))
        #expect(try pair.server.write(text.span) == .wantsWrite)
        #expect((200..<300).contains(pair.server.wire.unsent))
        #expect(try readAll(&pair.client).bytes.isEmpty, "it left")
    }

    @Test func `a descriptor that is not a socket stops the process`() async {
        await #expect(processExitsWith: .failure) {
            let context = try ServerContext(identity: EngineIdentities.localhost(), ticketKeys: ticketKeys())
            var engine = try Engine(server: context, wire: Wire(socket: -1))
            _ = try engine.handshake()
        }
    }

    private static func engines(over sockets: borrowing SocketPair, _ version: ProtocolVersion) throws -> SocketEngines
    {
        let identity = try EngineIdentities.localhost()
        let client = try Engine(
            client: ClientContext(trustAnchors: identity.chain, versions: version...version),
            serverName: "localhost",
            wire: Wire(socket: sockets.client)
        )
        let server = try Engine(
            server: ServerContext(identity: identity, ticketKeys: ticketKeys()),
            wire: Wire(socket: sockets.server)
        )
        return SocketEngines(client: client, server: server)
    }
}

/// Two engines whose wires are the ends of one socket pair.
private struct SocketEngines: ~Copyable {
    var client: Engine
    var server: Engine

    /// Both on one thread: each step of one is followed by a step of the other.
    mutating func handshake() throws {
        var isDone = false
        for _ in 0..<10 where !isDone {
            let clientIsDone = try client.handshake() == .done
            let serverIsDone = try server.handshake() == .done
            isDone = clientIsDone && serverIsDone
        }
        try #require(isDone, "the handshake stopped half way")
    }
}

/// Two connected local sockets, closed at the end of their life.
private struct SocketPair: ~Copyable {
    private(set) var client: CInt
    let server: CInt

    init() throws {
        var ends: [CInt] = [-1, -1]
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let answer = unsafe socketpair(AF_UNIX, type, 0, &ends)
        try #require(answer == 0, "socketpair: errno \(errno)")
        client = ends[0]
        server = ends[1]
    }

    deinit {
        if client >= 0 { close(client) }
        close(server)
    }

    /// Ends the client's side once, now.
    mutating func closeClient() {
        close(client)
        client = -1
    }

    func sendToServer(_ bytes: [UInt8]) {
        _ = unsafe send(client, bytes, bytes.count, CInt(MSG_NOSIGNAL))
    }

    /// What has come to the client.
    func receivedByClient() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe recv(client, &bytes, bytes.count, CInt(MSG_DONTWAIT))
        return Array(bytes.prefix(max(0, count)))
    }

    func sendToClient(_ bytes: [UInt8]) {
        _ = unsafe send(server, bytes, bytes.count, CInt(MSG_NOSIGNAL))
    }
}
