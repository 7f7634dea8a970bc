import Faults
import IO
import SoftToken

/// What a filter judges: a connection, or one exchange of it.
struct JournalSubject {
    let opening: ConnectionOpening
    /// How far the connection got.
    let stage: Stage
    let end: EndEntry?
    let exchange: ExchangeEntry?
    let tokens: [TokenNotes.Note]
    /// The fault rules that acted.
    let rules: [Acted]
    /// Of the exchange, or of all that is held of the connection.
    let entries: ClosedRange<UInt64>
    /// The same in time, from the accept on for a connection.
    let times: ClosedRange<Int64>

    /// Whether all conditions hold.
    func satisfies(_ filter: JournalFilter) -> Bool {
        filter.conditions.allSatisfy { satisfies($0, of: filter) }
    }

    func satisfies(_ condition: JournalFilter.Condition, of filter: JournalFilter) -> Bool {
        switch condition.test {
        case .client(let block): block.contains(opening.peer.host)
        case .name(let name): opening.serverName == name
        case .nameSuffix(let suffix): opening.serverName.map { $0.hasSuffix(suffix) && $0 != suffix } ?? false
        case .serialPrefix(let prefix): exchange?.serial.map { $0.text.hasPrefix(prefix) } ?? false
        case .serial(let serial): exchange?.serial == serial
        case .license(let license): exchange?.license == license
        case .token(let token): tokens.contains { $0.token == token.description }
        case .code(let code): hasCode(code, of: filter.token)
        case .rule(let name): rules.contains { $0.rule == name }
        case .bound(.entry(let number)):
            condition.key == .since ? entries.upperBound > number : entries.lowerBound <= number
        case .bound(.time(let time)): condition.key == .since ? times.upperBound >= time : times.lowerBound <= time
        case .text(let text): found(condition.key) == text
        }
    }

    private func hasCode(_ code: Int?, of token: TokenSerial?) -> Bool {
        guard let exchange else { return false }
        let named = token.map { token in tokens.filter { $0.token == token.description } } ?? tokens
        guard let code else {
            return exchange.isServed && exchange.code == nil && named.allSatisfy { $0.code == nil }
        }
        return exchange.code == Int32(clamping: code) || named.contains { $0.code == code }
    }

    /// What the subject has where a filter wants something else; nil where it has nothing.
    func found(_ key: JournalFilter.Key) -> String? {
        switch key {
        case .client: opening.peer.hostDescription
        case .sni: opening.serverName
        case .listener: opening.listener
        case .stage: stage.rawValue
        case .alert: end?.record.alert?.name
        case .ja4: opening.ja4
        case .outcome: end?.record.outcome.rawValue ?? "open"
        case .serial: exchange?.serial?.description
        case .license: exchange?.license?.description
        case .token: tokens.isEmpty ? nil : tokens.prefix(10).map { $0.token ?? "null" }.joined(separator: ", ")
        case .type: exchange?.type
        case .code: codes
        case .rule: rules.isEmpty ? nil : rules.map(\.rule).joined(separator: ", ")
        case .verdict: nil
        case .since, .until: "\(Timestamp.text(milliseconds: times.upperBound)), entry \(entries.upperBound)"
        }
    }

    private var codes: String? {
        guard let exchange else { return nil }
        let codes = [exchange.code.map { Int($0) }] + tokens.map(\.code)
        let seen = Set(codes.compactMap(\.self)).sorted().prefix(10)
        guard !seen.isEmpty || exchange.isServed else {
            if exchange.status == 0 { return exchange.isPending ? "no answer yet" : "no answer" }
            return "status \(exchange.status), \(exchange.reason ?? "no code")"
        }
        return seen.isEmpty ? "none" : seen.map(String.init).joined(separator: ", ")
    }
}
