import Glibc
import IO
package import TLS

/// A client on one thread that waits for what it asks, over TCP or over TLS on it, and can misbehave on purpose.
///
/// Every wait has an end: ``timeout``, unless a call says otherwise. It talks to 127.0.0.1 only.
package final class TestClient {
    /// What came when something was waited for.
    package enum Arrival: Hashable, Sendable {
        /// Bytes, decrypted where TLS is spoken.
        case bytes([UInt8])
        /// The peer's orderly end of the stream.
        case end
        /// A reset.
        case reset
        /// Nothing in the time given.
        case nothing
    }

    /// How long a call waits where nobody says.
    package static let patience = Duration.seconds(10) * Sanitizer.slowdown

    /// How long a call waits where it does not say.
    package let timeout: Duration
    /// The client's own port, by which a trace knows the connection.
    package private(set) var port: UInt16

    var descriptor: OwnedDescriptor?
    var engine: Engine?
    /// What was received and not yet used.
    var received: [UInt8] = []

    /// Connects to a port of 127.0.0.1; no byte is sent yet.
    ///
    /// `receiveBuffer` bounds the bytes that the kernel takes in for a client that does not read; `host` is the last
    /// byte of the address that it connects from, 127.0.0.1 without one.
    package init(
        port: UInt16,
        timeout: Duration = TestClient.patience,
        receiveBuffer: Int? = nil,
        host: UInt8? = nil
    ) throws(TestClientError) {
        self.timeout = timeout
        self.port = 0
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let number = socket(AF_INET, type, 0)
        guard number >= 0 else { throw .system(errno, operation: "socket") }
        descriptor = OwnedDescriptor(adopting: number)
        // Without it, a request sent in two pieces waits 40 ms for the first one's acknowledgement.
        Self.set(TCP_NODELAY, at: CInt(IPPROTO_TCP), to: 1, on: number)
        if let receiveBuffer { Self.set(SO_RCVBUF, at: SOL_SOCKET, to: CInt(clamping: receiveBuffer), on: number) }
        if let host, unsafe Self.pass(Self.loopback(0, host), to: bind, on: number) != 0 {
            throw .system(errno, operation: "bind")
        }
        guard unsafe Self.pass(Self.loopback(port, 1), to: connect, on: number) == 0 else {
            throw .system(errno, operation: "connect")
        }
        self.port = Self.ownPort(of: number)
    }

    /// Connects and shakes hands.
    package convenience init(
        port: UInt16,
        trusting context: ClientContext,
        name: String = "localhost",
        timeout: Duration = TestClient.patience,
        receiveBuffer: Int? = nil
    ) throws(TestClientError) {
        try self.init(port: port, timeout: timeout, receiveBuffer: receiveBuffer)
        try startTLS(trusting: context, name: name)
    }

    /// Shakes hands over the connection.
    package func startTLS(trusting context: ClientContext, name: String = "localhost") throws(TestClientError) {
        let deadline = Instant.now + timeout
        do throws(TLSError) {
            engine = try Engine(client: context, serverName: name, wire: Wire(socket: number))
        } catch {
            throw .tls(error)
        }
        while true {
            let progress: Engine.HandshakeProgress
            do throws(TLSError) {
                progress = try engine?.handshake() ?? .done
            } catch {
                throw .tls(error)
            }
            switch progress {
            case .done: return
            case .wantsRead: try wait(for: POLLIN, until: deadline, "the handshake")
            case .wantsWrite: try wait(for: POLLOUT, until: deadline, "room for the handshake")
            }
        }
    }

    /// Whether the handshake was a short one, on an earlier session; nil without TLS.
    package var hasResumed: Bool? { engine?.negotiation?.isResumed }

    /// Ends the connection in good order.
    package func close() {
        engine?.shutdown()
        engine = nil
        descriptor = nil
    }

    /// Ends the connection by a reset, and without a word in TLS.
    package func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
        engine = nil
        descriptor = nil
    }

    /// Sends nothing more, but goes on reading: a FIN, and without a word in TLS.
    package func finishSending() {
        _ = shutdown(number, CInt(SHUT_WR))
    }

    var number: CInt { descriptor?.number ?? -1 }

    func wait(for events: Int32, until deadline: Instant, _ what: String) throws(TestClientError) {
        guard isReady(for: events, until: deadline) else { throw .timedOut(what) }
    }

    /// Waits until the socket is ready, or broken; false where the deadline came first.
    func isReady(for events: Int32, until deadline: Instant) -> Bool {
        while true {
            let now = Instant.now
            let left = deadline > now ? (deadline.nanoseconds - now.nanoseconds + 999_999) / 1_000_000 : 0
            var entry = pollfd(fd: number, events: Int16(events), revents: 0)
            let count = unsafe poll(&entry, 1, CInt(clamping: left))
            if count > 0 { return true }
            if count == 0 { return false }
        }
    }

    private static func set(_ option: CInt, at level: CInt, to value: CInt, on number: CInt) {
        var value = value
        _ = unsafe setsockopt(number, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }

    private static func pass(
        _ address: sockaddr_in,
        to call: (CInt, UnsafePointer<sockaddr>, socklen_t) -> CInt,
        on number: CInt
    ) -> CInt {
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe call(number, $0, length) }
        }
    }

    private static func loopback(_ port: UInt16, _ host: UInt8) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = (0x7F00_0000 | UInt32(host)).bigEndian
        return address
    }

    private static func ownPort(of number: CInt) -> UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(number, $0, &length)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }
}

extension TestClient {
    /// Sends a ClientHello and reads nothing.
    package func sendHello(trusting context: ClientContext, name: String = "localhost") throws(TestClientError) {
        do throws(TLSError) {
            engine = try Engine(client: context, serverName: name, wire: Wire(socket: number))
            _ = try engine?.handshake()
        } catch {
            throw .tls(error)
        }
    }

    /// Reads and writes in clear from here on, leaving an unfinished handshake as it is.
    package func forgetTLS() {
        engine = nil
    }
}

/// Why a ``TestClient`` could not do what it was asked.
package enum TestClientError: Error {
    /// A socket call failed with this `errno`.
    case system(CInt, operation: String)
    /// Nothing happened in the time given.
    case timedOut(String)
    /// The peer ended the connection instead.
    case ended(String)
    /// The peer reset the connection instead.
    case reset(String)
    /// TLS failed.
    case tls(TLSError)
    /// What came is no HTTP answer; the beginning of it.
    case notHTTP(String)
}
