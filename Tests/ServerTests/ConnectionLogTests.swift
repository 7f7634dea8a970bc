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
        // What only claims to be a token may be something secret.
        exchange.tokens.append(named: "1A2B-3C4D-5E6F-7081-92A3", code: 904)
        if let token = TokenSerial("FTKMOB947FDC1754") { exchange.tokens.append(token, code: 31) }
        exchange.requestBytes = 321
        exchange.answerBytes = 654
        let line = try #require(logged { $0.answered(exchange, on: opening(), since: .now) }.first)
        #expect(line.level == .info)
        #expect(line.message == "exchange")
        var fields = line.fields
        #expect(fields.removeValue(forKey: "durationMs").flatMap { Double($0) } != nil)
        #expect(
            fields == [
                "outcome": "refused", "client": "127.0.0.1", "sni": "a.test", "connection": "7", "method": "POST",
                "lab": "default", "listener": "main",
                "path": "/SoftToken/Provisioning.asmx/Process", "status": "200",
                "type": "PollingRequest", "serial": "FG100FTK20009876", "code": "17", "bytesIn": "321",
                "bytesOut": "654",
                "token": "FTKMOB947FDC1754",
            ]
        )
    }

    @Test func `what is not known of an exchange is left out`() throws {
        var exchange = ExchangeRecord(connection: 1)
        exchange.status = 400
        exchange.reason = "bareLineFeed"
        let line = try #require(logged { $0.answered(exchange, on: opening(), since: .now) }.first)
        #expect(
            Set(line.fields.keys) == [
                "connection", "client", "sni", "lab", "listener", "outcome", "status", "bytesIn", "bytesOut",
                "durationMs", "reason",
            ]
        )
    }

    // A field report: a request was told as refused with its first token, which was well, and without any code.
    @Test func `of several tokens the first that was refused is told, with its code`() throws {
        var exchange = ExchangeRecord(connection: 1)
        exchange.status = 200
        exchange.tokens.append(try #require(TokenSerial("FTKMOB947FDC1754")))
        exchange.tokens.append(try #require(TokenSerial("FTKMOB00000010CC")), code: 31)
        exchange.tokens.append(try #require(TokenSerial("FTKMOB2A0C5E71D9")), code: 905)
        let line = try #require(logged { $0.answered(exchange, on: opening(), since: .now) }.first)
        #expect(line.fields["outcome"] == "refused")
        #expect(line.fields["token"] == "FTKMOB00000010CC" && line.fields["code"] == "31", "\(line.fields)")
    }

    @Test func `what is no token is told by its code alone`() throws {
        var exchange = ExchangeRecord(connection: 1)
        exchange.tokens.append(try #require(TokenSerial("FTKMOB947FDC1754")))
        exchange.tokens.append(named: "1A2B-3C4D-5E6F-7081-92A3", code: 904)
        let line = try #require(logged { $0.answered(exchange, on: opening(), since: .now) }.first)
        #expect(line.fields["token"] == nil && line.fields["code"] == "904", "\(line.fields)")
    }

    // A field report: exchanges of two labs looked alike.
    @Test func `an exchange that its request moved to another lab is told with that lab`() throws {
        let exchange = ExchangeRecord(connection: 1)
        let line = try #require(logged { $0.answered(exchange, of: "team-a", on: opening(), since: .now) }.first)
        #expect(line.fields["lab"] == "team-a" && line.fields["listener"] == "main", "\(line.fields)")
    }

    // A defect: whole seconds were left out, so that an exchange of 1.2 seconds was told as one of 0.2.
    @Test func `an exchange that takes seconds is told with them`() throws {
        let begun = Instant(nanoseconds: Instant.now.nanoseconds - 3_500_000_000)
        let line = try #require(
            logged { $0.answered(ExchangeRecord(connection: 1), on: opening(), since: begun) }.first
        )
        let milliseconds = try #require(line.fields["durationMs"].flatMap { Double($0) })
        #expect((3_500..<60_000).contains(milliseconds))
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
        #expect(line.level == .debug)
        #expect(line.message == "connection")
        #expect(
            line.fields == [
                "connection": "9", "listener": "main", "lab": "default", "client": "127.0.0.1", "port": "54321",
                "stage": "close", "outcome": "closed", "exchanges": "2", "bytesIn": "1080", "bytesOut": "2772",
                "durationMs": "2345.0",
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

    // A field report: an exchange and its connection were two lines for one request.
    @Test func `a connection has a line where it says more than its exchanges`() {
        var served = record(.closed)
        served.exchanges = 1
        #expect(logged(at: .info) { $0.ended(served) }.isEmpty)
        var cut = record(.ordered)
        cut.exchanges = 1
        #expect(logged(at: .info) { $0.ended(cut) }.count == 1)
        #expect(logged(at: .info) { $0.ended(record(.peerClosed)) }.count == 1)
    }

    @Test func `who drives the lab is told of to those who ask`() {
        let capture = LogCapture()
        let log = ConnectionLog(capture.logger(at: .info), for: .administration)
        log.answered(ExchangeRecord(connection: 1), on: opening(), since: .now)
        log.ended(record(.peerClosed))
        log.ended(record(.timedOut))
        #expect(capture.lines.isEmpty)
        log.ended(record(.handshakeFailed))
        #expect(capture.lines.count == 1)
    }

    @Test func `a level that nobody reads costs no line`() {
        #expect(logged(at: .notice) { $0.answered(ExchangeRecord(connection: 1), on: opening(), since: .now) }.isEmpty)
        #expect(logged(at: .warning) { $0.ended(record()) }.isEmpty)
    }

    private func opening() -> ConnectionOpening { record(serverName: "a.test").opening }

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
