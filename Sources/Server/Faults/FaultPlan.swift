import Faults
import HTTP
import IO
import Journal
import Lab
import SoftToken
import TLS
import Transport

/// The one translation of what the rules decide into what a connection does.
extension Connection {
    /// Notes that the connection reached `stage` and asks the rules what they want of it there; whether there is
    /// something to ``act()`` on.
    ///
    /// Where no lab has a rule this is a load and a branch. A connection that rules made different is looked at to its
    /// end: what was of one exchange must not outlive it, also where all rules are gone meanwhile.
    @inline(__always)
    func reach(_ stage: Stage) -> Bool {
        self.stage = stage
        return (LabFaults.areAny || deviation != nil) && ask(at: stage)
    }

    @inline(never)
    private func ask(at stage: Stage) -> Bool {
        if stage == .request { beginExchange() }
        guard let lab = stage < .request || stage == .close ? listener.lab : exchangeLab else { return false }
        guard let plan = lab.faults.plan(at: stage, facts) else {
            if stage == .hello { markAgain() }
            return deviation?.steps.isEmpty == false
        }
        let deviation = self.deviation ?? beginDeviation()
        deviation.take(plan, at: stage)
        if let shaping = plan.shaping { transport.shape(as: shaping, forExchange: stage >= .request) }
        if !plan.isIdle { tellActed(at: stage) } else if stage == .hello { markAgain() }
        return !deviation.steps.isEmpty
    }

    private func beginDeviation() -> Deviation {
        let deviation = Deviation()
        deviation.exchange.isOfOtherLab = isForOtherLab
        self.deviation = deviation
        return deviation
    }

    /// Does what the rules want before the story goes on.
    @inline(never)
    func act() async throws(ConnectionEnd) {
        while let step = deviation?.steps.popFirst() {
            do throws(ConnectionEnd) {
                switch step {
                case .wait(let hold): try await pause(hold)
                case .end(let ending): throw .ordered(ending)
                case .reply(let reply): write(reply)
                case .refuse(let place): deviation?.exchange.alteration.refusal = place
                case .partial(let fraction): deviation?.exchange.alteration.partial = fraction
                }
            } catch {
                // What a unit asked is of use all the same, also where it left during a wait.
                if stage == .request { recordUnanswered() }
                throw error
            }
        }
    }

    /// What the rules see of it.
    private var facts: Facts {
        var facts = Facts(listener: listener.name, client: peer.host)
        facts.serverName = serverName
        facts.ja4 = ja4
        // What was said to another lab is nothing that the connection's own rules may act on at its end.
        let isForeign = stage == .close && reading?.lab.map { $0 !== listener.lab } == true
        facts.exchange = isForeign ? ExchangeFacts(path: "") : reading?.facts
        return facts
    }

    // MARK: An exchange

    /// Whose rules the exchange at hand falls under: those of the lab that it names, or of the listener's.
    private var exchangeLab: Lab? { exchange?.lab ?? listener.lab }

    /// Whether the exchange at hand names another lab than the listener's.
    private var isForOtherLab: Bool { exchange?.lab.map { $0 !== listener.lab } ?? false }

    /// Has the service read the request, before it is to answer it, and keeps what rules match on.
    private func beginExchange() {
        guard let own = listener.lab, let exchange else { return }
        let message = listener.service.read(exchange, on: context)
        var told: ExchangeFacts?
        // A rule that comes later may ask the address what was said.
        if let lab = exchange.lab, lab.faults.needsExchanges || own.faults.needsExchanges {
            told = listener.service.facts(
                of: message,
                in: exchange,
                lookingUpLicenses: lab.faults.needsLicenses || own.faults.needsBindings
            )
        }
        reading = Reading(message, of: exchange.lab, facts: told)
        deviation?.beginExchange(isOfOtherLab: isForOtherLab)
        guard exchange.lab === own, own.faults.needsBindings, let told else { return }
        own.faults.note(told, from: peer.host)
    }

    /// Puts an answer that a rule made into the loop's output buffer.
    private func write(_ reply: Reply) {
        guard let status = Status(code: reply.status) else { return }
        describeExchange()
        exchange?.record.reason = "answered by a rule"
        exchange?.isAnswered = true
        context.body.removeAll(keepingCapacity: true)
        context.body += reply.body
        // Both were checked when the rule was made.
        let fields = reply.fields.compactMap { try? ResponseField(name: $0.name, value: $0.value) }
        let contentType = reply.contentType.flatMap { try? FieldValue(validating: $0) }
        finish(ResponseHead(status: status, contentType: contentType, fields: fields))
    }

    /// Tells of the request at hand, which no answer will follow.
    func recordUnanswered(because reason: String? = nil) {
        guard let exchange else { return }
        describeExchange()
        exchange.record.reason = reason
        context.output.removeAll(keepingCapacity: true)
        tellLog(exchange)
        tellJournal(exchange, body: exchange.request.body)
    }

