import Faults
import IO
import Journal
package import Logging

/// One log line for each connection and one for each exchange.
///
/// They hold neither bodies nor codes nor seeds. What a peer may have put into a path or a name is hidden where lines are
/// written.
package struct ConnectionLog: Sendable {
    private let logger: Logger

    /// Lines of `logger`.
    package init(_ logger: Logger) {
        self.logger = logger
    }

    /// Whether anybody reads of exchanges.
    var tellsExchanges: Bool { logger.logLevel <= .info }

    /// An exchange is over; its duration is measured here, and only where somebody reads it.
    func answered(_ exchange: ExchangeRecord, since begun: Instant) {
        guard tellsExchanges else { return }
        let (seconds, attoseconds) = Instant.now.since(begun).components
        var fields: Logger.Metadata = [
            "connection": "\(exchange.connection)",
            "status": exchange.status == 0 ? "none" : "\(exchange.status)",
            "in": "\(exchange.requestBytes)",
            "out": "\(exchange.answerBytes)",
            "us": "\(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)",
        ]
        if !exchange.method.isEmpty { fields["method"] = "\(exchange.method)" }
        if !exchange.path.isEmpty { fields["path"] = "\(exchange.path)" }
        if let type = exchange.type { fields["type"] = "\(type)" }
        if let serial = exchange.serial { fields["serial"] = "\(serial)" }
        if let code = exchange.code { fields["code"] = "\(code)" }
        if let reason = exchange.reason { fields["reason"] = "\(reason)" }
        fields["rules"] = exchange.rules.names
        logger.info("exchange", metadata: fields)
    }

    /// A connection is over.
    func ended(_ record: ConnectionRecord) {
        let level = record.level
        guard logger.logLevel <= level else { return }
        let opening = record.opening
        let (seconds, attoseconds) = record.duration.components
        var fields: Logger.Metadata = [
            "connection": "\(opening.id)",
            "listener": "\(opening.listener)",
            "client": "\(opening.peer.hostDescription)",
            "port": "\(opening.peer.port)",
            "stage": "\(record.stage.rawValue)",
            "outcome": "\(record.outcome.rawValue)",
            "exchanges": "\(record.exchanges)",
            "in": "\(record.bytesIn)",
            "out": "\(record.bytesOut)",
            "ms": "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)",
        ]
        if let lab = opening.lab { fields["lab"] = "\(lab)" }
        if let name = opening.serverName { fields["sni"] = "\(name)" }
        if let handshake = opening.handshake {
            fields["tls"] = "\(handshake.version)"
            fields["cipher"] = "\(handshake.cipher)"
            if let name = handshake.applicationProtocol { fields["alpn"] = "\(name)" }
            if handshake.isResumed { fields["resumed"] = "true" }
        }
        if let alert = record.alert {
            fields["alert"] = "\(alert.name)"
            fields["alert.direction"] = "\(alert.direction)"
        }
        if let reason = record.reason { fields["reason"] = "\(reason)" }
        fields["rules"] = record.rules.names
        logger.log(level: level, "connection", metadata: fields)
    }
}

extension RuleNotes {
    /// The rules that acted; nil where none did.
    fileprivate var names: Logger.MetadataValue? {
        acted.isEmpty ? nil : "\(acted.map(\.rule).joined(separator: " "))"
    }
}

extension ConnectionRecord {
    /// What went wrong is worth a notice; the rest is the daily round.
    fileprivate var level: Logger.Level {
        switch outcome {
        case .handshakeFailed, .notTLS, .refused, .timedOut, .broken: .notice
        case .closed, .peerClosed, .shutDown, .ordered: .info
        }
    }
}
