import Faults
import Notation
import SoftToken

/// Conditions that no record can meet together, so that a bound on how many there are would hold of anything.
extension JournalFilter {
    /// The condition that contradicts another one, and why; nil where one record can meet all.
    var contradiction: JournalFilterError? {
        let found = exchangeContradiction ?? connectionContradiction ?? spanContradiction
        return found.map { Self.never($0.key, $0.reason) }
    }

    private static func never(_ key: Key, _ reason: String, value: String = "") -> JournalFilterError {
        JournalFilterError(key: key.rawValue, value: value, reason: reason, isContradiction: true)
    }

    private func text(_ key: Key) -> String? {
        if case .text(let text)? = test(key) { text } else { nil }
    }

    /// Whether something is wanted of a key that is not null.
    private func wants(_ key: Key) -> Bool {
        switch test(key) {
        case nil, .null?: false
        default: true
        }
    }

    private var exchangeContradiction: (key: Key, reason: String)? {
        let phone = RequestType.mobile.shortName
        if text(.type) == phone, wants(.serial) {
            return (.serial, "\(RequestType.mobile.named) names no unit: a phone sends it")
        }
        // A request in clear has an exchange too, which shows null for all of these.
        guard let key = Self.exchangeKeys.sorted(by: { $0.rawValue < $1.rawValue }).first(where: wants) else {
            return nil
        }
        let silent: [ConnectionRecord.Outcome] = [.handshakeFailed, .notTLS]
        if let stage = text(.stage), [Stage.accept, .hello, .handshake].map(\.rawValue).contains(stage) {
            return (.stage, "a connection that got to \(stage) alone brings no message, and so no \(key.rawValue)")
        }
        if let outcome = text(.outcome), silent.map(\.rawValue).contains(outcome) {
            return (.outcome, "a connection that ended as \(outcome) brings no message, and so no \(key.rawValue)")
        }
        return nil
    }

    private var connectionContradiction: (key: Key, reason: String)? {
        let isOpen = text(.outcome) == "open" || (test(.outcome) != nil && !wants(.outcome))
        if isOpen, wants(.alert) { return (.alert, "an alert ends a connection, and this one is to be open") }
        if wants(.sni), case .fingerprint(let text)? = test(.ja4),
            RuleForms.asksForNoName(fingerprint: text)
        {
            return (.ja4, "its fourth letter, i, says that no name is asked for, and sni wants one")
        }
        let isUnheard =
            text(.stage) == Stage.accept.rawValue || text(.outcome) == ConnectionRecord.Outcome.notTLS.rawValue
        guard isUnheard, let key = [Key.sni, .ja4].first(where: wants) else { return nil }
        return (key, "no ClientHello was read there that would say it")
    }

    private var spanContradiction: (key: Key, reason: String)? {
        let (begin, end) = (bounds.first { $0.key == .since }?.bound, bounds.first { $0.key == .until }?.bound)
        let isEmpty =
            switch (begin, end) {
            case (.entry(let first), .entry(let last)): first >= last
            case (.time(let first), .time(let last)): first > last
            default: false
            }
        return isEmpty ? (.until, "it ends before since begins: nothing lies between them") : nil
    }

    /// Why nothing can have come in its span yet, by the host's clock in milliseconds since 1970 and the number of the
    /// latest entry; nil where something can.
    package func reasonForNothing(at now: Int64, latest: UInt64) -> JournalFilterError? {
        for case (.since, let bound) in bounds {
            switch bound {
            case .time(let time) where time > now:
                let clock = RFC3339.text(milliseconds: now)
                return Self.never(.since, "the time is still to come: by this host's clock it is \(clock)")
            case .entry(let number) where number > latest:
                return Self.never(.since, "is no entry of this journal, whose latest is \(latest)", value: "\(number)")
            default: continue
            }
        }
        return nil
    }
}
