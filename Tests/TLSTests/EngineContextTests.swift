import TLS
import Testing

@Suite struct EngineContextTests {
    @Test func `a key that is not the certificate's is named`() throws {
        let identity = Identity(
            chain: try EngineIdentities.localhost().chain,
            privateKey: try EngineIdentities.stranger().privateKey
        )
        #expect(try Self.cause(of: identity) == .mismatchingKey)
    }

    @Test(arguments: ["", "no key", "-----BEGIN \("PRIVATE") KEY-----\nAAAA\n-----END \("PRIVATE") KEY-----\n"])
    func `a key that can't be read is named`(text: String) throws {
        let chain = try EngineIdentities.localhost().chain
        #expect(try Self.cause(of: Identity(chain: chain, privateKey: Array(text.utf8))) == .unreadableKey)
    }

    @Test func `a certificate that can't be read is named by its place`() throws {
        let identity = try EngineIdentities.localhost()
        let broken = Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8)
        let none = Identity(chain: [], privateKey: identity.privateKey)
        #expect(try Self.cause(of: none) == .unreadableCertificate(0))
        let first = Identity(chain: broken, privateKey: identity.privateKey)
        #expect(try Self.cause(of: first) == .unreadableCertificate(0))
        let second = Identity(chain: identity.chain + broken, privateKey: identity.privateKey)
        #expect(try Self.cause(of: second) == .unreadableCertificate(1))
        #expect(TLSError.Cause.unreadableCertificate(1).description.hasPrefix("certificate 1 of the chain"))
    }

    @Test func `trust anchors that can't be read are refused`() throws {
        let error = try #require(throws: TLSError.self) { _ = try ClientContext(trustAnchors: Array("none".utf8)) }
        #expect(error.cause == .unreadableTrustAnchors)
    }

    @Test(arguments: ["", "local\u{0}host", String(repeating: "a", count: 256)])
    func `a server name that could not be verified is refused`(name: String) throws {
        let trust = try ClientContext(trustAnchors: EngineIdentities.localhost().chain)
        let error = try #require(throws: TLSError.self) {
            _ = try Engine(client: trust, serverName: name, wire: Wire(memoryWith: []))
        }
        #expect(error.cause == .serverName)
    }

    @Test(arguments: [0, 79, 81])
    func `ticket keys have one size`(count: Int) {
        #expect(TicketKeys([UInt8](repeating: 1, count: count)) == nil)
    }

    @Test func `neither ticket keys nor an identity print what they hold`() throws {
        #expect("\(try ticketKeys(65))" == "ticket keys")
        #expect(!"\(try EngineIdentities.localhost())".contains("PRIVATE"))
    }

    private static func cause(of identity: Identity) throws -> TLSError.Cause {
        let error = try #require(throws: TLSError.self) {
            _ = try ServerContext(identity: identity, ticketKeys: ticketKeys())
        }
        #expect(error.operation == .configure)
        return error.cause
    }
}
