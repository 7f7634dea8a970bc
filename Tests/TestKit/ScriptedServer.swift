import Glibc
package import IO
import Synchronization
package import TLS

/// An HTTP server on loopback that says what a test tells it to, and keeps what it was asked.
///
/// One connection after the other, one request a connection; it ends with its last reference.
package final class ScriptedServer: Sendable {
    /// A request as it came.
    package struct Request: Hashable, Sendable {
        /// The method.
        package let method: String
        /// The target, with its query, as it was sent.
        package let target: String
        /// The fields by their lower-case names.
        package let fields: [String: String]
        /// The body.
        package let body: String

        /// `METHOD target body`, without what is missing: what most tests compare.
        package var line: String { body.isEmpty ? "\(method) \(target)" : "\(method) \(target) \(body)" }
    }

    /// What a request is answered.
    package struct Reply: Sendable {
        let bytes: [UInt8]
        let isLeftOpen: Bool

        /// An answer with a body of known length.
        package init(_ status: Int = 200, _ body: String = "", type: String = "application/json") {
            let head =
                "HTTP/1.1 \(status) Status\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            self.init(raw: head + (status == 204 ? "" : body))
        }

        /// These bytes and then the connection's end, or nothing more and no end where it `hangs`.
        package init(raw: String, hangs: Bool = false) {
            bytes = Array(raw.utf8)
            isLeftOpen = hangs
        }

        /// A refusal with a problem document; `more` are further members, each behind its comma.
        package static func problem(_ status: Int, _ detail: String, _ more: String = "") -> Reply {
            let body =
                "{\"type\":\"urn:fauxguard:problem:x\",\"title\":\"Title\",\"status\":\(status),\"detail\":\"\(detail)\"\(more)}"
            return Reply(status, body, type: "application/problem+json")
        }
    }

    private struct Seen: Sendable {
        var requests: [Request] = []
        var plainBytes = 0
        var handshakes = 0
    }

    private final class Script: Sendable {
        let seen = Monitor(Seen())
        let isStopping = Atomic(false)
        let answer: @Sendable (Request) -> Reply

        init(_ answer: @escaping @Sendable (Request) -> Reply) {
            self.answer = answer
        }
    }

    /// Where it listens.
    package let address: SocketAddress
    private let script: Script
    private let thread: IO.Thread
    private let speaksTLS: Bool

    /// Starts it; with an identity it speaks TLS.
    package init(
        identity: Identity? = nil,
        _ answer: @escaping @Sendable (Request) -> Reply
    ) throws {
        let listener = try ListeningSocket.open(SocketAddress(host: .v4(0x7F00_0001), port: 0))
        address = listener.address
        speaksTLS = identity != nil
        let script = Script(answer)
        self.script = script
        let socket = Listener(listener)
        thread = try IO.Thread(named: "scripted") { Self.serve(socket, identity, script) }
    }

    /// One that gives these replies in their order, and the last one ever after.
    package convenience init(_ replies: Reply...) throws {
        let left = Monitor(replies)
        try self.init { _ in left.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } }
    }

    deinit {
        script.isStopping.store(true, ordering: .relaxed)
        thread.join()
    }

    /// Its URL, by the name or address given.
    package func url(host: String = "127.0.0.1") -> String {
        "\(speaksTLS ? "https" : "http")://\(host):\(address.port)"
    }

    /// What was asked so far.
    package var requests: [Request] { script.seen.withLock { $0.requests } }
    /// The requests' lines.
    package var lines: [String] { requests.map(\.line) }
    /// How many bytes of requests have come, whole ones or not.
    package var plainBytes: Int { script.seen.withLock { $0.plainBytes } }

    /// A listener that a thread takes along.
    private final class Listener: Sendable {
        let socket: ListeningSocket

        init(_ socket: consuming ListeningSocket) {
            self.socket = socket
        }
    }

    private static func serve(_ listener: Listener, _ identity: Identity?, _ script: Script) {
        // A context belongs to one thread; one that can't be made lets every handshake fail, and so the test.
        let context = identity.flatMap { identity in
            TicketKeys(SecureRandom.bytes(TicketKeys.size))
                .flatMap { keys in
                    try? ServerContext(identity: identity, ticketKeys: keys)
                }
        }
        while !script.isStopping.load(ordering: .relaxed) {
            var entry = pollfd(fd: listener.socket.descriptor.number, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&entry, 1, 20) > 0 else { continue }
            guard case .connection(let descriptor, _) = ListeningSocket.accept(on: entry.fd) else { continue }
            guard identity == nil || context != nil else { continue }
            var peer = ScriptedPeer(descriptor.number, context)
            converse(&peer, script)
        }
    }

    private static func converse(_ peer: inout ScriptedPeer, _ script: Script) {
        guard peer.shakeHands() else { return }
        var bytes: [UInt8] = []
        while true {
            if let request = parse(bytes) {
                script.seen.withLock { $0.requests.append(request) }
                let reply = script.answer(request)
                guard peer.send(reply.bytes) else { return }
                if reply.isLeftOpen { while !script.isStopping.load(ordering: .relaxed), !peer.isGone() {} }
                return peer.close()
            }
            guard let more = peer.receive(), !more.isEmpty else { return }
            bytes += more
            script.seen.withLock { $0.plainBytes += more.count }
        }
    }

    /// The request, once it is whole.
    private static func parse(_ bytes: [UInt8]) -> Request? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n").map(String.init)
        let words = (lines.first ?? "").split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let sides = line.split(separator: ":", maxSplits: 1).map(String.init)
            if sides.count == 2 { fields[sides[0].lowercased()] = String(sides[1].drop { $0 == " " }) }
        }
        let body = text[end.upperBound...]
        guard body.utf8.count >= fields["content-length"].flatMap({ Int($0) }) ?? 0 else { return nil }
        return Request(method: words[0], target: words[1], fields: fields, body: String(body))
    }
}

