import TLS
import TLSNames
import Testing

@Suite struct EngineFailureTests {
    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `a client that does not trust us is reported by its alert`(version: ProtocolVersion) throws {
        let context = try ServerContext(identity: EngineIdentities.localhost(), ticketKeys: ticketKeys())
        let distrust = try ClientContext(
            trustAnchors: EngineIdentities.stranger().chain,
            versions: version...version
        )
        var pair = try EnginePair(client: distrust, server: context)
        let ending = pair.tryHandshake()
        let server = try #require(ending.server)
        #expect(server.operation == .handshake)
        #expect(server.cause == .alertReceived)
        #expect(server.alert == Alert(code: AlertCode(rawValue: 48), isFatal: true, direction: .received))
        #expect(server.alert?.code.name == "unknown_ca")
        let client = try #require(ending.client)
        #expect(client.cause == .peerRefused)
        #expect(client.alert?.direction == .sent)
        #expect(client.reasons.contains("certificate verify failed"), "\(client)")
        #expect(client.reasons.contains { $0.contains("verify error") }, "\(client)")
    }

    @Test func `a client that asked for another name says bad_certificate`() throws {
        let identity = try EngineIdentities.localhost()
        let context = try ServerContext(identity: identity, ticketKeys: ticketKeys())
        var pair = try EnginePair(
            client: ClientContext(trustAnchors: identity.chain),
            server: context,
            serverName: "elsewhere.test"
        )
        #expect(pair.tryHandshake().server?.alert?.description == "fatal bad_certificate received")
    }

    @Test(arguments: [ProtocolVersion.tls10, .tls11])
    func `a client that is too old is told protocol_version`(version: ProtocolVersion) throws {
        var pair = try EnginePair(version: version)
        let ending = pair.tryHandshake()
        #expect(ending.server?.cause == .peerRefused)
        #expect(ending.server?.alert?.description == "fatal protocol_version sent")
        #expect(ending.server?.reasons == ["unsupported protocol"])
        #expect(ending.client?.alert?.description == "fatal protocol_version received")
    }

    @Test(arguments: [0, 1, 100])
    func `a peer that leaves during the handshake is no alert`(delivered: Int) throws {
        let identity = try EngineIdentities.localhost()
        var client = try Engine(
            client: ClientContext(trustAnchors: identity.chain),
            serverName: "localhost",
            wire: Wire(memoryWith: [])
        )
        _ = try client.handshake()
        let hello = client.wire.takeOutput()
        var server = try Engine(
            server: ServerContext(identity: identity, ticketKeys: ticketKeys()),
            wire: Wire(memoryWith: Array(hello.prefix(delivered)))
        )
        server.wire.deliverEnd()
        let error = try #require(throws: TLSError.self) { _ = try server.handshake() }
        #expect(error.cause == .closedByPeer)
        #expect(error.alert == nil)
        #expect(server.wire.takeOutput().isEmpty, "nothing is sent to a peer that left")
        #expect(error.description.hasPrefix("handshake: closed by the peer"), "\(error)")
    }

    @Test func `a peer that leaves after the server's flight is no alert either`() throws {
        let identity = try EngineIdentities.localhost()
        var client = try Engine(
            client: ClientContext(trustAnchors: identity.chain),
            serverName: "localhost",
            wire: Wire(memoryWith: [])
        )
        _ = try client.handshake()
        let context = try ServerContext(identity: identity, ticketKeys: ticketKeys())
        var server = try Engine(server: context, wire: Wire(memoryWith: client.wire.takeOutput()))
        #expect(try server.handshake() == .wantsRead)
        server.wire.deliverEnd()
        let error = try #require(throws: TLSError.self) { _ = try server.handshake() }
        #expect(error.cause == .closedByPeer)
        #expect(error.alert == nil)
    }

    @Test func `errors of one engine do not show in another on the same thread`() throws {
        var failing = try EnginePair(version: .tls10)
        _ = failing.tryHandshake()
        var pair = try EnginePair(version: .tls13)
        try pair.handshake()
        pair.server.wire.deliverEnd()
        #expect(try readAll(&pair.server).end == .truncated)
    }

    @Test func `shutting down during or after a failed handshake sends nothing`() throws {
        var pair = try EnginePair(version: .tls13)
        pair.server.shutdown()
        #expect(pair.server.wire.bytesOut == 0)
        var failing = try EnginePair(version: .tls11)
        _ = failing.tryHandshake()
        let before = failing.server.wire.bytesOut
        failing.server.shutdown()
        #expect(failing.server.wire.bytesOut == before)
    }
}
