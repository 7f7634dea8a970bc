import Faults
import HTTP
import IO
import Journal
import Lab
import Transport

/// Requests in, answers out.
extension Connection {
    /// Waits for the next request, which is then at hand; false at the connection's good end.
    ///
    /// Inlined: as a function of its own it would cost every waiting connection a frame, and every request a switch.
    @inline(__always)
    func nextRequest() async throws(ConnectionEnd) -> Bool {
        beginWait()
        while true {
            switch try readOn() {
            case .complete: return true
            case .ended: return false
            case .wantsRead(let isIdle):
                if !transport.isDirect { try await carry() }
                let wake = await channel.readable(until: transport.deadline, isInterruptible: isIdle)
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

    /// What keeps a request from being complete.
    private enum Step {
        case complete
        case ended
        case wantsRead(isIdle: Bool)
        case wantsWrite
        case wantsContinue
    }

    @inline(never)
    private func beginWait() {
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
            switch try read(into: &exchange.input, expecting: exchange.reader.neededCount) {
            case .bytes: break
            case .wantsRead: return waitToRead()
            case .wantsWrite: return .wantsWrite
            case .end(let isAnnounced):
                guard !exchange.hasBegun else { throw .truncated(arrival) }
                guard isAnnounced else { throw .peerClosed }
                return .ended
            }
        }
    }

    /// Asks the service, once, whether a body that is on its way may come, and holds what has come to the bound.
    @inline(never)
    private func admitBody() throws(ConnectionEnd) {
        guard let exchange, exchange.reader.stage == .body, let head = exchange.reader.head else { return }
        if isAtDoor, exchange.input.withUnread({ listener.service.refusalAtDoor(of: head, in: $0.span) != nil }) {
            let retry = ResponseField("Retry-After", "1")
            let reason = "every place of this plane is taken"
            throw .objected(Objection(.serviceUnavailable, reason, named: "crowded", fields: [retry]))
        }
        let ruling =
            exchange.ruling ?? exchange.input.withUnread { listener.service.ruling(on: head, in: $0.span) }
        exchange.ruling = ruling
        switch ruling {
        case .admitted(nil): return
        case .admitted(let limit?):
            // Of a body in chunks only what has come is known, what frames it included.
            let announced = head.body.count
            let came = exchange.input.count - head.body.lowerBound - limits.request.chunkFramingBytes
            guard announced > limit || (announced == 0 && came > limit) else { return }
            let reason = "the body is larger than the \(limit) bytes that this path takes"
            throw .objected(Objection(.contentTooLarge, reason, named: "too-large"))
        case .refused(let objection): throw .objected(objection)
        }
    }

    private func waitToRead() -> Step {
        releaseIdleExchange()
        return .wantsRead(isIdle: exchange?.hasBegun != true)
    }

    /// Lets the reader look at what is there, and sets the deadline of the stage that it gets to.
    private func advance() -> RequestReader.Progress {
        guard let exchange, !exchange.input.isEmpty else { return .needsMore }
        let stage = exchange.reader.stage
        let progress = exchange.input.withUnread { bytes in exchange.reader.advance(over: &bytes) }
        if exchange.reader.stage != stage, !isAtDoor {
            let patience = exchange.reader.stage == .body ? listener.patience.body : listener.patience.head
            transport.deadline = loop.now.later(byNanoseconds: patience)
        }
        return progress
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
    func finish(_ head: ResponseHead) {
        guard let exchange else { preconditionFailure("a request is at hand until it is answered") }
        var head = head
        stage = .answer
        amend(&head)
        let request = exchange.request
        let streams = exchange.stream != nil
        keepsAlive = request.keepAlive && !isAtDoor && !loop.isDraining && !listener.channels.isDraining
        // Only its end can tell a client of HTTP/1.0 where such a body ends.
        if streams, request.version == .http10 { keepsAlive = false }
        head.persistence = .init(keepAlive: keepsAlive, version: request.version)
        head.isForHead = request.isHead
        put(head, exchange, requestHead: 0..<request.body.lowerBound, requestBody: request.body)
        // The stream says how a body would be framed; where none is asked for it has done its part.
        if streams, request.isHead { exchange.stream = nil }
        exchange.input.drop(request.length)
    }

    /// Puts the loop's body behind `head` into its output buffer, and tells of the exchange, whose request is still
    /// there.
    private func put(
        _ head: ResponseHead,
        _ exchange: Exchange,
        requestHead: Range<Int>,
        requestBody: Range<Int>
    ) {
        let context = self.context
        exchange.record.status = UInt16(head.status.code)
        exchange.record.answerBytes = context.body.count
        tellLog(exchange)
        context.emptyOutput()
        if exchange.stream == nil {
            append(head)
        } else {
            let length: ResponseWriter.Length = exchange.request.version == .http11 ? .chunked : .untilClose
            context.responses.appendHead(head, length: length, date: context.currentDate(), to: &context.output)
        }
        let bodyCount = head.isForHead || !head.status.allowsContent ? 0 : context.body.count
        let headCount = context.output.count - bodyCount
        cut(head: headCount)
        record(exchange, requestHead, requestBody, answerHead: min(headCount, context.output.count))
    }

    /// Appends the answer to the output buffer; its length is the true one unless a rule lies.
    private func append(_ head: ResponseHead) {
        let context = self.context
        guard let length = exchange?.announcedLength else {
            return context.responses.append(
                head,
                body: context.body,
                preface: context.currentPreface(),
                to: &context.output
            )
        }
        context.responses.appendHead(head, contentLength: length, date: context.currentDate(), to: &context.output)
        context.output += context.body
    }

    // MARK: - Refusals

    /// Answers what could not be read as a request, as far as the peer still listens.
    func refuse(_ refusal: Refusal) async {
        await sendRefusal(Objection(refusal.status, refusal.reason, named: refusal.name))
    }

    /// Answers a request whose body the service does not want.
    func object(_ objection: Objection) async {
        await sendRefusal(objection)
    }

    /// Answers a request that did not come in time.
    func refuseLate() async {
        await sendRefusal(Objection(.requestTimeout, "the request did not arrive in time", named: "timeout"))
    }

    private func sendRefusal(_ objection: Objection) async {
        let context = self.context
        let exchange = takeExchange()
        // The end is told before its last words leave.
        if listener.lab != nil { transport.hold() }
        // It got as far as its request, also where a connection before its first was to be refused.
        stage = .request
        let parts = describeFragment(exchange)
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
        put(head, exchange, requestHead: parts.head, requestBody: parts.body)
        do throws(ConnectionEnd) {
            if try !send() { try await sendRest() }
        } catch {
            // The peer is gone; the reason of the refusal is the end's reason.
        }
    }
}
