import Faults
import HTTP
import IO
import Journal
import Lab
import TLS
import Transport

/// Requests in, answers out.
extension Connection {
    /// What a wait for a request came to.
    enum Arrival {
        /// One is at hand.
        case request
        /// Nothing has come for a while.
        case rest
        /// The connection's good end.
        case end
    }

    /// Waits for the next request.
    ///
    /// Inlined: as a function of its own it would cost every waiting connection a frame, and every request a switch.
    @inline(__always)
    func nextRequest() async throws(ConnectionEnd) -> Arrival {
        while true {
            switch try readOn() {
            case .complete: return .request
            case .ended: return .end
            case .wantsRead(let isIdle):
                if !transport.isDirect { try await carry() }
                let patience = patience(isIdle: isIdle)
                let wake = await channel.readable(until: patience, isInterruptible: isIdle)
                if wake == .deadline, patience < transport.deadline { return .rest }
                try allow(wake, what: "request")
                if !transport.isDirect { try await bring() }
                if takesTurns {
                    try await takeTurn(.brief)
                    hasTurn = true
                }
                isReadable = true
            case .wantsWrite:
                try allow(await channel.writable(until: transport.deadline), what: "room to write")
                // What is to be written is written by the next read.
                isReadable = true
            case .wantsContinue: if try !sendContinue() { try await sendRest() }
            }
        }
    }

    /// Goes on where it rested.
    func goOn(after wake: Channel.Wake) throws(ConnectionEnd) {
        try allow(wake, what: "request")
        isReadable = true
    }

    /// Until when is waited to read: not so long where the connection may rest then.
    private func patience(isIdle: Bool) -> Instant {
        guard isIdle, exchange == nil, transport.isDirect, !takesTurns, !isAtDoor else { return transport.deadline }
        return transport.deadline.earlier(byNanoseconds: listener.patience.rest)
    }

    /// What keeps a request from being complete.
    private enum Step {
        case complete
        case ended
        case wantsRead(isIdle: Bool)
        case wantsWrite
        case wantsContinue
    }

    @inline(never)
    func beginWait() {
        transport.deadline =
            isAtDoor ? accepted + Self.doorTimeout : loop.now.later(byNanoseconds: listener.patience.idle)
        awaitsRequest = true
        transport.beginExchange()
    }

    /// Reads as far as it goes without a wait.
    @inline(never)
    private func readOn() throws(ConnectionEnd) -> Step {
        while true {
            switch advance() {
            case .complete:
                exchange?.begin(on: id, of: listener.lab, at: loop.now)
                awaitsRequest = false
                // A rule that comes while this one is answered is not to take the one before for it.
                reading = nil
                return .complete
            case .refused(let refusal): throw .refused(refusal)
            case .expectsContinue:
                try admitBody()
                return .wantsContinue
            case .needsMore: try admitBody()
            }
            guard isReadable || transport.hasPending else {
                return waitToRead()
            }
            isReadable = false
            let exchange = takeExchange()
            switch try read(into: &exchange.input, expecting: exchange.conversation.neededCount) {
            case .bytes: break
            case .wantsRead: return waitToRead()
            case .wantsWrite: return .wantsWrite
            case .closed where !exchange.conversation.hasBegun: return .ended
            case .truncated where !exchange.conversation.hasBegun: throw .peerClosed
            case .closed, .truncated: throw .truncated(arrival)
            }
        }
    }

    /// Asks the service, once, whether a body that is on its way may come, and holds what has come to the bound.
    @inline(never)
    private func admitBody() throws(ConnectionEnd) {
        guard let exchange, exchange.conversation.stage == .body, let head = exchange.conversation.head else { return }
        if isAtDoor, exchange.input.withUnread({ listener.service.refusalAtDoor(of: head, in: $0.span) != nil }) {
            throw .objected(.crowded)
        }
        let ruling =
            exchange.ruling ?? exchange.input.withUnread { listener.service.ruling(on: head, in: $0.span) }
        exchange.ruling = ruling
        switch ruling {
        case .admitted(nil): return
        case .admitted(let limit?):
            guard exchange.conversation.exceeds(limit, given: exchange.input.count) else { return }
            throw .objected(.tooLarge(for: limit))
        case .refused(let objection): throw .objected(objection)
        }
    }

    private func waitToRead() -> Step {
        releaseIdleExchange()
        return .wantsRead(isIdle: exchange?.conversation.hasBegun != true)
    }

    /// Lets the reader look at what is there, and sets the deadline of the stage that it gets to.
    private func advance() -> RequestReader.Progress {
        guard let exchange, !exchange.input.isEmpty else { return .needsMore }
        let (next, begins) = exchange.input.withUnread { bytes in exchange.conversation.advance(over: &bytes) }
        if let begins, !isAtDoor {
            let patience = begins == .body ? listener.patience.body : listener.patience.head
            transport.deadline = loop.now.later(byNanoseconds: patience)
        }
        return next
    }

