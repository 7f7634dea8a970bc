import Faults
import IO
import Notation
import SoftToken

/// What a filter judges: a connection, or one exchange of it.
struct JournalSubject {
    let line: JournalReading.Line
    /// Nil for the connection.
    let item: JournalReading.Exchange?

    var exchange: ExchangeEntry? { item?.entry }
    /// Of the exchange, or of all that is held of the connection.
    var entries: ClosedRange<UInt64> { exchange.map { $0.sequence...$0.sequence } ?? line.entries }

    private var opening: ConnectionOpening { line.opening }
    private var end: ConnectionRecord? { line.end }
    private var tokens: [TokenNotes.Note] { item?.tokens ?? [] }
    /// The fault rules that acted.
    private var rules: [Acted] { (exchange?.rules ?? line.rules).acted }
    /// As ``entries``, in time, from the accept on for a connection.
    private var times: ClosedRange<Int64> { exchange.map { $0.time...$0.time } ?? line.times }

    /// Whether all conditions hold.
    func satisfies(_ filter: JournalFilter) -> Bool {
        filter.conditions.allSatisfy { satisfies($0, of: filter) }
    }

    /// Whether it lies within the moments or entries that a filter is bounded by.
    func isWithin(_ filter: JournalFilter) -> Bool {
        filter.conditions.allSatisfy { condition in
            if case .bound = condition.test { satisfies(condition, of: filter) } else { true }
        }
    }

    func satisfies(_ condition: JournalFilter.Condition, of filter: JournalFilter) -> Bool {
        switch condition.test {
        case .client(let block): block.contains(opening.peer.host)
        case .name(let name): serverName == name
        case .nameSuffix(let suffix): serverName.map { $0.hasSuffix(suffix) && $0 != suffix } ?? false
        // A protocol's name may bring capitals into it.
        case .fingerprint(let text): opening.ja4?.lowercased() == text
        case .alert(let name, let direction):
            end?.alert.map { $0.name == name && $0.direction == direction } ?? false
        case .serialPrefix(let prefix): exchange?.serial.map { $0.text.hasPrefix(prefix) } ?? false
        case .serial(let serial): exchange?.serial == serial
        case .license(let license): exchange?.license == license
        case .token(let token): tokens.contains { $0.token == token }
        case .tokenCode(let token, let code): tokens.contains { $0.token == token && $0.code == code }
        case .code(let code): hasCode(code, of: filter.token)
        case .rule(let name): rules.contains { $0.rule == name }
        case .ruleBound(let name, let binding): rules.contains { $0.rule == name && $0.boundBy == binding }
        case .bound(.entry(let number)):
            condition.key == .since ? entries.upperBound > number : entries.lowerBound <= number
        case .bound(.time(let time)): condition.key == .since ? times.upperBound >= time : times.lowerBound <= time
        case .text(let text): found(condition.key) == text
        case .null: isNull(condition.key, of: filter.token)
        }
    }

    /// The name that the ClientHello asked for, as names are compared.
    private var serverName: String? { opening.serverName.map(RuleForms.serverName) }

    /// Whether the record shows null for the key, which an exchange's it does of an exchange alone.
    private func isNull(_ key: JournalFilter.Key, of token: String?) -> Bool {
        switch key {
        case .sni, .ja4, .alert, .verdict: found(key) == nil
        case .outcome: end == nil
        case .type, .serial, .license: exchange != nil && found(key) == nil
        case .token: exchange != nil && tokens.allSatisfy { $0.token == nil }
        case .code:
            exchange.map { $0.code == nil } ?? false
                && tokens.allSatisfy { token == nil || $0.token != token || $0.code == nil }
        case .client, .listener, .stage, .rule, .since, .until: false
        }
    }

    private func hasCode(_ code: Int?, of token: String?) -> Bool {
        guard let exchange else { return false }
        let named = token.map { token in tokens.filter { $0.token == token } } ?? tokens
        guard let code else {
            return exchange.isServed && exchange.code == nil && named.allSatisfy { $0.code == nil }
        }
        return exchange.code == Int32(clamping: code) || named.contains { $0.code == code }
    }

    /// What the subject has where a filter's condition does not hold, in as much detail as that asks for; nil where it
    /// has nothing.
    func found(_ condition: JournalFilter.Condition) -> String? {
        switch condition.test {
        case .alert: end?.alert.map { "\($0.name), \($0.direction)" }
        case .ruleBound:
            rules.isEmpty
                ? nil : rules.map { "\($0.rule), bound by \($0.boundBy ?? "nothing")" }.joined(separator: "; ")
        case .tokenCode:
            tokens.isEmpty
                ? nil
                : tokens.prefix(10).map { "\($0.token ?? "null") with \($0.code.map { "code \($0)" } ?? "no code")" }
                    .joined(separator: ", ")
        default: found(condition.key)
        }
    }

    /// What the subject has of a filter's kind; nil where it has nothing.
    private func found(_ key: JournalFilter.Key) -> String? {
        switch key {
        case .client: opening.peer.hostDescription
        case .sni: opening.serverName
        case .listener: opening.listener
        case .stage: line.stage.rawValue
        case .alert: end?.alert?.name
        case .ja4: opening.ja4
        case .outcome: end?.outcome.rawValue ?? "open"
        case .serial: exchange?.serial?.description
        case .license: exchange?.license?.description
        case .token: tokens.isEmpty ? nil : tokens.prefix(10).map { $0.token ?? "null" }.joined(separator: ", ")
        case .type: exchange?.type
        case .code: codes
        case .rule: rules.isEmpty ? nil : rules.map(\.rule).joined(separator: ", ")
        // The journal has none yet.
        case .verdict: nil
        case .since, .until: "\(RFC3339.text(milliseconds: times.upperBound)), entry \(entries.upperBound)"
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
