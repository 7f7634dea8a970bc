import Faults
import HTTP
import IO
import Journal
import Lab
import TLS

/// Requests in, answers out.
extension Connection {
    /// Waits for the next request, which then lies in the workspace; false at the connection's good end.
    func nextRequest() async throws(ConnectionEnd) -> Bool {
        beginWait()
        while true {
            switch try readOn() {
            case .complete: return true
            case .ended: return false
            case .wantsRead(let isIdle):
                if isShaped {
                    try await fetch(isInterruptible: isIdle, what: "request")
                } else {
                    try allow(await channel.readable(until: deadline, isInterruptible: isIdle), what: "request")
                }
                if takesTurns {
                    try await takeTurn(.brief)
                    hasTurn = true
                }
                isReadable = true
            case .wantsWrite:
                try allow(await channel.writable(until: deadline), what: "room to write")
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
        deadline = isAtDoor ? accepted + Self.doorTimeout : loop.now.later(byNanoseconds: listener.patience.idle)
        awaitsRequest = true
        if deviates { deviation?.courier?.endExchange() }
    }

    /// Reads as far as it goes without a wait.
    @inline(never)
    private func readOn() throws(ConnectionEnd) -> Step {
        while true {
            switch advance() {
            case .complete(let request):
                workspace?.request = request
                workspace?.begun = loop.now
                awaitsRequest = false
                // A rule that comes while this one is answered is not to take the one before for it.
                exchange = nil
                return .complete
            case .refused(let refusal): throw .refused(refusal)
            case .expectsContinue:
                try admitBody()
                return .wantsContinue
            case .needsMore: try admitBody()
            }
            guard isReadable || engine?.hasPending == true else {
                return waitToRead()
            }
            isReadable = false
            let workspace = takeWorkspace()
            switch try receive(into: &workspace.input, expecting: workspace.reader.neededCount) {
            case .bytes: break
            case .wantsRead: return waitToRead()
            case .wantsWrite: return .wantsWrite
            case .end(let isAnnounced):
                guard !workspace.hasBegun else { throw .truncated(arrival) }
                guard isAnnounced else { throw .peerClosed }
                return .ended
            }
        }
    }

    /// Asks the service, once, whether a body that is on its way may come, and holds what has come to the bound.
    @inline(never)
    private func admitBody() throws(ConnectionEnd) {
        guard let workspace, workspace.reader.stage == .body, let head = workspace.reader.head else { return }
        if isAtDoor, workspace.input.withUnread({ listener.service.refusalAtDoor(of: head, in: $0.span) != nil }) {
            let retry = ResponseField("Retry-After", "1")
            let reason = "every place of this plane is taken"
            throw .objected(Objection(.serviceUnavailable, reason, named: "crowded", fields: [retry]))
        }
        let ruling =
            workspace.ruling ?? workspace.input.withUnread { listener.service.ruling(on: head, in: $0.span) }
        workspace.ruling = ruling
        switch ruling {
        case .admitted(nil): return
        case .admitted(let limit?):
            // Of a body in chunks only what has come is known, what frames it included.
            let announced = head.body.count
            let came = workspace.input.count - head.body.lowerBound - limits.request.chunkFramingBytes
            guard announced > limit || (announced == 0 && came > limit) else { return }
            let reason = "the body is larger than the \(limit) bytes that this path takes"
            throw .objected(Objection(.contentTooLarge, reason, named: "too-large"))
        case .refused(let objection): throw .objected(objection)
        }
    }

    private func waitToRead() -> Step {
        releaseIdleWorkspace()
        return .wantsRead(isIdle: workspace?.hasBegun != true)
    }

    /// Lets the reader look at what is there, and sets the deadline of the stage that it gets to.
    private func advance() -> RequestReader.Progress {
        guard let workspace, !workspace.input.isEmpty else { return .needsMore }
        let stage = workspace.reader.stage
        let progress = workspace.input.withUnread { bytes in workspace.reader.advance(over: &bytes) }
        if workspace.reader.stage != stage, !isAtDoor {
            let patience = workspace.reader.stage == .body ? listener.patience.body : listener.patience.head
            deadline = loop.now.later(byNanoseconds: patience)
        }
        return progress
    }

    @inline(never)
    private func sendContinue() throws(ConnectionEnd) -> Bool {
        context.output.removeAll(keepingCapacity: true)
        context.output += ResponseWriter.continueInterim
        return try send()
    }

    /// Lets the service read the request, and writes the answer where that takes no wait; what does is returned.
    @inline(never)
    func readRequest() -> Answering.Call? {
        guard let workspace else { preconditionFailure("a request lies in the workspace until it is answered") }
        if deviation?.hasReplied == true { return nil }
        let context = self.context
        let request = workspace.request
        workspace.exchange.begin(on: id)
        workspace.exchange.requestBytes = request.body.count
        workspace.ruling = nil
        let alteration = deviation?.alteration
        if isAtDoor,
            let refusal = workspace.input.withUnread({ listener.service.refusalAtDoor(of: request, in: $0.span) })
        {
            write(refusal)
            return nil
        }
        let reading = workspace.input.withUnread { bytes in
            if let alteration, !alteration.isNone {
                return listener.service.read(
                    request,
                    in: bytes.span,
                    on: context,
                    for: &workspace.exchange,
                    altered: alteration
                )
            }
            return listener.service.read(request, in: bytes.span, on: context, for: &workspace.exchange)
        }
        switch reading {
        case .answered(let answer): write(answer)
        case .call(let call): return call
        }
        return nil
    }

    /// Lets the service carry out what takes a wait, and writes the answer.
    @inline(never)
    func carryOut(_ call: Answering.Call) async {
        if Answering.watchesCallers { return write(await carryOutWatching(call)) }
        write(await listener.service.carryOut(call, for: nil))
    }

    /// Writes an answer into the loop's output buffer.
    private func write(_ answer: Answering.Answer) {
        guard let workspace else { preconditionFailure("a request lies in the workspace until it is answered") }
        let context = self.context
        context.emptyBody()
        let head = listener.service.write(answer, into: &context.body, for: &workspace.exchange)
        finish(head, stream: listener.service.stream(of: answer))
    }

    /// Puts `head` and the body in the loop's buffer into its output buffer, as the rules want it.
    func finish(_ head: ResponseHead, stream: (any BodyStream)?) {
        guard let workspace else { preconditionFailure("a request lies in the workspace until it is answered") }
        var head = head
        stage = .answer
        if LabFaults.areAny || deviates { deviate(&head) }
        workspace.stream = stream
        keepsAlive = workspace.request.keepAlive && !isAtDoor && !loop.isDraining && !listener.channels.isDraining
        // Only its end can tell a client of HTTP/1.0 where such a body ends.
        if stream != nil, workspace.request.version == .http10 { keepsAlive = false }
        head.persistence = .init(keepAlive: keepsAlive, version: workspace.request.version)
        head.isForHead = workspace.request.isHead
        let request = workspace.request
        // The stream says how a body would be framed; where none is asked for it has done its part.
        defer { if request.isHead { workspace.stream = nil } }
        put(head, workspace, requestHead: 0..<request.body.lowerBound, requestBody: request.body)
        workspace.input.drop(request.length)
    }

    /// Puts the loop's body behind `head` into its output buffer, and tells of the exchange, whose request still lies in
    /// the workspace.
    private func put(
        _ head: ResponseHead,
        _ workspace: Workspace,
        requestHead: Range<Int>,
        requestBody: Range<Int>
    ) {
        let context = self.context
        workspace.exchange.status = UInt16(head.status.code)
        workspace.exchange.answerBytes = context.body.count
        tellLog(workspace)
        context.emptyOutput()
        if workspace.stream == nil {
            append(head)
        } else {
            let length: ResponseWriter.Length = workspace.request.version == .http11 ? .chunked : .untilClose
            context.responses.appendHead(head, length: length, date: context.currentDate(), to: &context.output)
        }
        let bodyCount = head.isForHead || !head.status.allowsContent ? 0 : context.body.count
        let headCount = context.output.count - bodyCount
        cut(head: headCount)
        record(workspace, requestHead, requestBody, answerHead: min(headCount, context.output.count))
    }

    /// Appends the answer to the output buffer; its length is the true one unless a rule lies.
    private func append(_ head: ResponseHead) {
        let context = self.context
        guard let error = deviation?.lengthError, error != 0 else {
            return context.responses.append(
                head,
                body: context.body,
                preface: context.currentPreface(),
                to: &context.output
            )
        }
        context.responses.appendHead(
            head,
            contentLength: max(0, context.body.count + error),
            date: context.currentDate(),
            to: &context.output
        )
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
        let workspace = takeWorkspace()
        // The end is told before its last words leave.
        if listener.lab != nil { engine?.wire.hold() }
        // It got as far as its request, also where a connection before its first was to be refused.
        stage = .request
        let parts = describeFragment(workspace)
        workspace.exchange.reason = objection.name
        workspace.begun = loop.now
        context.body = []
        let type = listener.service.writeRefusal(objection, into: &context.body)
        let head = ResponseHead(
            status: objection.status,
            contentType: type,
            persistence: .close,
            fields: objection.fields
        )
        put(head, workspace, requestHead: parts.head, requestBody: parts.body)
        do throws(ConnectionEnd) {
            if try !send() { try await sendRest() }
        } catch {
            // The peer is gone; the reason of the refusal is the end's reason.
        }
    }
}
