import HTTP
import IO
import Journal
import TLS

/// Waiting, reading and writing, through TLS or in clear.
extension Connection {
    /// Lets the story go on where a wait ended well, and ends it where it did not.
    @inline(never)
    func allow(_ wake: Channel.Wake, what: StaticString) throws(ConnectionEnd) {
        switch wake {
        case .ready: return
        case .deadline: throw .timedOut("\(what)")
        case .draining: throw .drained
        case .aborted: throw .aborted
        case .displaced: throw .displaced
        // Only what a rule orders is recalled.
        case .recalled: return
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

    /// Reads from the socket as it is.
    func receive(into buffer: inout InputBuffer) -> SystemCall.Result {
        var result = SystemCall.Result.wouldBlock
        _ = buffer.fill { space in
            result = channel.receive(into: &space)
            return if case .done(let count) = result { count } else { 0 }
        }
        return result
    }

    /// What one attempt to read came to.
    enum Receipt {
        case bytes
        case wantsRead
        case wantsWrite
        case end(isAnnounced: Bool)
    }

    /// Reads what is there, decrypted, behind what the buffer holds; `total` bytes are expected in it, where that is known.
    func receive(into buffer: inout InputBuffer, expecting total: Int) throws(ConnectionEnd) -> Receipt {
        buffer.makeRoom(forTotal: total)
        guard engine != nil else { return try receiveInClear(into: &buffer) }
        var receipt = Receipt.wantsRead
        do throws(TLSError) {
            _ = try buffer.fill { (space: inout MutableSpan<UInt8>) throws(TLSError) -> Int in
                switch try engine?.read(into: &space) {
                case .bytes(let count):
                    receipt = .bytes
                    return count
                case .wantsRead, nil: receipt = .wantsRead
                case .wantsWrite: receipt = .wantsWrite
                case .closed: receipt = .end(isAnnounced: true)
                case .truncated: receipt = .end(isAnnounced: false)
                }
                return 0
            }
        } catch {
            throw .tls(error)
        }
        return receipt
    }

    private func receiveInClear(into buffer: inout InputBuffer) throws(ConnectionEnd) -> Receipt {
        switch receive(into: &buffer) {
        case .done(0): return .end(isAnnounced: true)
        case .done(let count):
            bytesIn += UInt64(count)
            return .bytes
        case .wouldBlock: return .wantsRead
        case .failed(let code): throw .system(code, operation: "recv")
        }
    }

    /// Sends the loop's output buffer; false where the socket does not take all of it at once, which is rare.
    @inline(never)
    func send() throws(ConnectionEnd) -> Bool {
        let context = self.context
        context.sent = try write(context.output.span, from: 0)
        return context.sent == context.output.count
    }

    /// Sends what ``send()`` left.
    ///
    /// It is copied first, since other connections will write into the shared buffer meanwhile.
    func sendRest() async throws(ConnectionEnd) {
        let rest = Array(context.output[context.sent...])
        let deadline = loop.now + limits.writeTimeout
        var offset = 0
        while offset < rest.count {
            try allow(await channel.writable(until: deadline), what: "room to write")
            offset = try write(rest.span, from: offset)
        }
    }

    /// Writes as much as is taken and returns how far it came.
    private func write(_ bytes: Span<UInt8>, from start: Int) throws(ConnectionEnd) -> Int {
        var offset = start
        while offset < bytes.count {
            let rest = bytes.extracting(offset..<bytes.count)
            guard engine != nil else {
                switch channel.send(rest) {
                case .done(let count):
                    bytesOut += UInt64(count)
                    offset += count
                    continue
                case .wouldBlock: return offset
                case .failed(let code): throw .system(code, operation: "send")
                }
            }
            do throws(TLSError) {
                switch try engine?.write(rest) {
                case .bytes(let count): offset += count
                case .wantsRead, .wantsWrite, nil: return offset
                }
            } catch {
                throw .tls(error)
            }
        }
        return offset
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