/// The server's end of one connection, in clear or over TLS, on a thread that waits ten seconds at most.
struct ScriptedPeer: ~Copyable {
    private let number: CInt
    private var engine: Engine?

    init(_ number: CInt, _ context: ServerContext?) {
        self.number = number
        if let context { engine = try? Engine(server: context, wire: Wire(socket: number)) }
    }

    mutating func shakeHands() -> Bool {
        while engine != nil {
            switch try? engine?.handshake() {
            case .done: return true
            case .wantsRead: if !wait(POLLIN) { return false }
            case .wantsWrite: if !wait(POLLOUT) { return false }
            case nil: return false
            }
        }
        return true
    }

    /// What comes next; none at the end, nil where it broke.
    mutating func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            if engine != nil {
                var span = buffer.mutableSpan
                switch try? engine?.read(into: &span) {
                case .bytes(let count): return Array(buffer[..<count])
                case .closed, .truncated: return []
                case .wantsRead, .wantsWrite: break
                case nil: return nil
                }
            } else {
                switch unsafe buffer.withUnsafeMutableBytes({ unsafe SystemCall.receive(number, into: $0) }) {
                case .done(let count): return Array(buffer[..<count])
                case .wouldBlock: break
                case .failed: return nil
                }
            }
            guard wait(POLLIN) else { return nil }
        }
    }

    mutating func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let rest = bytes.span.extracting(sent...)
            if engine != nil {
                switch try? engine?.write(rest) {
                case .bytes(let count):
                    sent += count
                    continue
                case .wantsRead, .wantsWrite: break
                case nil: return false
                }
            } else {
                switch unsafe rest.withUnsafeBytes({ unsafe SystemCall.send(number, from: $0) }) {
                case .done(let count):
                    sent += count
                    continue
                case .wouldBlock: break
                case .failed: return false
                }
            }
            guard wait(POLLOUT) else { return false }
        }
        return true
    }

    /// Whether the client has ended its side.
    mutating func isGone() -> Bool {
        var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&entry, 1, 20) > 0 else { return false }
        return receive().map(\.isEmpty) ?? true
    }

    /// Ends TLS and the sending side; what the client still sends is read, so that nothing resets what it was sent.
    mutating func close() {
        engine?.shutdown()
        _ = shutdown(number, CInt(SHUT_WR))
        engine = nil
        while let more = receive(), !more.isEmpty {}
    }

    private func wait(_ events: Int32) -> Bool {
        var entry = pollfd(fd: number, events: Int16(events), revents: 0)
        return unsafe poll(&entry, 1, 10_000) > 0
    }
}
