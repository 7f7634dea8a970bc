import IO
import TLS
import TLSNames
import TestKit
import Testing

/// What clients that are not ours report.
@Suite struct RecordClientTests {
    @Test(.timeLimit(.minutes(2)), arguments: RecordCase.all)
    func `clients report the alert that was ordered`(_ here: RecordCase) async throws {
        var options = HandshakeOptions()
        options.records = RecordPlan(interventions: [here.label: .alert(AlertCode(rawValue: 48))])
        let python = try await Self.python(options, here.version)
        #expect(python.report.contains("TLSV1_ALERT_UNKNOWN_CA"), "\(python.report)")
        #expect(python.server.error?.cause == .outputEnded)
        #expect(python.server.met == [here.label])
        let openssl = try await Self.openssl(options, here.version, ["-ign_eof"])
        #expect(openssl.report.contains("SSL alert number 48"), "\(openssl.report)")
    }

    @Test(.timeLimit(.minutes(2)), arguments: RecordCase.all)
    func `a changed record ends with the client's alert`(_ here: RecordCase) async throws {
        var options = HandshakeOptions()
        options.records = RecordPlan(interventions: [here.label: .corrupt])
        let isSealed = here.version == .tls13 ? here.label != .serverHello : here.label == .finished
        let python = try await Self.python(options, here.version)
        #expect(python.report.contains(isSealed ? "BAD_RECORD_MAC" : "UNEXPECTED_MESSAGE"), "\(python.report)")
        // The client leaves with bytes unread, which resets the connection: a server that had its answer to write by
        // then had learned of that before it read the alert.
        #expect(python.server.error?.cause == .alertReceived)
        #expect(python.server.alert?.code.name == (isSealed ? "bad_record_mac" : "unexpected_message"))
    }

    @Test(.timeLimit(.minutes(2)), arguments: RecordCase.all)
    func `a cut record ends with the stream's end`(_ here: RecordCase) async throws {
        var options = HandshakeOptions()
        options.records = RecordPlan(interventions: [here.label: .truncate(bytes: nil)])
        let python = try await Self.python(options, here.version)
        // It can't tell an end in the middle of a record from a close_notify.
        #expect(python.report.contains(here.followsHandshake ? "b''" : "(EOF)"), "\(python.report)")
        #expect(python.server.held == .ended(.truncated))
        let openssl = try await Self.openssl(options, here.version, ["-ign_eof"])
        #expect(!openssl.report.contains("SSL alert number"), "\(openssl.report)")
        #expect(openssl.report.contains("SSL handshake has read"), "\(openssl.report)")
    }

    @Test(.timeLimit(.minutes(2)), arguments: RecordCase.all)
    func `after a stalled record nothing comes`(_ here: RecordCase) async throws {
        var options = HandshakeOptions()
        options.records = RecordPlan(interventions: [here.label: .stall])
        let python = try await Self.python(options, here.version, timeout: "0.3")
        #expect(python.report.contains("timed out"), "\(python.report)")
        // Where the server still has to read it sees how the client gives up.
        let waitsForClient =
            !here.followsHandshake && (here.version == .tls13 || ![.ticket, .finished].contains(here.label))
        #expect(python.server.error?.cause == (waitsForClient ? .closedByPeer : nil))
        #expect(python.server.held == .stalled)
    }

    @Test(.timeLimit(.minutes(2)), arguments: [ProtocolVersion.tls12, .tls13])
    func `a slow handshake works`(version: ProtocolVersion) async throws {
        var options = HandshakeOptions()
        options.records = RecordPlan(gap: .milliseconds(10))
        let python = try await Self.python(options, version)
        #expect(python.report.contains(RecordServer.answer.dropLast()), "\(python.report)")
        #expect(python.server.releases == 6)
    }

    // MARK: Stapling

    @Test(.timeLimit(.minutes(2)), arguments: [ProtocolVersion.tls12, .tls13])
    func `a client that asks gets the response, and no other`(version: ProtocolVersion) async throws {
        let (bytes, own) = (Array("no response at all".utf8), Array("nor this one".utf8))
        var options = HandshakeOptions()
        func report(_ arguments: [String] = ["-status"]) async throws -> String {
            try await Self.openssl(options, version, arguments, staple: bytes).report
        }
        // The client fails to parse them, and shows what it got.
        #expect(try await report().contains("no response at"))
        #expect(try await !report([]).contains("OCSP response:"))
        options.staple = .none
        #expect(try await report().contains("OCSP response: no response sent"))
        options.staple = .bytes(own)
        #expect(try await report().contains("nor this one"))
        options.staple = .ofIdentity
        options.identity = try PresentedIdentity(EngineIdentities.localhost())
        #expect(try await report().contains("OCSP response: no response sent"))
        options.identity = try PresentedIdentity(EngineIdentities.localhost(), staple: own)
        #expect(try await report().contains("nor this one"))
    }

    // MARK: The clients

    private struct Seen {
        var report: String
        var server: RecordServer.Outcome
    }

    private static func python(
        _ options: HandshakeOptions,
        _ version: ProtocolVersion,
        timeout: String = "10"
    ) async throws -> Seen {
        let script = """
            import socket, ssl, sys
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.load_verify_locations(cadata=sys.stdin.read())
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_\(version == .tls12 ? 2 : 3)
            try:
                raw = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=\(timeout))
                stream = context.wrap_socket(raw, server_hostname="localhost", suppress_ragged_eofs=False)
                print(stream.recv(1000))
            except Exception as error:
                print(type(error), error)
            """
        let server = try RecordServer()
        let identity = try EngineIdentities.localhost()
        async let outcome = server.serve(options, identity: identity)
        let result = try await Command.run(
            "/usr/bin/python3",
            ["-c", script, "\(server.address.port)"],
            input: String(decoding: identity.chain, as: UTF8.self)
        )
        #expect(result.status == 0, "\(result.errors)")
        return Seen(report: result.output, server: try await outcome)
    }

    private static func openssl(
        _ options: HandshakeOptions,
        _ version: ProtocolVersion,
        _ arguments: [String] = [],
        staple: [UInt8]? = nil
    ) async throws -> Seen {
        let server = try RecordServer()
        let identity = try EngineIdentities.localhost()
        async let outcome = server.serve(options, identity: identity, staple: staple)
        let result = try await Command.run(
            "openssl",
            ["s_client", "-connect", "127.0.0.1:\(server.address.port)", version == .tls12 ? "-tls1_2" : "-tls1_3"]
                + arguments,
            input: arguments.contains("-ign_eof") ? nil : "Q\n"
        )
        return Seen(report: result.output + result.errors, server: try await outcome)
    }
}
