import Faults
import IO
import Journal
package import Logging
import SoftToken

/// One log line for each exchange, and one for a connection that has more to tell than its exchanges.
///
/// They hold neither bodies nor codes nor seeds. What a peer may have put into a path or a name is hidden where lines
/// are written. Numbers are passed on as numbers, for whoever writes them as such.
package struct ConnectionLog: Sendable {
    private let logger: Logger
    private let purpose: Purpose
    private let exchangeLevel: Logger.Level
    /// Whether anybody reads of exchanges: asked once, since the level stays as it is.
    let tellsExchanges: Bool

    /// What the listener is for.
    package enum Purpose: Sendable {
        /// Clients that are tested: what they do is what people watch.
        case data
        /// Those who drive the lab, and look all the time: told where somebody asks for it.
        case administration
    }

    /// Lines of `logger`.
    package init(_ logger: Logger, for purpose: Purpose = .data) {
        self.logger = logger
        self.purpose = purpose
        exchangeLevel = purpose == .data ? .info : .debug
        tellsExchanges = logger.logLevel <= exchangeLevel
    }

    /// An exchange is over; its duration is measured here, and only where somebody reads it.
    ///
    /// What the connection knows of the client stands there too, since it mostly has no line of its own; `lab` is that
    /// of the exchange, where it is not its connection's.
    func answered(
        _ exchange: ExchangeRecord,
        of lab: String? = nil,
        on opening: @autoclosure () -> ConnectionOpening,
        since begun: Instant
    ) {
        guard tellsExchanges else { return }
        let (opening, notes) = (opening(), exchange.tokens.all)
        let told = ExchangeRecord.note(toTell: notes)
        var fields: Logger.Metadata = [
            "connection": .number(exchange.connection),
            "client": "\(opening.peer.hostDescription)",
            "bytesIn": .number(exchange.requestBytes),
            "bytesOut": .number(exchange.answerBytes),
            "durationMs": .milliseconds(Instant.now.since(begun)),
        ]
        fields["outcome"] = "\(exchange.outcome(notes))"
        // A request may name another lab than the listener's.
        if let lab = lab ?? opening.lab { fields["lab"] = "\(lab)" }
        fields["listener"] = "\(opening.listener)"
        if exchange.status != 0 { fields["status"] = .number(exchange.status) }
        if !exchange.method.isEmpty { fields["method"] = "\(exchange.method)" }
        if !exchange.path.isEmpty { fields["path"] = "\(exchange.path)" }
        if let type = exchange.type { fields["type"] = "\(type)" }
        if let serial = exchange.serial { fields["serial"] = "\(serial)" }
        if let token = told.flatMap(ExchangeRecord.token(of:)) { fields["token"] = "\(token)" }
        if let license = exchange.license { fields["license"] = "\(license)" }
        if let code = exchange.code ?? told?.code { fields["code"] = .number(code) }
        if let reason = exchange.reason { fields["reason"] = "\(reason)" }
        if let name = opening.serverName { fields["sni"] = "\(name)" }
        fields["rules"] = exchange.rules.names
        logger.log(level: exchangeLevel, "exchange", metadata: fields)
    }

    /// A connection is over.
    func ended(_ record: ConnectionRecord) {
        let level = level(of: record)
        guard logger.logLevel <= level else { return }
        let opening = record.opening
        var fields: Logger.Metadata = [
            "connection": .number(opening.id),
            "listener": "\(opening.listener)",
            "client": "\(opening.peer.hostDescription)",
            "port": .number(opening.peer.port),
            "stage": "\(record.stage.rawValue)",
            "outcome": "\(record.outcome.rawValue)",
            "exchanges": .number(record.exchanges),
            "bytesIn": .number(record.bytesIn),
            "bytesOut": .number(record.bytesOut),
            "durationMs": .milliseconds(record.duration),
        ]
        if let lab = opening.lab { fields["lab"] = "\(lab)" }
        if let name = opening.serverName { fields["sni"] = "\(name)" }
        if let handshake = opening.handshake {
            fields["tls"] = "\(handshake.version)"
            fields["cipher"] = "\(handshake.cipher)"
            if let name = handshake.applicationProtocol { fields["alpn"] = "\(name)" }
            if handshake.isResumed { fields["resumed"] = .stringConvertible(true) }
        }
        if let alert = record.alert {
            fields["alert"] = "\(alert.name)"
            fields["alert.direction"] = "\(alert.direction)"
        }
        if let reason = record.reason { fields["reason"] = "\(reason)" }
        fields["rules"] = record.rules.names
        logger.log(level: level, "connection", metadata: fields)
    }

    /// What went wrong is worth a notice, and what ended before any request a line; what came after the last exchange
    /// and as it should says nothing that the exchange's line does not.
    private func level(of record: ConnectionRecord) -> Logger.Level {
        switch record.outcome {
        case .handshakeFailed, .notTLS, .refused: .notice
        case .timedOut, .broken: purpose == .data ? .notice : .debug
        // Given up at the end of the grace period, in the middle of something.
        case .shutDown where record.reason != nil: .info
        case .closed, .peerClosed, .shutDown, .ordered:
            purpose == .data && (record.exchanges == 0 || record.outcome == .ordered) ? .info : .debug
        }
    }
}

extension Logger.MetadataValue {
    /// A number that stays one.
    fileprivate static func number(_ number: some BinaryInteger & Sendable) -> Logger.MetadataValue {
        .stringConvertible(number)
    }

    /// A duration in milliseconds, to the microsecond.
    fileprivate static func milliseconds(_ duration: Duration) -> Logger.MetadataValue {
        let (seconds, attoseconds) = duration.components
        return .stringConvertible(Double(seconds * 1_000_000 + attoseconds / 1_000_000_000_000) / 1000)
    }
}

extension ExchangeRecord {
    /// The token of several that a line tells of: the first that was refused, or else the first of all.
    ///
    /// What only claims to be a token may be something secret, and is told where there is nothing better, without its
    /// name.
    fileprivate static func note(toTell notes: [TokenNotes.Note]) -> TokenNotes.Note? {
        let refused = notes.filter { $0.code != nil }
        return refused.first { token(of: $0) != nil } ?? refused.first ?? notes.first { token(of: $0) != nil }
    }

    /// The token that a note names, if it is one.
    fileprivate static func token(of note: TokenNotes.Note) -> TokenSerial? {
        note.token.flatMap { TokenSerial($0) }
    }

    /// How it ended, in a word: what a reader looks for first.
    fileprivate func outcome(_ notes: [TokenNotes.Note]) -> String {
        if status == 0 { return "unanswered" }
        if code != nil || status >= 400 || notes.contains(where: { $0.code != nil }) { return "refused" }
        return "served"
    }
}

extension RuleNotes {
    /// The rules that acted; nil where none did.
    fileprivate var names: Logger.MetadataValue? {
        acted.isEmpty ? nil : "\(acted.map(\.rule).joined(separator: " "))"
    }
}