    /// Notes in the record what the request says of itself, where the service will not, or not yet.
    func describeExchange() {
        guard let exchange, let reading else { return }
        exchange.beginAgain()
        // No rule may have needed to know it all; the record does.
        let told = listener.service.facts(of: reading.message, in: exchange, lookingUpLicenses: true)
        exchange.record.type = told?.message
        exchange.record.serial = told?.serial.flatMap { Serial($0) }
        exchange.record.license = told?.licenses.lazy.compactMap { LicenseNumber($0) }.first
        for token in told?.tokens ?? [] { exchange.record.tokens.append(named: token, code: nil) }
    }

    /// What the request at hand says, as rules alter it.
    func altered(_ message: Answering.Message) -> Answering.Message {
        guard let deviation else { return message }
        if deviation.exchange.isPending { exchange?.beginAgain() }
        let alteration = deviation.exchange.alteration
        return alteration.isNone ? message : listener.service.altered(message, by: alteration)
    }

    // MARK: Its answer

    /// Changes the answer whose body lies in the loop's buffer as the rules want it.
    @inline(__always)
    func amend(_ head: inout ResponseHead) {
        if LabFaults.areAny || deviation != nil { deviate(&head) }
    }

    @inline(never)
    private func deviate(_ head: inout ResponseHead) {
        _ = ask(at: .answer)
        guard let lab = exchangeLab else { return }
        if let deviation, !deviation.exchange.answer.edits.isEmpty { edit(&head, deviation, lab) }
        // What a rule answered in the service's place, or kept back, is nothing that it said to the unit.
        guard lab.faults.remembersAnswers, exchange?.isAnswered != true,
            deviation?.exchange.answer.isLost != true,
            let told = reading?.facts
        else { return }
        lab.faults.remember(context.body, to: told)
    }

    private func edit(_ head: inout ResponseHead, _ deviation: Deviation, _ lab: Lab) {
        let told = reading?.facts
        var draft = AnswerDraft(
            status: head.status.code,
            body: context.body,
            previous: told.flatMap { lab.faults.previousAnswer(to: $0) }
        )
        for edit in deviation.exchange.answer.edits {
            guard let reason = edit.change(&draft) else { continue }
            lab.faults.missed(edit.rule, because: reason)
            deviation.retract(edit.rule, ofExchangeBecause: reason)
        }
        context.body = draft.body
        if let status = Status(code: draft.status), status != head.status {
            exchange?.record.reason = exchange?.record.reason ?? "\(head.status.code) without a rule"
            head.status = status
        }
        if let type = draft.contentType.flatMap({ try? FieldValue(validating: $0) }) { head.contentType = type }
        if let code = draft.code { exchange?.record.code = code }
        if draft.lengthError != 0 { exchange?.announcedLength = max(0, context.body.count + draft.lengthError) }
        if let cut = draft.cut { deviation.exchange.answer.cut = cut }
    }

    /// Lets go of what the request said, but where rules may look back at it: a connection that waits for its next
    /// request holds none of its last one's seeds.
    func forgetReading() {
        if !LabFaults.areAny, deviation == nil { reading = nil }
    }

    /// Begins with bytes that did not become a request.
    func beginFragment(isOfOtherLab: Bool) { deviation?.beginExchange(isOfOtherLab: isOfOtherLab) }

    /// Whether its answers leave as rules want them to.
    var isLeftToRules: Bool { deviation != nil }

    /// Cuts the answer in the loop's output buffer where the rules want it cut; `head` bytes of it come before the
    /// body.
    @inline(never)
    func cut(head: Int) {
        guard let deviation else { return }
        deviation.exchange.headCount = head
        let body = context.output.count - head
        if deviation.exchange.answer.isLost {
            context.output.removeAll(keepingCapacity: true)
        } else {
            let kept: Int
            switch deviation.exchange.answer.cut {
            case .bytes(let count)?: kept = head + min(count, body)
            case .fraction(let share)?: kept = head + Int((Double(body) * share).rounded(.down))
            case .total(let count)?: kept = min(count, head + body)
            case nil: return
            }
            context.output.removeLast(context.output.count - kept)
        }
        exchange?.conversation.endAfterAnswer()
        if deviation.exchange.answer.endsWithReset { deviation.ending = .reset }
    }

    /// Sends the loop's output buffer as the rules want it to travel, and ends the connection where they want that.
    @inline(never)
    func sendAsOrdered() async throws(ConnectionEnd) {
        guard let deviation else { return }
        if deviation.exchange.answer.isCorrupt { transport.corruptNextOutput() }
        let whole = context.output
        if let drip = deviation.exchange.answer.drip {
            let head = min(whole.count, deviation.exchange.headCount)
            try await sendAll(Array(whole[..<head]))
            var offset = head
            while offset < whole.count {
                let next = min(whole.count, offset + drip.chunk)
                try await pause(Hold(.nanoseconds(1_000_000_000 * (next - offset) / drip.rate), under: drip.term))
                try await sendAll(Array(whole[offset..<next]))
                offset = next
            }
        } else {
            try await sendAll(whole)
        }
        if let ending = deviation.ending { throw .ordered(ending) }
    }
}