    @inline(never)
    private func sendContinue() throws(ConnectionEnd) -> Bool {
        context.output.removeAll(keepingCapacity: true)
        context.output += ResponseWriter.continueInterim
        return try send()
    }

    /// Has the service read the request, where rules did not, and answer it where that takes no wait; whether it did.
    @inline(never)
    func answerAtOnce() -> Bool {
        guard let exchange else { preconditionFailure("a request is at hand until it is answered") }
        if exchange.isAnswered { return true }
        if isAtDoor, refuseAtDoor(exchange) { return true }
        let context = self.context
        let message =
            if let reading { altered(reading.message) } else { listener.service.read(exchange, on: context) }
        context.emptyBody()
        if let head = listener.service.answer(message, to: exchange, into: &context.body) {
            finish(head)
            return true
        }
        reading = Reading(message, of: exchange.lab, facts: reading?.facts)
        return false
    }

    private func refuseAtDoor(_ exchange: Exchange) -> Bool {
        let (service, request) = (listener.service, exchange.request)
        guard let refusal = exchange.withBytes({ service.refusalAtDoor(of: request, in: $0) }) else { return false }
        write(refusal)
        return true
    }

    /// Has the service carry out what takes a wait, and writes what came of it.
    @inline(never)
    func carryOut() async {
        guard let message = reading?.message else { preconditionFailure("what takes a wait is kept") }
        write(
            Answering.watchesCallers
                ? await carryOutWatching(message) : await listener.service.carryOut(message, for: nil)
        )
        forgetReading()
    }

    private func write(_ answer: Answering.Answer) {
        guard let exchange else { preconditionFailure("a request is at hand until it is answered") }
        let context = self.context
        context.emptyBody()
        finish(listener.service.write(answer, to: exchange, into: &context.body))
    }

    /// Puts `head` and the body in the loop's buffer into its output buffer, as the rules want it.
    func finish(_ head: consuming ResponseHead) {
        guard let exchange else { preconditionFailure("a request is at hand until it is answered") }
        stage = .answer
        amend(&head)
        let isLast = isAtDoor || loop.isDraining || listener.channels.isDraining
        exchange.conversation.frame(&head, isLast: isLast, isStream: exchange.stream != nil)
        put(head, exchange, body: exchange.request.body)
        // The stream says how a body would be framed; where none is asked for it has done its part.
        if head.isForHead { exchange.stream = nil }
        exchange.input.drop(exchange.request.length)
    }

    /// Puts the loop's body behind `head` into its output buffer, and tells of the exchange, whose request is still
    /// there.
    private func put(_ head: ResponseHead, _ exchange: Exchange, body: Range<Int>) {
        let context = self.context
        exchange.record.status = UInt16(head.status.code)
        exchange.record.answerBytes = context.body.count
        tellLog(exchange)
        context.emptyOutput()
        append(head, exchange)
        let bodyCount = head.isForHead || !head.status.allowsContent ? 0 : context.body.count
        let headCount = context.output.count - bodyCount
        cut(head: headCount)
        record(exchange, body: body, answerHead: min(headCount, context.output.count))
    }

    /// Appends the answer to the output buffer; its length is the true one unless a rule lies, or it is not known yet.
    private func append(_ head: ResponseHead, _ exchange: Exchange) {
        let context = self.context
        let preface = context.currentPreface()
        let length: ResponseWriter.Length? =
            exchange.stream == nil ? exchange.announcedLength.map { .bytes($0) } : exchange.conversation.streamLength
        if length == nil, preface.append(head, body: context.body, to: &context.output) { return }
        context.responses.append(head, length: length, body: context.body, date: preface.date, to: &context.output)
    }

    /// Answers what could not be read as a request, is not wanted or did not come in time, as far as the peer still
    /// listens.
    func refuse(because objection: Objection) async {
        let context = self.context
        let exchange = takeExchange()
        // The end is told before its last words leave.
        if listener.lab != nil { transport.hold() }
        // It got as far as its request, also where a connection before its first was to be refused.
        stage = .request
        let body = describeFragment(exchange)
        exchange.record.reason = objection.name
        exchange.begun = loop.now
        context.body = []
        let type = listener.service.writeRefusal(objection, into: &context.body)
        let head = ResponseHead(
            status: objection.status,
            contentType: type,
            persistence: .close,
            fields: objection.fields
        )
        put(head, exchange, body: body)
        do throws(ConnectionEnd) {
            if try !send() { try await sendRest() }
        } catch {
            // The peer is gone; the reason of the refusal is the end's reason.
        }
    }
}
