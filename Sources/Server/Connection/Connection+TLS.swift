import Faults
import HTTP
import IO
import Journal
import TLS
import TLSNames
import Transport

/// From the first byte to the end of the handshake.
extension Connection {
    /// What was read of the ClientHello, with every byte that came with it.
    ///
    /// An object, so that the waiting function holds a reference and not the whole.
    final class Hello {
        var reader = ClientHelloReader()
        /// All that was read, once the hello is whole.
        var bytes: [UInt8] = []
        /// Whether more must come before it is looked at.
        var isAwaited: Bool

        init(isAwaited: Bool) {
            self.isAwaited = isAwaited
        }
    }

    /// Waits for the ClientHello, decides how it is answered, and shakes hands.
    ///
    /// One function with one loop, whose state is in ``Hello`` and the transport: the deepest wait of the handshake
    /// would otherwise decide how much memory every connection keeps for its frames.
    @inline(never)
    func shakeHands() async throws(ConnectionEnd) {
        setHandshakeDeadline()
        let hello = makeHello()
        while true {
            let step = try step(hello)
            if !transport.isDirect { try await carry() }
            switch step {
            case nil:
                if reach(.hello) { try await act() }
                try beginTLS(reading: hello.bytes)
            case .wantsRead?:
                // Nothing is under way before the hello is whole, nor is anything that was asked before the handshake
                // is over.
                let wake = await channel.readable(until: transport.deadline, isInterruptible: true)
                try allow(wake, what: transport.hasTLS ? "handshake" : "ClientHello")
                if takesTurns, !transport.hasTLS { try await takeTurn(.brief) }
                if !transport.isDirect { try await bring() }
            case .wantsWrite?:
                try allow(await channel.writable(until: transport.deadline), what: "handshake")
            case .done?:
                noteHandshake()
                return
            case let hold?: try await wait(out: hold)
            }
        }
    }

    @inline(never)
    private func makeHello() -> Hello {
        // What came with a proxy's header is looked at before more is waited for.
        let count = exchange?.input.count ?? 0
        transport.countReceived(count)
        return Hello(isAwaited: count == 0)
    }

    @inline(never)
    func setHandshakeDeadline() {
        transport.deadline = accepted + (isAtDoor ? Self.doorTimeout : limits.handshakeTimeout)
    }

    /// Takes the handshake as far as it goes without a wait; nil where the hello is whole and nothing is decided yet.
    @inline(never)
    private func step(_ hello: Hello) throws(ConnectionEnd) -> Transport.HandshakeProgress? {
        guard transport.hasTLS else { return try examine(hello) ? nil : .wantsRead }
        do throws(StreamFailure) {
            return try transport.shakeHands()
        } catch {
            throw ConnectionEnd(error)
        }
    }

    /// Reads what is there and looks for a hello in all that was read so far, before any TLS state exists, so that
    /// everything about the handshake can still be chosen; whether it is whole.
    private func examine(_ hello: Hello) throws(ConnectionEnd) -> Bool {
        if hello.isAwaited {
            hello.isAwaited = false
            return false
        }
        transport.countReceived(try receiveBeginning(of: "its ClientHello") ?? 0)
        guard let exchange, !exchange.input.isEmpty else { return false }
        switch exchange.input.withUnread({ hello.reader.examine($0.span) }) {
        case .needsMore: return false
        case .hello(let message):
            noteHello(message)
            hello.bytes = exchange.input.takeUnread()
            releaseIdleExchange()
            return true
        case .notTLS(let what): throw .notTLS(what)
        case .malformed(let defect): throw .malformedHello(defect)
        }
    }

    /// Begins TLS on the hello that was read, as the rules want it.
    @inline(never)
    private func beginTLS(reading prefix: [UInt8]) throws(ConnectionEnd) {
        guard let tls = context.tls(for: listener.lab, asked: serverName) else {
            preconditionFailure("a TLS listener's loop has a TLS context")
        }
        do throws(StreamFailure) {
            try transport.beginTLS(as: tls, handshakeOptions(), reading: prefix)
        } catch {
            throw ConnectionEnd(error)
        }
    }
}
