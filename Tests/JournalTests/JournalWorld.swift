import Faults
import IO
import SoftToken

@testable import Journal

/// Connections and exchanges as a lab would tell of them.
enum Sample {
    static let unit = "FGT60FTK20000001"
    static let token = "FTKMOB947FDC1754"
    static let license = "EFTM000000000001"
    /// 2026-11-27T19:00:00Z, in milliseconds.
    static let start: Int64 = 1_795_806_000_000

    static func journal(entries: Int = 1_000, bytes: Int = 1 << 20, shards: Int = 1) -> Journal {
        var limits = JournalLimits()
        limits.entries = entries
        limits.bytes = bytes
        return Journal(lab: "default", limits: limits, shards: shards) { start / 1_000 }
    }

    static func opening(
        _ id: UInt64,
        client: String = "127.0.0.1",
        port: UInt16 = 40_000,
        sni: String? = "globalftm.fortinet.net",
        ja4: String? = "t13d1516h2_8daaf6152771_e5627efa2ab1",
        listener: String = "main",
        accepted: Int64 = start
    ) -> ConnectionOpening {
        ConnectionOpening(
            id: id,
            lab: "default",
            listener: listener,
            peer: SocketAddress(host: .init(digits: client) ?? .v4(0), port: port),
            accepted: accepted,
            labTime: start / 1_000,
            serverName: sni,
            ja4: ja4,
            handshake: .init(
                version: "TLSv1.3",
                cipher: "TLS_AES_256_GCM_SHA384",
                applicationProtocol: "http/1.1",
                isResumed: false
            ),
            helloMicroseconds: 120,
            handshakeMicroseconds: 900
        )
    }

    static func exchange(
        _ type: String? = "PollingRequest",
        on id: UInt64 = 1,
        serial: String? = unit,
        license: String? = license,
        code: Int? = nil,
        tokens: [(String, Int?)] = [(token, nil)],
        status: UInt16 = 200,
        rules: RuleNotes = RuleNotes()
    ) -> ExchangeRecord {
        var exchange = ExchangeRecord(connection: id)
        exchange.method = "POST"
        exchange.path = "/SoftToken/Provisioning.asmx/Process"
        exchange.status = status
        exchange.rules = rules
        exchange.type = type
        exchange.serial = serial.flatMap { Serial($0) }
        exchange.license = license.flatMap { LicenseNumber($0) }
        exchange.code = code
        for (token, code) in tokens {
            if let serial = TokenSerial(token) {
                exchange.tokens.append(serial, code: code)
            } else {
                exchange.tokens.append(named: token, code: code)
            }
        }
        return exchange
    }

    /// Rules of these names that acted, at one stage.
    static func notes(_ rules: String..., at stage: Stage = .accept) -> RuleNotes {
        var notes = RuleNotes()
        for rule in rules { notes.note(Acted(rule: rule, at: stage)) }
        return notes
    }

    static let requestHead = "POST /SoftToken/Provisioning.asmx/Process HTTP/1.1\r\nHost: localhost\r\n\r\n"
    static let answerHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
}

extension Journal {
    /// Records an exchange with these bodies.
    func post(
        _ exchange: ExchangeRecord,
        on opening: ConnectionOpening,
        request: [UInt8] = Array("{\"d\":1}".utf8),
        answer: [UInt8] = Array("{\"d\":2}".utf8),
        time: Int64 = Sample.start,
        loop: Int = 0
    ) {
        var exchange = exchange
        record(
            &exchange,
            of: opening,
            request: (Array(Sample.requestHead.utf8) + request).span,
            head: Sample.requestHead.utf8.count,
            answer: (Array(Sample.answerHead.utf8) + answer).span,
            head: Sample.answerHead.utf8.count,
            time: time,
            microseconds: 250,
            loop: loop
        )
    }

    /// Records the end of a connection.
    func end(
        _ opening: ConnectionOpening,
        _ outcome: ConnectionRecord.Outcome = .closed,
        alert: String? = nil,
        time: Int64 = Sample.start,
        loop: Int = 0,
        _ change: (inout ConnectionRecord) -> Void = { _ in }
    ) {
        var record = ConnectionRecord(opening, outcome: outcome)
        record.stage = outcome == .closed ? .close : .hello
        record.alert = alert.map { .init(name: $0, direction: "received") }
        record.bytesIn = 1_080
        record.bytesOut = 2_772
        record.duration = .milliseconds(12)
        change(&record)
        self.record(record, time: time, loop: loop)
    }

    /// The numbers of the exchanges that are held, as a list shows them.
    var exchangeNumbers: [UInt64] {
        page(matching: JournalFilter(), limit: .max).records.flatMap { $0.exchanges.map(\.sequence) }.sorted()
    }
}

extension JournalFilter {
    /// A filter as it is written in a query, `key=value&…`.
    static func query(_ text: String) throws -> JournalFilter {
        try JournalFilter(
            text.split(separator: "&")
                .map { pair in
                    let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
                    return (key: parts[0], value: parts.count == 2 ? parts[1] : "")
                }
        )
    }
}

extension JournalRecord {
    /// The record as text, with heads and bodies.
    func text(secrets: Bool = false) -> String {
        String(decoding: json(JournalDetail(showsBodies: true, showsSecrets: secrets)), as: UTF8.self)
    }
}
