import Faults
import HTTP
import IO
import Journal
import Lab
import SoftToken
import TLS

/// The one translation of what the rules decide into what a connection does.
extension Connection {
    /// Notes that the connection reached `stage` and asks the rules what they want of it there; whether there is something to
    /// ``act()`` on.
    ///
    /// Where no lab has a rule this is a load and a branch. A connection that rules made different is looked at to its end:
    /// what was of one exchange must not outlive it, also where all rules are gone meanwhile.
    @inline(__always)
    func reach(_ stage: Stage) -> Bool {
        self.stage = stage
        return (LabFaults.areAny || deviates) && ask(at: stage)
    }

    @inline(never)
    private func ask(at stage: Stage) -> Bool {
        if stage == .request { beginExchange() }
        guard let lab = stage < .request || stage == .close ? listener.lab : exchangeLab else { return false }
        guard let plan = lab.faults.plan(at: stage, facts) else {
            if stage == .hello { markAgain() }
            return deviation?.steps.isEmpty == false
        }
        let deviation = self.deviation ?? Deviation()
        self.deviation = deviation
        deviation.take(plan, at: stage, isOfOtherLab: lab !== listener.lab)
        if plan.shaping != nil { engine?.wire.becomeMemory() }
        if !plan.isIdle { tellActed(at: stage) } else if stage == .hello { markAgain() }
        return !deviation.steps.isEmpty
    }

    /// Does what the rules want before the story goes on.
    @inline(never)
    func act() async throws(ConnectionEnd) {
        while let step = deviation?.steps.popFirst() {
            switch step {
            case .wait(let hold): try await wait(hold)
            case .end(let ending):
                if stage == .request { recordUnanswered() }
                throw .ordered(ending)
            case .reply(let reply): write(reply)
            case .refuse(let place): deviation?.alteration.refusal = place
            case .partial(let fraction): deviation?.alteration.partial = fraction
            }
        }
    }

    /// Waits before the story goes on; a request whose client left meanwhile is told of all the same.
    private func wait(_ hold: Hold) async throws(ConnectionEnd) {
        do throws(ConnectionEnd) {
            try await pause(hold)
        } catch {
            if stage == .request { recordUnanswered() }
            throw error
        }
    }

    /// What the rules see of it.
    private var facts: Facts {
        var facts = Facts(listener: listener.name, client: peer.host)
        facts.serverName = serverName
        facts.ja4 = ja4
        // What was said to another lab is nothing that the connection's own rules may act on at its end.
        facts.exchange = stage == .close && isForOtherLab ? ExchangeFacts(path: "") : exchange?.facts
        return facts
    }

    // MARK: An exchange

    /// Whose rules the exchange at hand falls under: those of the lab that it names, or of the listener's.
    private var exchangeLab: Lab? { exchange?.lab ?? listener.lab }

    /// Whether the exchange at hand names another lab than the listener's.
    private var isForOtherLab: Bool { exchange.map { $0.lab !== listener.lab } ?? false }

    /// Reads what rules match on from the request in the workspace.
    private func beginExchange() {
        defer { deviation?.beginExchange(isOfOtherLab: isForOtherLab) }
        guard let own = listener.lab, let workspace else { return }
        let request = workspace.request
        let named = workspace.input.withUnread { listener.service.faultLab(of: request, in: $0.span) }
        if let lab = named {
            let isKnown = lab.faults.needsExchanges || own.faults.needsExchanges
            if isKnown || lab !== own {
                // A rule that comes later may ask the address what was said.
                let licenses = lab.faults.needsLicenses || own.faults.needsBindings
                exchange = FaultedExchange(
                    lab: lab,
                    facts: isKnown ? readFacts(for: lab, lookingUpLicenses: licenses) : nil
                )
            }
        }
        guard named === own, own.faults.needsBindings, let told = exchange?.facts else { return }
        own.faults.note(told, from: peer.host)
    }

    private func readFacts(for lab: Lab, lookingUpLicenses: Bool) -> ExchangeFacts? {
        guard let workspace else { return nil }
        let (context, request) = (self.context, workspace.request)
        return workspace.input.withUnread { bytes in
            listener.service.faultFacts(
                of: request,
                in: bytes.span,
                for: lab,
                on: context,
                lookingUpLicenses: lookingUpLicenses
            )
        }
    }

    /// Puts an answer that a rule made into the loop's output buffer.
    private func write(_ reply: Reply) {
        guard let status = Status(code: reply.status) else { return }
        describeExchange()
        workspace?.exchange.reason = "answered by a rule"
        deviation?.hasReplied = true
        context.body.removeAll(keepingCapacity: true)
        context.body += reply.body
        // Both were checked when the rule was made.
        let fields = reply.fields.compactMap { try? ResponseField(name: $0.name, value: $0.value) }
        let contentType = reply.contentType.flatMap { try? FieldValue(validating: $0) }
        finish(ResponseHead(status: status, contentType: contentType, fields: fields), stream: nil)
    }

    /// Records the request in the workspace, which no answer will follow: what a unit asked is of use all the same.
    private func recordUnanswered() {
        guard let workspace else { return }
        describeExchange()
        recordUnanswered(workspace)
    }

