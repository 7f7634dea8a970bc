import Faults
import HTTP
import IO
import Journal
import Lab
import TLS
import TLSNames
import Transport

/// What the journal is told of a connection.
extension Connection {
    /// Notes what the ClientHello says.
    func noteHello(_ message: ClientHello) {
        serverName = message.serverName
        helloMicroseconds = Self.microseconds(Instant.now.since(accepted))
        guard let lab = listener.lab, lab.journal.isOn || lab.faults.needsFingerprints else { return }
        ja4 = context.fingerprint(of: message)
    }

    /// Notes that the handshake is over.
    @inline(never)
    func noteHandshake() {
        handshakeMicroseconds = max(1, Self.microseconds(Instant.now.since(accepted)) - helloMicroseconds)
        stage = .handshake
        context.metrics.shookHands(isResumed: transport.isResumed)
        noteNegotiated()
    }

    /// Never 0, which stands for what was not reached.
    private static func microseconds(_ duration: Duration) -> UInt32 {
        let (seconds, attoseconds) = duration.components
        return UInt32(clamping: max(1, seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
    }

    /// Counts an exchange, and records it before its answer, the loop's output, leaves.
    ///
    /// It goes to the journal of the lab that the request named, or of the listener's.
    func record(_ exchange: Exchange, body: Range<Int>, answerHead: Int) {
        let now = Instant.now
        let (type, code) = (exchange.record.type, exchange.record.code)
        let microseconds = now.microseconds(since: exchange.begun)
        context.metrics.exchanged(type, code: code, status: exchange.record.status, microseconds: microseconds)
        tellJournal(exchange, body: body, answerHead: answerHead, at: now)
    }

    /// Counts an exchange, with what rules had to do with it, and writes its line.
    func tellLog(_ exchange: Exchange) {
        exchanges += 1
        exchange.record.number = exchanges
        noteRules(in: &exchange.record)
        // Asked here, since the record would be copied for nothing.
        if listener.log.tellsExchanges {
            listener.log.answered(exchange.record, of: exchange.lab?.name, on: describe(), since: exchange.begun)
        }
    }

    /// Records an exchange, whose request's body lies behind its head, and whose answer, if there is one, is the loop's
    /// output.
    func tellJournal(_ exchange: Exchange, body: Range<Int>, answerHead: Int = 0, at now: Instant = .now) {
        let context = self.context
        guard let journal = (exchange.lab ?? listener.lab)?.journal, journal.isOn else { return }
        let opening = describe()
        let answer = context.output
        exchange.input.withUnread { bytes in
            journal.record(
                &exchange.record,
                of: opening,
                request: bytes.span.extracting(first: body.upperBound),
                head: body.lowerBound,
                answer: answer.span,
                head: answerHead,
                time: context.hostTime(at: now),
                microseconds: now.microseconds(since: exchange.begun),
                loop: context.index
            )
        }
    }

    /// Tells of the connection's end: the listener's lab, and the log.
    @inline(never)
    func tellEnd() {
        var record = ConnectionRecord(describe(), outcome: outcome)
        record.stage = stage
        record.reason = reason
        noteRules(in: &record)
        record.exchanges = Int(exchanges)
        record.bytesIn = transport.bytesIn
        record.bytesOut = transport.bytesOut
        let alertInClear = alertInClear.map { Alert(code: $0, isFatal: true, direction: .sent) }
        let alert = transport.wire.map(\.alert) ?? alertInClear
        record.alert = alert.map { .init(name: $0.code.name, direction: $0.direction.rawValue) }
        context.metrics.ended(outcome, alert: alert, bytesIn: record.bytesIn, bytesOut: record.bytesOut)
        let now = Instant.now
        record.duration = now.since(accepted)
        if let journal = listener.lab?.journal, journal.isOn {
            journal.record(record, time: context.hostTime(at: now), loop: context.index)
        }
        listener.log.ended(record)
    }

    /// What all records of the connection share, made when the first needs it.
    func describe() -> ConnectionOpening {
        if let opening { return opening }
        let context = self.context
        let handshake = transport.negotiation
            .map { negotiation in
                ConnectionOpening.Handshake(
                    version: negotiation.version,
                    cipher: context.shared(negotiation.cipherSuite),
                    applicationProtocol: negotiation.applicationProtocol,
                    isResumed: negotiation.isResumed
                )
            }
        let made = ConnectionOpening(
            id: id,
            lab: listener.lab?.name,
            listener: listener.name,
            peer: peer,
            accepted: context.hostTime(at: accepted),
            labTime: labTime,
            serverName: serverName,
            ja4: ja4,
            handshake: handshake,
            helloMicroseconds: helloMicroseconds == 0 ? nil : helloMicroseconds,
            handshakeMicroseconds: handshakeMicroseconds == 0 ? nil : handshakeMicroseconds
        )
        // What is told before the handshake is over is not all that there will be to say.
        if handshake != nil || !listener.speaksTLS { opening = made }
        return made
    }
}
