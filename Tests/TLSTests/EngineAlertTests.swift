import TLS
import Testing

@Suite struct EngineAlertTests {
    @Test(arguments: AlertCode.names.filter { $0.key != 0 }.map { ($0.key, $0.value) } + [(199, "alert_199")])
    func `an alert that answers a hello is reported by its name`(number: UInt8, name: String) throws {
        let error = try Self.failure(of: Alert.record(AlertCode(rawValue: number)))
        #expect(error.cause == .alertReceived)
        #expect(error.alert == Alert(code: AlertCode(rawValue: number), isFatal: true, direction: .received))
        #expect(error.alert?.code.name == name)
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

    /// RFC 8446 section 6 and section B.2, RFC 5246 section 7.2: spot checks by hand against the table.
    @Test(
        arguments: [
            (0, "close_notify"), (10, "unexpected_message"), (40, "handshake_failure"), (42, "bad_certificate"),
            (44, "certificate_revoked"), (45, "certificate_expired"), (48, "unknown_ca"), (51, "decrypt_error"),
            (70, "protocol_version"), (86, "inappropriate_fallback"), (112, "unrecognized_name"),
            (116, "certificate_required"), (120, "no_application_protocol"), (121, "alert_121"), (255, "alert_255"),
        ] as [(UInt8, String)]
    )
    func `a number has the name that its RFC gives it`(number: UInt8, name: String) {
        #expect(AlertCode(rawValue: number).name == name)
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
