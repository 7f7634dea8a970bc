import Glibc
import IO
import TLSNames
import TestKit

@testable import TLS

/// A TLS server for one connection with options, over loopback, driven as a connection of the house would drive it.
final class RecordServer: Sendable {
    /// What came of the connection.
    struct Outcome: Sendable {
        var error: TLSError?
        var isDone = false
        var releases = 0
        var met: [RecordLabel] = []
        var held: Wire.Held?
        var alert: Alert?
    }

    static let answer = "an answer of some length\n"

    let address: SocketAddress
    private let listener: Listener

    private final class Listener: Sendable {
        let socket: ListeningSocket

        init(_ socket: consuming ListeningSocket) {
            self.socket = socket
        }
    }

    init() throws {
        let socket = try ListeningSocket.open(SocketAddress(host: .v4(0x7F00_0001), port: 0))
        address = socket.address
        listener = Listener(socket)
    }

    /// Serves the next connection on a thread of its own; a gap is waited at most `patience`.
    func serve(
        _ options: HandshakeOptions,
        identity: Identity,
        staple: [UInt8]? = nil
    ) async throws -> Outcome {
        try await Blocking.run { [listener] in
            let context = try ServerContext(identity: identity, ticketKeys: ticketKeys(), staple: staple)
            Self.wait(listener.socket.descriptor.number, POLLIN)
            guard case .connection(let descriptor, _) = ListeningSocket.accept(on: listener.socket.descriptor.number)
            else { return Outcome() }
            let number = descriptor.number
            var engine = try Engine(server: context, options: options, wire: Wire(socket: number))
            var outcome = Outcome()
            do {
                try Self.talk(&engine, number, options.records?.gap ?? .zero, &outcome)
            } catch let error as TLSError {
                outcome.error = error
            }
            engine.shutdown()
            outcome.met = engine.wire.filter?.met ?? []
            outcome.held = engine.wire.held
            outcome.alert = engine.wire.alert
            // What the client still sends is read, so that nothing resets what it was sent.
            if outcome.held != .stalled { _ = shutdown(number, CInt(SHUT_WR)) }
            var rest = [UInt8](repeating: 0, count: 4096)
            while Self.wait(number, POLLIN), unsafe recv(number, &rest, rest.count, 0) > 0 {}
            return outcome
        }
    }

    private static func talk(
        _ engine: inout Engine,
        _ number: CInt,
        _ gap: Duration,
        _ outcome: inout Outcome
    ) throws {
        while !outcome.isDone {
            let progress = try engine.handshake()
            if case .next = engine.wire.held {
                Blocking.pause(gap)
                engine.wire.release()
                outcome.releases += 1
                continue
            }
            switch progress {
            case .done: outcome.isDone = true
            case .wantsRead: guard wait(number, POLLIN) else { return }
            case .wantsWrite where engine.wire.held == .stalled: return
            case .wantsWrite: guard wait(number, POLLOUT) else { return }
            }
        }
        _ = try engine.write(Array(Self.answer.utf8).span)
        var buffer = [UInt8](repeating: 0, count: 4096)
        while wait(number, POLLIN, 2_000) {
            var target = buffer.mutableSpan
            switch try engine.read(into: &target) {
            case .bytes, .wantsRead: continue
            case .closed, .truncated, .wantsWrite: return
            }
        }
    }

    /// Ten seconds are more than any client takes.
    @discardableResult
    private static func wait(_ number: CInt, _ events: CInt, _ milliseconds: CInt = 10_000) -> Bool {
        var entry = pollfd(fd: number, events: Int16(events), revents: 0)
        return unsafe poll(&entry, 1, milliseconds) > 0
    }
}
