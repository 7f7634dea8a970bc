import Faults
import IO
import Journal
import Logging
import SoftToken
import Testing

@testable import Server

@Suite struct ConnectionLogTests {
    @Test func `an exchange is one line with what is known of it`() throws {
        var exchange = ExchangeRecord(connection: 7)
        exchange.method = "POST"
        exchange.path = "/SoftToken/Provisioning.asmx/Process"
        exchange.status = 200
        exchange.type = "PollingRequest"
        exchange.serial = Serial("FG100FTK20009876")
        exchange.code = 17
        exchange.requestBytes = 321
        exchange.answerBytes = 654
        let line = try #require(logged { $0.answered(exchange, since: .now) }.first)
        #expect(line.level == .info)
        #expect(line.message == "exchange")
        var fields = line.fields
        #expect(fields.removeValue(forKey: "us").flatMap { Int($0) } != nil)
        #expect(
            fields == [
                "connection": "7", "method": "POST", "path": "/SoftToken/Provisioning.asmx/Process", "status": "200",
                "type": "PollingRequest", "serial": "FG100FTK20009876", "code": "17", "in": "321", "out": "654",
            ]
        )
    }

    @Test func `what is not known of an exchange is left out`() throws {
        var exchange = ExchangeRecord(connection: 1)
        exchange.status = 400
        exchange.reason = "bareLineFeed"
        let line = try #require(logged { $0.answered(exchange, since: .now) }.first)
        #expect(Set(line.fields.keys) == ["connection", "status", "in", "out", "us", "reason"])
    }

    // A defect: whole seconds were left out, so that an exchange of 1.2 seconds was told as one of 0.2.
    @Test func `an exchange that takes seconds is told with them`() throws {
        let begun = Instant(nanoseconds: Instant.now.nanoseconds - 3_500_000_000)
        let line = try #require(logged { $0.answered(ExchangeRecord(connection: 1), since: begun) }.first)
        let microseconds = try #require(line.fields["us"].flatMap { Int($0) })
        #expect((3_500_000..<60_000_000).contains(microseconds))
    }

    @Test func `a connection is one line with all that it came to`() throws {
        var record = record(
            handshake: .init(
                version: "TLSv1.3",
                cipher: "TLS_AES_256_GCM_SHA384",
                applicationProtocol: "http/1.1",
                isResumed: true
            ),
            serverName: "globalftm.fortinet.net"
        )
        record.stage = .close
        record.exchanges = 2
        record.bytesIn = 1080
        record.bytesOut = 2772
        record.duration = .milliseconds(2_345)
        let line = try #require(logged { $0.ended(record) }.first)
        #expect(line.level == .info)
        #expect(line.message == "connection")
        #expect(
            line.fields == [
                "connection": "9", "listener": "main", "lab": "default", "client": "127.0.0.1", "port": "54321",
                "stage": "close", "outcome": "closed", "exchanges": "2", "in": "1080", "out": "2772", "ms": "2345",
                "sni": "globalftm.fortinet.net", "tls": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384",
                "alpn": "http/1.1", "resumed": "true",
            ]
        )
    }

    @Test func `a failed handshake names the alert, who sent it, and the reason`() throws {
        var record = record(.handshakeFailed)
        record.stage = .hello
        record.alert = .init(name: "unknown_ca", direction: "received")
        record.reason = "handshake: the peer sent an alert"
        let line = try #require(logged { $0.ended(record) }.first)
        #expect(line.level == .notice)
        #expect(line.fields["alert"] == "unknown_ca")
        #expect(line.fields["alert.direction"] == "received")
        #expect(line.fields["reason"] == "handshake: the peer sent an alert")
        #expect(line.fields["tls"] == nil)
    }

    @Test(
        arguments: [
            (ConnectionRecord.Outcome.closed, Logger.Level.info), (.peerClosed, .info), (.shutDown, .info),
            (.handshakeFailed, .notice), (.notTLS, .notice), (.refused, .notice), (.timedOut, .notice),
            (.broken, .notice),
        ]
    )
    func `what went wrong is a notice`(outcome: ConnectionRecord.Outcome, level: Logger.Level) throws {
        let record = record(outcome)
        #expect(logged { $0.ended(record) }.map(\.level) == [level])
        #expect(logged(at: .notice) { $0.ended(record) }.count == (level == .notice ? 1 : 0))
    }

    @Test func `a level that nobody reads costs no line`() {
        #expect(logged(at: .notice) { $0.answered(ExchangeRecord(connection: 1), since: .now) }.isEmpty)
        #expect(logged(at: .warning) { $0.ended(record()) }.isEmpty)
    }

    private func record(
        _ outcome: ConnectionRecord.Outcome = .closed,
        handshake: ConnectionOpening.Handshake? = nil,
        serverName: String? = nil
    ) -> ConnectionRecord {
        let opening = ConnectionOpening(
            id: 9,
            lab: "default",
            listener: "main",
            peer: SocketAddress(host: .v4(0x7F00_0001), port: 54_321),
            accepted: 0,
            labTime: nil,
            serverName: serverName,
            handshake: handshake
        )
        return ConnectionRecord(opening, outcome: outcome)
    }

    private func logged(at level: Logger.Level = .trace, _ body: (ConnectionLog) -> Void) -> [LogCapture.Line] {
        let capture = LogCapture()
        body(ConnectionLog(capture.logger(at: level)))
        return capture.lines
    }
}
