import Faults
import IO
import Notation
import SoftToken

/// The form in which two runs can be compared.
extension Journal {
    /// What happened, without ports, times, durations, byte counts and the connections' numbers: equal to the byte for
    /// the same seed and the same requests in the same order (docs/faults.md).
    ///
    /// A line for each connection that the filter selects, in the order in which they were accepted, and an indented
    /// one for each of its exchanges. A connection that has not ended shows so; who compares runs waits for their ends.
    package func canonical(_ filter: JournalFilter = JournalFilter()) -> String {
        var lines: [String] = []
        for (line, exchanges) in selected(by: filter, tokens: true) {
            lines.append(canonical(line))
            lines += exchanges.map(canonical)
        }
        return lines.map { Redaction.redacted($0) + "\n" }.joined()
    }

    private func canonical(_ line: JournalReading.Line) -> String {
        let (opening, end) = (line.opening, line.end)
        return Self.fields(
            "connection",
            [
                ("lab", opening.lab),
                ("listener", opening.listener),
                ("client", opening.peer.hostDescription),
                ("sni", opening.serverName),
                ("ja4", opening.ja4),
                ("tls", opening.handshake?.version),
                ("cipher", opening.handshake?.cipher),
                ("alpn", opening.handshake?.applicationProtocol),
                ("resumed", opening.handshake.map { "\($0.isResumed)" }),
                ("stage", end?.stage.rawValue),
                ("outcome", end?.outcome.rawValue ?? "open"),
                ("reason", end?.reason),
                ("alert", end?.alert.map { "\($0.name):\($0.direction)" }),
                ("rules", Self.names(line.rules)),
            ]
        )
    }

    private func canonical(_ item: JournalReading.Exchange) -> String {
        let exchange = item.entry
        let tokens = item.tokens.map { note in (note.token ?? "null") + (note.code.map { ":\($0)" } ?? "") }
        return Self.fields(
            "  exchange",
            [
                ("lab", lab),
                ("method", exchange.method),
                ("path", exchange.path),
                ("status", exchange.status == 0 ? "none" : "\(exchange.status)"),
                ("type", exchange.type),
                ("serial", exchange.serial?.description),
                ("license", exchange.license?.description),
                ("tokens", tokens.joined(separator: ",")),
                ("code", exchange.code.map { "\($0)" }),
                ("reason", exchange.reason),
                ("rules", Self.names(exchange.rules)),
            ]
        )
    }

    private static func names(_ rules: RuleNotes) -> String { rules.acted.map(\.rule).joined(separator: ",") }

    /// Names and values on one line, without those that have none; a value is quoted where a reader could lose its end.
    private static func fields(_ kind: String, _ fields: [(name: String, value: String?)]) -> String {
        var line = kind
        for (name, value) in fields {
            guard let value, !value.isEmpty else { continue }
            let isPlain = value.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
            line +=
                " \(name)="
                + (isPlain ? value : String(decoding: JSONValue.string(value).bytes(escaping: .wire), as: UTF8.self))
        }
        return line
    }
}
