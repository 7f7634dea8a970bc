import Faults
import HTTP
import IO
import Journal
import Lab

/// What the journal is told of a connection, or of a request, that a rule acted on and that goes on: before its peer
/// can know of it, and however long the rule holds it.
extension Connection {
    /// Tells that a rule acted at this stage, where no record of what it acted on follows at once.
    func tellActed(at stage: Stage) {
        switch (stage, deviation?.steps.first) {
        // The record of the exchange is made before its answer leaves.
        case (.answer, _): break
        // It is told of in the same turn, without an answer or with the rule's.
        case (.request, .end), (.request, .reply): break
        case (.request, _): recordPending()
        // The end is told next, unless it is silence first.
        case (_, .end(.silence)): mark()
        case (_, .end), (.close, nil): break
        default: mark()
        }
    }

    /// Puts into a record which rules acted, on this exchange or any before it.
    func noteRules(in record: inout ExchangeRecord) {
        guard let deviation else { return }
        record.rules = deviation.exchange.notes
        deviation.exchange.isPending = false
    }

    /// Puts into the connection's record which rules acted on it, and who they made its client say it is.
    func noteRules(in record: inout ConnectionRecord) {
        guard let deviation else { return }
        record.clientCertificate = deviation.clientCertificate
        record.rules = deviation.notes
    }

    /// Tells again how far a connection got that was told of while it was open: who came is known by then, or what was
    /// negotiated, or that a rule acted in vain.
    func markAgain() {
        if deviation?.isMarked == true { mark() }
    }

    private func mark() {
        guard let deviation, let journal = listener.lab?.journal, journal.isOn else { return }
        deviation.isMarked = true
        let time = context.hostTime(at: .now)
        journal.mark(describe(), at: stage, rules: deviation.notes, time: time, loop: context.index)
    }

    /// Tells of the request at hand, whose answer is still to come.
    private func recordPending() {
        guard let exchange, let deviation else { return }
        describeExchange()
        exchange.record.isPending = true
        exchange.record.number = exchanges + 1
        exchange.record.rules = deviation.exchange.notes
        deviation.exchange.isPending = true
        context.output.removeAll(keepingCapacity: true)
        tellJournal(exchange, body: exchange.request.body)
    }

    /// Tells of a request whose answer was to come, and will not: its connection ends for this reason.
    func recordAbandoned(because reason: String?) {
        if deviation?.exchange.isPending == true { recordUnanswered(because: reason) }
    }
}
