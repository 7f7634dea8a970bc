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
            guard case .connection(let connection) = ListeningSocket.accept(on: entry.fd) else { continue }
            let descriptor = connection.takeDescriptor()
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
