import TLS
import TLSNames
import Testing

@Suite struct EngineResumptionTests {
    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `a ticket of one context is taken by another with the same keys`(version: ProtocolVersion) throws {
        let session = try Self.session(version)
        var pair = try Self.pair(version, keys: 7, resuming: session)
        try pair.handshake()
        #expect(pair.server.negotiation?.isResumed == true)
        #expect(pair.client.negotiation?.isResumed == true)
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `a ticket under other keys leads to a full handshake`(version: ProtocolVersion) throws {
        let session = try Self.session(version)
        var pair = try Self.pair(version, keys: 8, resuming: session)
        try pair.handshake()
        #expect(pair.server.negotiation?.isResumed == false)
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `the hello of a resumption shows what it presents`(version: ProtocolVersion) throws {
        let identity = try EngineIdentities.localhost()
        let trust = try ClientContext(trustAnchors: identity.chain, versions: version...version)
        let wire = Wire(memoryWith: [])
        var client = try Engine(client: trust, serverName: "localhost", wire: wire)
        try Self.session(version).resume(on: client)
        _ = try client.handshake()
        var reader = ClientHelloReader()
        guard case .hello(let hello) = reader.examine(wire.takeOutput().span) else {
            Issue.record("no hello")
            return
        }
        #expect(hello.presentsSessionTicket == (version == .tls12))
        #expect(hello.offersPreSharedKey == (version == .tls13))
    }

    private static func session(_ version: ProtocolVersion) throws -> ClientSession {
        var pair = try Self.pair(version, keys: 7, resuming: nil)
        try pair.handshake()
        pair.carry()
        _ = try readAll(&pair.client)
        pair.client.shutdown()
        let session = ClientSession(of: pair.client)
        return try #require(session)
    }

    private static func pair(
        _ version: ProtocolVersion,
        keys: UInt8,
        resuming session: ClientSession?
    ) throws -> EnginePair {
        let identity = try EngineIdentities.localhost()
        return try EnginePair(
            client: ClientContext(trustAnchors: identity.chain, versions: version...version),
            server: ServerContext(identity: identity, ticketKeys: ticketKeys(keys)),
            resuming: session
        )
    }
}
