import Faults
import HTTP
import IO
import Journal
import TLS

/// From the first byte to the end of the handshake.
extension Connection {
    /// The ClientHello and every byte that was read with it.
    ///
    /// An object, so that the waiting functions hold a reference and not the whole.
    final class Hello {
        let message: ClientHello
        let bytes: [UInt8]

        init(message: ClientHello, bytes: [UInt8]) {
            self.message = message
            self.bytes = bytes
        }
    }

    /// Reads the ClientHello before any TLS state exists, so that everything about the handshake can still be chosen.
    func readHello() async throws(ConnectionEnd) -> Hello {
        setHandshakeDeadline()
        var reader = ClientHelloReader()
        // What came with a proxy's header is looked at before more is waited for.
        var hasMore = exchange?.input.isEmpty == false
        while true {
            // Nothing is under way before the hello is whole.
            if !hasMore {
                try allow(await channel.readable(until: deadline, isInterruptible: true), what: "ClientHello")
            }
            hasMore = false
            if takesTurns { try await takeTurn(.brief) }
            if let courier = deviation?.courier { try await pause(courier.latency()) }
            if let hello = try examineOpening(&reader) { return hello }
        }
    }

    @inline(never)
    func setHandshakeDeadline() {
        deadline = accepted + (isAtDoor ? Self.doorTimeout : limits.handshakeTimeout)
    }

    /// Reads what is there and looks for a hello in all that was read so far.
    @inline(never)
    private func examineOpening(_ reader: inout ClientHelloReader) throws(ConnectionEnd) -> Hello? {
        let exchange = takeExchange()
        exchange.input.makeRoom(forTotal: 0)
        switch receive(into: &exchange.input) {
        case .done(0) where exchange.input.isEmpty: throw .peerClosed
        case .done(0): throw .truncated("its ClientHello")
        case .done: break
        case .wouldBlock where exchange.input.isEmpty: return nil
        case .wouldBlock: break
        case .failed(let code): throw .system(code, operation: "recv")
        }
        bytesIn = UInt64(exchange.input.count)
        switch exchange.input.withUnread({ reader.examine($0.span) }) {
        case .needsMore: return nil
        case .hello(let message):
            noteHello(message)
            defer { releaseIdleExchange() }
            return Hello(message: message, bytes: exchange.input.takeUnread())
        case .notTLS(let what): throw .notTLS(what)
        case .malformed(let defect): throw .malformedHello(defect)
        }
    }

    /// Runs the handshake on the hello that was read.
    @inline(never)
    func handshake(after hello: Hello) async throws(ConnectionEnd) {
        if deviates { return try await handshakeAsOrdered(after: hello) }
        try makeEngine(reading: hello.bytes)
        while true {
            switch try progress() {
            case .done: return
            // Nor is anything that was asked before the handshake is over.
            case .wantsRead:
                try allow(await channel.readable(until: deadline, isInterruptible: true), what: "handshake")
            case .wantsWrite: try allow(await channel.writable(until: deadline), what: "handshake")
            }
        }
    }

    @inline(never)
    func makeEngine(reading prefix: [UInt8], _ options: HandshakeOptions? = nil) throws(ConnectionEnd) {
        guard let tls = context.tls(for: listener.lab, asked: serverName) else {
            preconditionFailure("a TLS listener's loop has a TLS context")
        }
        do throws(TLSError) {
            let wire = isShaped ? Wire(memoryWith: prefix) : Wire(socket: channel.number, prefix: prefix)
            wire.holdsAnswers = true
            engine = try Engine(server: tls, options: options, wire: wire)
        } catch {
            throw .tls(error)
        }
    }

    @inline(never)
    func progress() throws(ConnectionEnd) -> Engine.HandshakeProgress {
        do throws(TLSError) {
            return try engine?.handshake() ?? .done
        } catch {
            throw .tls(error)
        }
    }

    // MARK: - In clear, to a peer that speaks no TLS

    /// Answers an HTTP request that came without TLS.
    ///
    /// [our choice: plain-http-answer] What the service says to plain HTTP on its port is not public; a status 400 in
    /// clear is what a client can show.
    func refusePlainHTTP() {
        var bytes: [UInt8] = []
        let head = ResponseHead(status: .badRequest, contentType: .json, persistence: .close)
        let body = Array("{\"error\":\"this port speaks HTTPS\"}\n".utf8)
        context.responses.append(head, body: body, date: context.currentDate(), to: &bytes)
        recordPlain(bytes, head: bytes.count - body.count)
        say(bytes)
    }

    /// Says an alert as it is, once the end is told.
    func say(_ alert: AlertCode) {
        alertInClear = alert
        say(Alert.record(alert))
    }

    /// Says a few bytes as they are, once the end is told; a peer that takes none of them gets none.
    func say(_ bytes: [UInt8]) {
        takeExchange().farewell += bytes
    }
}
