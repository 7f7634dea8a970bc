import Faults
import HTTP
import IO
import Journal
import Lab

/// What the journal is told of bytes that did not become a request: refused, broken off, or never to be read here.
extension Connection {
    /// Begins the record of what came of a request; where its body lies, behind its head, is returned.
    func describeFragment(_ exchange: Exchange) -> Range<Int> {
        let arrived = exchange.conversation.arrivedBody(of: exchange.input.count)
        let request = exchange.conversation.head
        let (evidence, body, lab) = exchange.input.withUnread { bytes in
            let evidence = RequestEvidence(bytes.span)
            let count = bytes.count
            let body = arrived ?? evidence.head.upperBound..<count
            let lab = request.flatMap { listener.service.lab(of: $0, in: bytes.span) }
            let method = bytes.span.text(at: evidence.method ?? 0..<0)
            return ((method, bytes.span.text(at: (evidence.path ?? 0..<0).prefix(200))), body, lab)
        }
        exchange.beginFragment(of: lab ?? listener.lab)
        beginFragment(isOfOtherLab: lab != nil && lab !== listener.lab)
        exchange.record.begin(on: id)
        (exchange.record.method, exchange.record.path) = evidence
        exchange.record.requestBytes = body.count
        return body
    }

    /// Tells of a request that its connection ended in the middle of.
    func recordBrokenOff(by end: ConnectionEnd) {
        switch end {
        // Those are answered.
        case .refused, .objected, .timedOut, .notTLS, .malformedHello: return
        default: break
        }
        guard let exchange, exchange.conversation.hasBegun else { return }
        stage = .request
        recordFragment(exchange, because: end.reason ?? "the server stopped")
    }

    /// Tells of a request in clear to a port of TLS, and of `answer`, which says so; how far the connection got is not
    /// changed by it.
    func recordPlain(_ answer: [UInt8], head: Int) {
        recordFragment(takeExchange(), because: "plain-http", status: Status.badRequest.code, answer, head: head)
    }

    private func recordFragment(
        _ exchange: Exchange,
        because reason: String,
        status: Int = 0,
        _ answer: [UInt8] = [],
        head: Int = 0
    ) {
        exchange.begun = .now
        let body = describeFragment(exchange)
        exchange.record.reason = reason
        exchange.record.status = UInt16(status)
        exchange.record.answerBytes = answer.count - head
        context.output.removeAll(keepingCapacity: true)
        context.output += answer
        tellLog(exchange)
        tellJournal(exchange, body: body, answerHead: head, at: exchange.begun)
    }

    /// How much of the request at hand came, for whoever is told that no more did.
    var arrival: String {
        guard let exchange, let head = exchange.conversation.head else {
            return "a request's head"
        }
        let came = exchange.conversation.arrivedBody(of: exchange.input.count)?.count ?? 0
        // Of a body in chunks nobody knows how long it was to be.
        return head.body.isEmpty
            ? "a request's body, of which \(came) bytes came"
            : "a request's body, of which \(came) of \(head.body.count) bytes came"
    }
}
