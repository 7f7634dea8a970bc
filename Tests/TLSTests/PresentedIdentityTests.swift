import Foundation
import TLS
import TLSNames
import TestKit
import Testing

@Suite struct PresentedIdentityTests {
    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `one connection presents another identity`(version: ProtocolVersion) throws {
        var options = HandshakeOptions()
        options.identity = try PresentedIdentity(EngineIdentities.stranger())
        var pair = try Self.pair(options, trusting: EngineIdentities.stranger().chain, version)
        try pair.handshake()
        var other = try Self.pair(nil, trusting: EngineIdentities.stranger().chain, version)
        #expect(other.tryHandshake().client?.alert?.code.name == "unknown_ca")
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13], [["rsa:1024", "-sha256"], ["rsa:2048", "-sha1"]])
    func `an identity of another kind and below every level is presented`(
        version: ProtocolVersion,
        key: [String]
    ) throws {
        let minted = try Self.mint(["-newkey"] + key)
        var options = HandshakeOptions()
        options.identity = try PresentedIdentity(minted)
        // The client's level forbids the key of 1,024 bits and the digest; a client of level 0 takes both.
        var strict = try Self.pair(options, trusting: EngineIdentities.localhost().chain, version)
        let refusal = try #require(strict.tryHandshake().client)
        #expect(refusal.reasons.contains { $0.contains("too weak") || $0.contains("too small") }, "\(refusal)")
        var lax = try EnginePair(
            client: ClientContext(trustAnchors: EngineIdentities.localhost().chain, versions: .tls11...version),
            server: Self.context(),
            options: options
        )
        try lax.handshake()
        let certificate = lax.client.peerCertificate
        #expect(certificate?.commonName == "minted")
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `a key whose private part is another's signs what the client refuses`(version: ProtocolVersion) throws {
        let (shown, other) = (try EngineIdentities.localhost(), try EngineIdentities.stranger())
        var options = HandshakeOptions()
        options.identity = try PresentedIdentity(
            Identity(chain: shown.chain, privateKey: try Self.key(shown.privateKey, withScalarOf: other.privateKey))
        )
        var pair = try Self.pair(options, trusting: shown.chain, version)
        let ending = pair.tryHandshake()
        #expect(ending.client?.alert?.description == "fatal decrypt_error sent")
        #expect(ending.server?.alert?.description == "fatal decrypt_error received")
    }

    @Test func `what can't be read or does not match is named`() throws {
        let (identity, other) = (try EngineIdentities.localhost(), try EngineIdentities.stranger())
        func cause(_ chain: [UInt8], _ key: [UInt8]) throws -> TLSError.Cause {
            try #require(throws: TLSError.self) { _ = try PresentedIdentity(Identity(chain: chain, privateKey: key)) }
                .cause
        }
        #expect(try cause(identity.chain, other.privateKey) == .mismatchingKey)
        #expect(try cause(identity.chain, []) == .unreadableKey)
        #expect(try cause([], identity.privateKey) == .unreadableCertificate(0))
    }

    @Test(.timeLimit(.minutes(1)))
    func `threads share an identity`() async throws {
        let identity = try PresentedIdentity(EngineIdentities.stranger())
        let done = try await Blocking.run(threads: 4) { _ in
            var options = HandshakeOptions()
            options.identity = identity
            for _ in 0..<25 {
                var pair = try Self.pair(options, trusting: EngineIdentities.stranger().chain, .tls13)
                try pair.handshake()
            }
            return 25
        }
        #expect(done == [25, 25, 25, 25])
    }

    private static func context() throws -> ServerContext {
        try ServerContext(identity: EngineIdentities.localhost(), ticketKeys: ticketKeys())
    }

    private static func pair(
        _ options: HandshakeOptions?,
        trusting anchors: [UInt8],
        _ version: ProtocolVersion
    ) throws -> EnginePair {
        try EnginePair(
            client: ClientContext(trustAnchors: anchors, versions: version...version),
            server: context(),
            options: options
        )
    }

    /// A certificate of any kind for `localhost`, signed by the key of the self-signed one.
    private static func mint(_ options: [String]) throws -> Identity {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let issuer = try EngineIdentities.localhost()
        let signer = try folder.write(
            String(decoding: issuer.chain + issuer.privateKey, as: UTF8.self),
            to: "issuer.pem"
        )
        let (certificate, key) = (folder.path(of: "certificate.pem"), folder.path(of: "key.pem"))
        try OpenSSLCommand.output(
            ["req", "-x509", "-CA", signer, "-CAkey", signer, "-nodes", "-days", "1", "-subj", "/CN=minted"] + options
                + ["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate]
        )
        return Identity(
            chain: Array(try Data(contentsOf: URL(filePath: certificate))),
            privateKey: Array(try Data(contentsOf: URL(filePath: key)))
        )
    }

    /// A P-256 key in PKCS#8 as OpenSSL writes it, 138 bytes, with the 32 of its private part replaced.
    private static func key(_ pem: [UInt8], withScalarOf other: [UInt8]) throws -> [UInt8] {
        func der(_ pem: [UInt8]) throws -> Data {
            let lines = String(decoding: pem, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("-") }
            return try #require(Data(base64Encoded: lines.joined()))
        }
        var mixed = try der(pem)
        try #require(mixed.count == 138)
        mixed.replaceSubrange(36..<68, with: try der(other)[36..<68])
        let label = "PRIVATE" + " KEY"
        return Array("-----BEGIN \(label)-----\n\(mixed.base64EncodedString())\n-----END \(label)-----\n".utf8)
    }
}
