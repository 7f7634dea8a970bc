import TLS
import TLSNames
import Testing

@Suite struct EngineAlertTests {
    @Test(arguments: AlertCode.named.filter { $0 != .closeNotify } + [AlertCode(rawValue: 199)])
    func `an alert that answers a hello is reported as what it is`(code: AlertCode) throws {
        let error = try Self.failure(of: Alert.record(code))
        #expect(error.cause == .alertReceived)
        #expect(error.alert == Alert(code: code, isFatal: true, direction: .received))
    }

    @Test func `close_notify in place of a handshake is the peer's leaving`() throws {
        let error = try Self.failure(of: Alert.record(.closeNotify))
        #expect(error.cause == .closedByPeer)
        #expect(error.alert == nil)
    }

    @Test func `a warning before the peer leaves is not taken for the reason`() throws {
        // unrecognized_name, which RFC 6066 section 3 lets a server of TLS 1.2 send as a warning and go on.
        let warning: [UInt8] = [21, 3, 3, 0, 2, 1, 112]
        let trust = try ClientContext(trustAnchors: EngineIdentities.localhost().chain, versions: .tls12 ... .tls12)
        var client = try Engine(client: trust, serverName: "localhost", wire: Wire(memoryWith: warning))
        #expect(try client.handshake() == .wantsRead)
        client.wire.deliverEnd()
        let error = try #require(throws: TLSError.self) { _ = try client.handshake() }
        #expect(error.cause == .closedByPeer)
        #expect(error.alert?.description == "warning unrecognized_name received")
    }

    @Test func `an alert in place of the hello is unexpected`() throws {
        let context = try ServerContext(identity: EngineIdentities.localhost(), ticketKeys: ticketKeys())
        let wire = Wire(memoryWith: Alert.record(AlertCode(rawValue: 40)))
        var server = try Engine(server: context, wire: wire)
        let error = try #require(throws: TLSError.self) { _ = try server.handshake() }
        #expect(error.alert?.description == "fatal unexpected_message sent")
    }

    @Test func `a plaintext alert is one whole record`() {
        #expect(Alert.record(.decodeError) == [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 50])
    }

    @Test(
        arguments: [
            (.emptyRecord, .unexpectedMessage), (.oversizeRecord, .recordOverflow), (.length(.random), .decodeError),
            (.duplicateExtension(0), .illegalParameter), (.value(.serverName), .illegalParameter),
        ] as [(ClientHelloDefect, AlertCode)]
    )
    func `a defect of a hello has its alert`(defect: ClientHelloDefect, alert: AlertCode) {
        #expect(defect.alert == alert)
    }

    /// What a client reports that gets these bytes for its hello.
    private static func failure(of answer: [UInt8]) throws -> TLSError {
        let trust = try ClientContext(trustAnchors: EngineIdentities.localhost().chain)
        var client = try Engine(client: trust, serverName: "localhost", wire: Wire(memoryWith: []))
        _ = try client.handshake()
        client.wire.deliver(answer.span)
        return try #require(throws: TLSError.self) { _ = try client.handshake() }
    }
}
