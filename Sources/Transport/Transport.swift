package import Faults
package import IO
package import TLS

/// One connection's bytes on a loop: in clear or through TLS, and as an order of the lab's rules wants them to travel
/// where there is one.
///
/// Bytes go straight between the socket and TLS on nearly all connections (``isDirect``): then whoever owns this waits
/// on ``channel`` itself, since a wait inside another function would cost every waiting connection a frame. Where they
/// do not, TLS reads from memory and writes to it, and what moves them between there and the socket is ``bring()``
/// and ``carry()``.
///
/// It lives on its channel's loop, as everything does that calls it.
package final class Transport {
    /// Where it waits.
    package let channel: Channel

    @exclusivity(unchecked) private var contents: Contents

    /// What is lent to calls as it lies here; its accesses are not checked while the program runs, since one connection
    /// on one loop has it, and what borrows a part of it does not come back to the same part.
    private struct Contents: ~Copyable {
        var stream: ByteStream
        var deadline = Instant.never
    }

    /// How the bytes travel, where they do not go straight.
    var courier: Courier?
    /// What was made of it that the peer has ended its side during an ordered wait; nil where it has not.
    var peerEnd: PeerEnd?
    /// Whether nothing is said at its end, neither close_notify nor anything else.
    package private(set) var endsAbruptly = false
    /// How long one write may wait for room.
    let writeTimeout: Duration

    /// The bytes of a connected socket, of which one write waits for room at most so long.
    package init(over channel: Channel, writeTimeout: Duration) {
        self.channel = channel
        self.writeTimeout = writeTimeout
        unsafe contents = Contents(stream: ByteStream(over: channel.number))
    }

    /// The bytes as they go to the socket and come from it.
    var stream: ByteStream {
        _read { yield unsafe contents.stream }
        _modify { yield unsafe &contents.stream }
    }

    /// When what is waited for must be over.
    package var deadline: Instant {
        _read { yield unsafe contents.deadline }
        _modify { yield unsafe &contents.deadline }
    }

    /// Whether its bytes go straight between the socket and whoever reads and writes.
    package var isDirect: Bool { courier == nil }

    /// Whether there is TLS.
    package var hasTLS: Bool { stream.engine != nil }

    /// The wire that its TLS has, once there is any.
    package var wire: Wire? { stream.engine?.wire }

    // MARK: TLS

    /// Begins TLS as its server, with what was read of the peer's already.
    package func beginTLS(
        as context: ServerContext,
        _ options: HandshakeOptions? = nil,
        reading prefix: [UInt8]
    ) throws(StreamFailure) {
        let wire = isDirect ? Wire(socket: channel.number, prefix: prefix) : Wire(memoryWith: prefix)
        wire.holdsAnswers = true
        do throws(TLSError) {
            stream.engine = try Engine(server: context, options: options, wire: wire)
        } catch {
            throw .tls(error)
        }
    }

    /// How far a handshake has come.
    package enum HandshakeProgress {
        /// It is complete.
        case done
        /// There is nothing to read.
        case wantsRead
        /// There is no room to write.
        case wantsWrite
        /// A record plan holds back what comes next, for its gap: ``release()`` lets it go on.
        case held
        /// A record plan lets nothing more leave.
        case stalled
        /// A record plan has ended what leaves.
        case ended
    }

    /// Takes the handshake as far as it goes without a wait.
    package func shakeHands() throws(StreamFailure) -> HandshakeProgress {
        var progress: Engine.HandshakeProgress?
        do throws(TLSError) {
            progress = try stream.engine?.handshake() ?? .done
        } catch {
            guard error.cause == .outputEnded else { throw .tls(error) }
        }
        switch wire?.held {
        case .next: return .held
        case .stalled: return .stalled
        case .ended: return .ended
        case nil: break
        }
        return switch progress {
        case .done: .done
        case .wantsRead: .wantsRead
        case .wantsWrite: .wantsWrite
        case nil: .ended
        }
    }

    /// Lets the record go that was held back.
    package func release() { wire?.release() }

    /// What was negotiated, once the handshake is over.
    package var negotiation: Negotiation? { stream.engine?.negotiation }

    /// Whether an earlier session was resumed.
    package var isResumed: Bool { stream.engine?.isResumed == true }

    /// The peer's certificate, where it showed one.
    package var peerCertificate: PeerCertificate? { stream.engine?.peerCertificate }

    /// Flips a bit in what leaves next, behind encryption.
    package func corruptNextOutput() { wire?.corruptNextOutput() }

    // MARK: Orders

    /// Has the bytes travel as an order wants it: until ``beginExchange()``, or to the end.
    package func shape(as shaping: Shaping, forExchange: Bool) {
        let courier = self.courier ?? Courier()
        courier.shape(as: shaping, forExchange: forExchange)
        self.courier = courier
        wire?.becomeMemory()
    }

    /// Forgets what was ordered for one exchange, before the peer is waited for again.
    package func beginExchange() { courier?.endExchange() }

    /// Has it end without a word: in good order as far as the peer's system goes, or by a reset.
    package func endAbruptly(byReset: Bool) {
        endsAbruptly = true
        if byReset { channel.resetWhenClosed() }
    }

    // MARK: Counts

    /// How many bytes have come.
    package var bytesIn: UInt64 { wire.map { UInt64($0.bytesIn) } ?? stream.clearIn }

    /// How many bytes have left for the peer.
    package var bytesOut: UInt64 {
        wire.map { UInt64($0.bytesOut - $0.unsent - (courier?.waiting ?? 0)) } ?? stream.clearOut
    }
}

/// Why what was waited for did not come about.
///
/// Boxed, as ``StreamFailure`` is.
package indirect enum TransportError: Error {
    /// Nothing more can be read or written.
    case failed(StreamFailure)
    /// A wait ended otherwise than well.
    case ended(Channel.Wake, waitingFor: String)
    /// The peer went during a wait that was ordered.
    case peerGone
    /// As many bytes have left as an order lets leave.
    case limitReached
}

extension Channel.Wake {
    /// Lets whoever waited for `what` go on where the wait ended well; throws where it did not.
    package func require(_ what: StaticString) throws(TransportError) {
        switch self {
        // Only ordered waits are recalled, and then it goes on.
        case .ready, .recalled: return
        case .deadline, .draining, .aborted, .displaced: throw .ended(self, waitingFor: "\(what)")
        }
    }
}
