import TLS
import TLSNames
import Testing

@Suite struct ClientCertificateTests {
    @Test(arguments: [ProtocolVersion.tls12, .tls13], [false, true])
    func `a client's certificate is verified and told`(version: ProtocolVersion, isRequired: Bool) throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let device = try pki.deviceCertificate(for: "FG140E4Q17000494", now: mintingTime)
            var pair = try Self.pair(version, isRequired, device.identity, trusting: device.chain + pki.authority)
            try pair.handshake()
            let peer = pair.server.peerCertificate
            #expect(peer?.commonName == "FG140E4Q17000494")
            #expect(peer?.fingerprint.count == 64)
            let text = try OpenSSLCommand.output(
                ["x509", "-noout", "-fingerprint", "-sha256"],
                input: device.certificate
            )
            let printed = String(decoding: text, as: UTF8.self).filter { $0 != ":" }.lowercased()
            #expect(printed.contains("=" + (peer?.fingerprint ?? "none")))

            // The same with a session that goes back to that handshake; and no other listener's ticket will do.
            let session = try HandshakeOptionsTests.session(&pair)
            var again = try Self.pair(
                version,
                isRequired,
                device.identity,
                trusting: device.chain + pki.authority,
                resuming: session
            )
            try again.handshake()
            #expect(again.server.isResumed == true)
            let resumed = again.server.peerCertificate
            #expect(resumed == peer)
        }
    }

    @Test func `alternative names are told`() throws {
        let identity = try EngineIdentities.localhost()
        var pair = try Self.pair(.tls13, true, identity, trusting: identity.chain, at: nil)
        try pair.handshake()
        #expect(pair.server.peerCertificate?.commonName == "localhost")
        #expect(pair.server.peerCertificate?.alternativeNames == ["DNS:localhost", "IP Address:127.0.0.1"])
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `a client without one is refused only where one is required`(version: ProtocolVersion) throws {
        let anchors = try EngineIdentities.stranger().chain
        var optional = try Self.pair(version, false, nil, trusting: anchors)
        try optional.handshake()
        #expect(optional.server.peerCertificate == nil)
        var required = try Self.pair(version, true, nil, trusting: anchors)
        let expected = version == .tls12 ? "handshake_failure" : "certificate_required"
        #expect(try Self.refusal(&required) == expected)
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13], [false, true])
    func `a foreign certificate is refused`(version: ProtocolVersion, isRequired: Bool) throws {
        let anchors = try EngineIdentities.stranger().chain
        var pair = try Self.pair(version, isRequired, EngineIdentities.localhost(), trusting: anchors)
        #expect(try Self.refusal(&pair) == "unknown_ca")
    }

    @Test func `a certificate counts at the moment that is given`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let device = try pki.deviceCertificate(for: "FG140E4Q17000494", now: mintingTime)
            let anchors = device.chain + pki.authority
            var late = try Self.pair(.tls13, true, device.identity, trusting: anchors, at: mintingTime + days(20_000))
            #expect(try Self.refusal(&late) == "certificate_expired")
        }
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `an ordinary ticket is no way around the request`(version: ProtocolVersion) throws {
        var ordinary = try HandshakeOptionsTests.pair(nil, versions: version...version)
        try ordinary.handshake()
        let session = try HandshakeOptionsTests.session(&ordinary)
        let identity = try EngineIdentities.localhost()
        var pair = try Self.pair(version, true, identity, trusting: identity.chain, at: nil, resuming: session)
        try pair.handshake()
        #expect(pair.server.isResumed == false)
        #expect(pair.server.peerCertificate?.commonName == "localhost")
    }

    @Test func `anchors that can't be read are refused`() throws {
        let error = try #require(throws: TLSError.self) {
            _ = try ClientCertificateRequest(isRequired: true, trustAnchors: [])
        }
        #expect(error.cause == .unreadableTrustAnchors)
    }

    /// The alert that both report.
    private static func refusal(_ pair: inout EnginePair) throws -> String? {
        let ending = pair.tryHandshake()
        let sent = try #require(ending.server?.alert)
        #expect(sent.direction == .sent)
        var received = ending.client?.alert
        if received == nil {
            // In TLS 1.3 the client's handshake was over before.
            received = try #require(throws: TLSError.self) { _ = try readAll(&pair.client) }.alert
        }
        #expect(received?.code == sent.code)
        #expect(received?.direction == .received)
        return sent.code.name
    }

    private static func pair(
        _ version: ProtocolVersion,
        _ isRequired: Bool,
        _ identity: Identity?,
        trusting anchors: [UInt8],
        at moment: Int64? = mintingTime,
        resuming session: ClientSession? = nil
    ) throws -> EnginePair {
        let server = try EngineIdentities.localhost()
        var options = HandshakeOptions()
        options.clientCertificate = try ClientCertificateRequest(isRequired: isRequired, trustAnchors: anchors)
        options.moment = identity == nil ? nil : moment
        return try EnginePair(
            client: ClientContext(trustAnchors: server.chain, identity: identity, versions: version...version),
            server: ServerContext(identity: server, ticketKeys: ticketKeys()),
            options: options,
            resuming: session
        )
    }
}
