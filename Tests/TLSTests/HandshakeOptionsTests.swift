import TLS
import TLSNames
import Testing

@Suite struct HandshakeOptionsTests {
    @Test(arguments: ProtocolVersion.allCases)
    func `one connection speaks another version`(version: ProtocolVersion) throws {
        var options = HandshakeOptions()
        options.versions = version...version
        var pair = try Self.pair(options, versions: .tls10 ... .tls13)
        try pair.handshake()
        let names: [ProtocolVersion: String] = [
            .tls10: "TLSv1", .tls11: "TLSv1.1", .tls12: "TLSv1.2", .tls13: "TLSv1.3",
        ]
        #expect(pair.client.negotiation?.version == names[version])
    }

    @Test func `a client below the versions is refused`() throws {
        var options = HandshakeOptions()
        options.versions = .tls13 ... .tls13
        var pair = try Self.pair(options, versions: .tls12 ... .tls12)
        #expect(pair.tryHandshake().client?.alert?.description == "fatal protocol_version received")
    }

    @Test func `options that change nothing lead to an ordinary handshake`() throws {
        var pair = try Self.pair(HandshakeOptions())
        try pair.handshake()
        #expect(pair.client.negotiation?.version == "TLSv1.3")
        #expect(pair.client.negotiation?.applicationProtocol == "http/1.1")
        #expect(pair.server.peerCertificate == nil)
        #expect(pair.client.peerCertificate?.commonName == "localhost")
    }

    // MARK: Suites and groups

    @Test(
        arguments: [
            (["TLS_CHACHA20_POLY1305_SHA256"], "TLS_CHACHA20_POLY1305_SHA256", "TLSv1.3"),
            (["ECDHE-ECDSA-AES128-SHA256"], "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLSv1.2"),
            (
                ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"], "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLSv1.2"
            ),
            (["ECDHE-ECDSA-AES128-SHA", "TLS_AES_128_GCM_SHA256"], "TLS_AES_128_GCM_SHA256", "TLSv1.3"),
        ] as [([String], String, String)]
    )
    func `only listed suites are offered, in the versions that have any`(
        names: [String],
        suite: String,
        version: String
    ) throws {
        var options = HandshakeOptions()
        options.cipherSuites = try CipherList(names)
        var pair = try Self.pair(options)
        try pair.handshake()
        #expect(pair.client.negotiation?.cipherSuite == suite)
        #expect(pair.client.negotiation?.version == version)
    }

    @Test(
        arguments: [
            (["TLS_AES_128_GCM_SHA256"], .tls12, nil), (["ECDHE-ECDSA-AES128-SHA256"], .tls13, .tls13),
            (["TLS_AES_128_GCM_SHA256"], .tls12, .tls12), (["ECDHE-RSA-AES128-SHA256"], .tls12, nil),
            (["TLS_AES_128_CCM_SHA256"], .tls13, nil),
        ] as [([String], ProtocolVersion, ProtocolVersion?)]
    )
    func `without a suite in common the handshake fails`(
        names: [String],
        client: ProtocolVersion,
        server: ProtocolVersion?
    ) throws {
        var options = HandshakeOptions()
        options.cipherSuites = try CipherList(names)
        options.versions = server.map { $0...$0 }
        var pair = try Self.pair(options, versions: client...client)
        #expect(pair.tryHandshake().client?.alert?.description == "fatal handshake_failure received")
    }

    @Test(arguments: ["", "AES", "TLS_AES_128_GCM_SHA256:ALL", "@SECLEVEL=0", "ALL"])
    func `a suite that is none is refused by its name`(name: String) throws {
        let error = try #require(throws: TLSError.self) {
            _ = try CipherList(["TLS_AES_128_GCM_SHA256", name])
        }
        #expect(error.cause == .unknownCipherSuite(name))
    }

    @Test(arguments: ["", "P-255", "X25519:P-256", "?X25519", "secp256r1 "])
    func `a group that is none is refused by its name`(name: String) throws {
        let error = try #require(throws: TLSError.self) { _ = try GroupList(["X25519", name]) }
        #expect(error.cause == .unknownGroup(name))
    }

    @Test func `an empty list is refused`() throws {
        #expect(try #require(throws: TLSError.self) { _ = try CipherList([]) }.cause == .nothingListed)
        #expect(try #require(throws: TLSError.self) { _ = try GroupList([]) }.cause == .nothingListed)
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13], ["P-384", "secp521r1", "x25519", "X448"])
    func `a group that the client knows is taken`(version: ProtocolVersion, group: String) throws {
        var options = HandshakeOptions()
        options.groups = try GroupList([group, group])
        var pair = try Self.pair(options, versions: version...version)
        try pair.handshake()
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `without a group in common the handshake fails`(version: ProtocolVersion) throws {
        var options = HandshakeOptions()
        // OpenSSL's clients don't offer these unasked.
        options.groups = try GroupList([version == .tls12 ? "secp192r1" : "brainpoolP256r1"])
        var pair = try Self.pair(options, versions: version...version)
        #expect(pair.tryHandshake().client?.alert?.description == "fatal handshake_failure received")
    }

    // MARK: Tickets

    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `a ticket that is not accepted leads to a full handshake and a new one`(version: ProtocolVersion) throws {
        var first = try Self.pair(nil, versions: version...version)
        try first.handshake()
        let ticket = try Self.session(&first)

        var options = HandshakeOptions()
        options.acceptsTickets = false
        var second = try Self.pair(options, versions: version...version, resuming: ticket)
        try second.handshake()
        #expect(second.server.isResumed == false)
        let renewed = try Self.session(&second)

        // Another connection, and one of the other context, still take both.
        let cases = [("first", ticket, nil), ("second", renewed, nil), ("second", renewed, HandshakeOptions())]
        for (name, ticket, options) in cases {
            var third = try Self.pair(options, versions: version...version, resuming: ticket)
            try third.handshake()
            #expect(third.server.isResumed == true, "the \(name) ticket")
            // OpenSSL resumes no session again that ended without.
            third.client.shutdown()
        }
    }

    static func session(_ pair: inout EnginePair) throws -> ClientSession {
        pair.carry()
        _ = try readAll(&pair.client)
        pair.client.shutdown()
        let session = ClientSession(of: pair.client)
        return try #require(session)
    }

    static func pair(
        _ options: HandshakeOptions?,
        versions: ClosedRange<ProtocolVersion> = .tls12 ... .tls13,
        resuming session: ClientSession? = nil
    ) throws -> EnginePair {
        let identity = try EngineIdentities.localhost()
        return try EnginePair(
            client: ClientContext(trustAnchors: identity.chain, versions: versions),
            server: ServerContext(identity: identity, ticketKeys: ticketKeys()),
            options: options,
            resuming: session
        )
    }
}
