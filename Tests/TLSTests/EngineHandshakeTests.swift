import TLS
import TLSNames
import Testing

@Suite struct EngineHandshakeTests {
    @Test(arguments: [ProtocolVersion.tls12, .tls13], [1, 7, Int.max])
    func `two engines agree, however their bytes are cut`(version: ProtocolVersion, step: Int) throws {
        var pair = try EnginePair(version: version)
        #expect(pair.server.negotiation == nil)
        try pair.handshake(step: step)
        let agreed = pair.server.negotiation
        let server = try #require(agreed)
        #expect(server == pair.client.negotiation)
        #expect(server.version == (version == .tls12 ? "TLSv1.2" : "TLSv1.3"))
        #expect(server.cipherSuite.hasPrefix("TLS_"))
        #expect(server.applicationProtocol == "http/1.1")
        #expect(!server.isResumed)
        #expect(pair.server.wire.alert == nil)
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `a hello read beforehand is handed on as the prefix`(version: ProtocolVersion) throws {
        let identity = try EngineIdentities.localhost()
        let clientContext = try ClientContext(trustAnchors: identity.chain, versions: version...version)
        let context = try ServerContext(identity: identity, ticketKeys: ticketKeys())
        var client = try Engine(client: clientContext, serverName: "localhost", wire: Wire(memoryWith: []))
        #expect(try client.handshake() == .wantsRead)
        let hello = client.wire.takeOutput()
        var server = try Engine(server: context, wire: Wire(memoryWith: hello))
        #expect(server.hasPending == true)
        #expect(try server.handshake() == .wantsRead)
        #expect(server.hasPending == false)
        #expect(server.wire.bytesIn == hello.count)
        client.wire.deliver(server.wire.takeOutput().span)
        let progress = try client.handshake()
        #expect(progress == (version == .tls12 ? .wantsRead : .done))
        server.wire.deliver(client.wire.takeOutput().span)
        #expect(try server.handshake() == .done)
    }

    @Test func `a client that offers no protocol by ALPN is served without`() throws {
        var pair = try Self.pair(protocols: [])
        try pair.handshake()
        #expect(pair.server.negotiation?.applicationProtocol == nil)
    }

    @Test func `http/1.1 is chosen wherever it stands in the list`() throws {
        var pair = try Self.pair(protocols: ["h2", "http/1.1"])
        try pair.handshake()
        #expect(pair.client.negotiation?.applicationProtocol == "http/1.1")
    }

    // Old clients offer it alone, as `curl --http1.0` does, and were refused with no_application_protocol.
    @Test(arguments: [["http/1.0"], ["h2", "http/1.0"], ["http/1.1x", "http/1.0"]])
    func `http/1.0 is chosen where http/1.1 is not offered`(protocols: [String]) throws {
        var pair = try Self.pair(protocols: protocols)
        try pair.handshake()
        #expect(pair.client.negotiation?.applicationProtocol == "http/1.0")
    }

    @Test func `http/1.1 is preferred to http/1.0, whatever the client's order`() throws {
        var pair = try Self.pair(protocols: ["http/1.0", "http/1.1"])
        try pair.handshake()
        #expect(pair.client.negotiation?.applicationProtocol == "http/1.1")
    }

    @Test(arguments: [["h2"], ["h2", "http/1.1x"], ["http/1"], ["http/0.9"]])
    func `a list without either is answered by an alert`(protocols: [String]) throws {
        var pair = try Self.pair(protocols: protocols)
        let ending = pair.tryHandshake()
        #expect(ending.server?.alert?.description == "fatal no_application_protocol sent")
        #expect(ending.client?.alert?.description == "fatal no_application_protocol received")
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `a write that the wire does not take is finished later`(version: ProtocolVersion) throws {
        let identity = try EngineIdentities.localhost()
        let context = try ServerContext(identity: identity, ticketKeys: ticketKeys())
        let trust = try ClientContext(trustAnchors: identity.chain, versions: version...version)
        var client = try Engine(client: trust, serverName: "localhost", wire: Wire(memoryWith: []))
        _ = try client.handshake()
        let wire = Wire(memoryWith: client.wire.takeOutput())
        wire.limitOutput(to: 100)
        var server = try Engine(server: context, wire: wire)
        #expect(try server.handshake() == .wantsWrite)
        wire.limitOutput(to: .max)
        #expect(try server.handshake() == .wantsRead)
        client.wire.deliver(wire.takeOutput().span)
        #expect(try client.handshake() == (version == .tls12 ? .wantsRead : .done))
    }

    @Test func `an address is verified but not asked for by name`() throws {
        let identity = try EngineIdentities.localhost()
        let context = try ServerContext(identity: identity, ticketKeys: ticketKeys())
        let trust = try ClientContext(trustAnchors: identity.chain)
        var pair = try EnginePair(client: trust, server: context, serverName: "127.0.0.1")
        try pair.handshake()
        var other = try EnginePair(client: trust, server: context, serverName: "127.0.0.2")
        let error = try #require(other.tryHandshake().client)
        #expect(error.reasons.contains { $0.hasPrefix("IP address mismatch") }, "\(error)")
    }

    private static func pair(protocols: [String]) throws -> EnginePair {
        let identity = try EngineIdentities.localhost()
        return try EnginePair(
            client: ClientContext(trustAnchors: identity.chain, applicationProtocols: protocols),
            server: ServerContext(identity: identity, ticketKeys: ticketKeys())
        )
    }
}
