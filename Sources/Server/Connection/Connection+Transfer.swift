import HTTP
import IO
import TLS
import Transport

/// Waiting, reading and writing, as the connection's story tells of them.
extension Connection {
    /// Lets the story go on where a wait ended well, and ends it where it did not.
    @inline(never)
    func allow(_ wake: Channel.Wake, what: StaticString) throws(ConnectionEnd) {
        do throws(TransportError) {
            try wake.require(what)
        } catch {
            throw ConnectionEnd(error)
        }
    }

    /// The connection's exchange, lent from the loop where it has none.
    func takeExchange() -> Exchange {
        if let exchange { return exchange }
        let lent = context.takeExchange(limits: limits.request)
        exchange = lent
        return lent
    }

    /// Gives the exchange back where nothing of a request is in it.
    func releaseIdleExchange() {
        guard let lent = exchange, lent.isIdle else { return }
        exchange = nil
        context.giveBack(lent)
    }

    /// Reads from the socket as it is, before anything is known of what comes.
    func receive(into buffer: inout InputBuffer) -> SystemCall.Result {
        var result = SystemCall.Result.wouldBlock
        buffer.makeRoom(forTotal: 0)
        _ = buffer.fill { space in
            result = transport.receive(into: &space)
            return if case .done(let count) = result { count } else { 0 }
        }
        return result
    }

    /// The same into the exchange at hand; nil where nothing has come, and the end where the peer has gone before
    /// all of `what` was there.
    func receiveBeginning(of what: String) throws(ConnectionEnd) -> Int? {
        let exchange = takeExchange()
        switch receive(into: &exchange.input) {
        case .done(0): throw exchange.input.isEmpty ? .peerClosed : .truncated(what)
        case .done(let count): return count
        case .wouldBlock: return nil
        case .failed(let code): throw .system(code, operation: "recv")
        }
    }

    /// Reads what is there behind what the buffer holds; `total` bytes are expected in it, where that is known.
    func read(into buffer: inout InputBuffer, expecting total: Int) throws(ConnectionEnd) -> ByteStream.Arrival {
        buffer.makeRoom(forTotal: total)
        var arrival = ByteStream.Arrival.wantsRead
        do throws(StreamFailure) {
            _ = try buffer.fill { (space: inout MutableSpan<UInt8>) throws(StreamFailure) -> Int in
                arrival = try transport.read(into: &space)
                return if case .bytes(let count) = arrival { count } else { 0 }
            }
        } catch {
            throw ConnectionEnd(error)
        }
        return arrival
    }

    /// Sends the loop's output buffer; false where not all of it has left at once, which is rare.
    @inline(never)
    func send() throws(ConnectionEnd) -> Bool {
        let context = self.context
        do throws(StreamFailure) {
            context.sent = try transport.write(context.output.span)
        } catch {
            throw ConnectionEnd(error)
        }
        return context.sent == context.output.count && transport.isDirect
    }

    /// Sends what ``send()`` left.
    ///
    /// It is copied first, since other connections will write into the shared buffer meanwhile.
    func sendRest() async throws(ConnectionEnd) {
        try await sendAll(Array(context.output[context.sent...]))
    }

    /// Sends these bytes, and waits for room.
    @inline(never)
    func sendAll(_ bytes: [UInt8]) async throws(ConnectionEnd) {
        do throws(TransportError) {
            try await transport.writeAll(bytes)
        } catch {
            throw ConnectionEnd(error)
        }
    }

    /// Ends the sending side and reads on for a while, dropping what comes, so that what was said last arrives.
    ///
    /// Whoever stops the server, or removes the lab, waits but a moment for peers that stay.
    func linger() async {
        channel.finishSending()
        var deadline = Instant.now + ServerLimits.lingerTimeout
        var isShort = false
        var remaining = ServerLimits.lingerBytes
        let exchange = takeExchange()
        while remaining > 0 {
            exchange.input.reset()
            switch receive(into: &exchange.input) {
            case .done(0), .failed: remaining = 0
            case .done(let count): remaining -= count
            case .wouldBlock:
                switch await channel.readable(until: deadline, isInterruptible: !isShort) {
                case .ready: continue
                case .draining:
                    isShort = true
                    deadline = min(deadline, Instant.now + ServerLimits.shortLingerTimeout)
                default: remaining = 0
                }
            }
        }
    }
}