    /// Begins the record of an exchange that the service never sees, or has not seen yet.
    func describeExchange() {
        guard let workspace else { return }
        workspace.exchange.begin(on: id)
        workspace.ruling = nil
        workspace.exchange.requestBytes = workspace.request.body.count
        let request = workspace.request
        workspace.exchange.method = workspace.input.withUnread { request.method.text(in: $0.span) }
        // No rule may have needed to know it all; the record does.
        let told = exchangeLab.flatMap { readFacts(for: $0, lookingUpLicenses: true) }
        workspace.exchange.path = told?.path ?? ""
        workspace.exchange.type = told?.message
        workspace.exchange.serial = told?.serial.flatMap { Serial($0) }
        workspace.exchange.license = told?.licenses.lazy.compactMap { LicenseNumber($0) }.first
        for token in told?.tokens ?? [] { workspace.exchange.tokens.append(named: token, code: nil) }
        workspace.exchange.journal = isForOtherLab ? exchange?.lab.journal : nil
    }

    // MARK: Its answer

    /// Changes the answer whose body lies in the loop's buffer as the rules want it.
    @inline(never)
    func deviate(_ head: inout ResponseHead) {
        // No rule was there when the request came, so nobody looked which lab it names; the service did, and it is another.
        if exchange == nil, workspace?.exchange.journal != nil { return }
        _ = ask(at: .answer)
        guard let lab = exchangeLab else { return }
        if let deviation, !deviation.answer.edits.isEmpty { edit(&head, deviation, lab) }
        // What a rule answered in the service's place, or kept back, is nothing that it said to the unit.
        guard lab.faults.remembersAnswers, deviation?.hasReplied != true, deviation?.answer.isLost != true,
            let told = exchange?.facts
        else { return }
        lab.faults.remember(context.body, to: told)
    }

    private func edit(_ head: inout ResponseHead, _ deviation: Deviation, _ lab: Lab) {
        let told = exchange?.facts
        var draft = AnswerDraft(
            status: head.status.code,
            body: context.body,
            previous: told.flatMap { lab.faults.previousAnswer(to: $0) }
        )
        for edit in deviation.answer.edits {
            guard let reason = edit.change(&draft) else { continue }
            lab.faults.missed(edit.rule, because: reason)
            deviation.retract(edit.rule, ofExchangeBecause: reason, isOfOtherLab: isForOtherLab)
        }
        context.body = draft.body
        if let status = Status(code: draft.status), status != head.status {
            workspace?.exchange.reason = workspace?.exchange.reason ?? "\(head.status.code) without a rule"
            head.status = status
        }
        if let type = draft.contentType.flatMap({ try? FieldValue(validating: $0) }) { head.contentType = type }
        if let code = draft.code { workspace?.exchange.code = code }
        deviation.lengthError = draft.lengthError
        if let cut = draft.cut { deviation.answer.cut = cut }
    }

    /// Cuts the answer in the loop's output buffer where the rules want it cut; `head` bytes of it come before the body.
    @inline(never)
    func cut(head: Int) {
        guard let deviation else { return }
        deviation.headCount = head
        let body = context.output.count - head
        if deviation.answer.isLost {
            context.output.removeAll(keepingCapacity: true)
        } else {
            let kept: Int
            switch deviation.answer.cut {
            case .bytes(let count)?: kept = head + min(count, body)
            case .fraction(let share)?: kept = head + Int((Double(body) * share).rounded(.down))
            case .total(let count)?: kept = min(count, head + body)
            case nil: return
            }
            context.output.removeLast(context.output.count - kept)
        }
        keepsAlive = false
        if deviation.answer.endsWithReset { deviation.ending = .reset }
    }

    /// Sends the loop's output buffer as the rules want it to travel, and ends the connection where they want that.
    @inline(never)
    func sendAsOrdered() async throws(ConnectionEnd) {
        guard let deviation else { return }
        if deviation.answer.isCorrupt { engine?.wire.corruptNextOutput() }
        let whole = context.output
        if let drip = deviation.answer.drip {
            let head = min(whole.count, deviation.headCount)
            try await send(whole[..<head])
            var offset = head
            while offset < whole.count {
                let next = min(whole.count, offset + drip.chunk)
                try await pause(Hold(.nanoseconds(1_000_000_000 * (next - offset) / drip.rate), under: drip.term))
                try await send(whole[offset..<next])
                offset = next
            }
        } else {
            try await send(whole[...])
        }
        if let ending = deviation.ending { throw .ordered(ending) }
    }

    private func send(_ piece: ArraySlice<UInt8>) async throws(ConnectionEnd) {
        context.output.removeAll(keepingCapacity: true)
        context.output += piece
        if try !send() { try await sendRest() }
        if deviation?.courier != nil { try await deliver() }
    }
}

/// The lab whose rules an exchange falls under, and what they see of it.
final class FaultedExchange {
    let lab: Lab
    /// Nil where no rule needs to know.
    let facts: ExchangeFacts?

    init(lab: Lab, facts: ExchangeFacts?) {
        self.lab = lab
        self.facts = facts
    }
}
