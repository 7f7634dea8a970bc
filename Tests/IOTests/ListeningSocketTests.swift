import Glibc
import IO
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct ListeningSocketTests {
    @Test func `port 0 becomes the port that the kernel chose`() throws {
        let listener = try ListeningSocket.open(.loopback)
        #expect(listener.address.port != 0)
        #expect(listener.address.host == SocketAddress.loopback.host)
        #expect(listener.address.isLoopback)
    }

    @Test func `a connection is taken with its peer's address`() throws {
        let listener = try ListeningSocket.open(.loopback)
        let peer = try Peer(connectingTo: listener.address)
        defer { peer.close() }
        let connection = try accept(from: listener)
        #expect(connection.peer.host == SocketAddress.loopback.host)
        #expect(connection.peer.port != 0)
        let number = connection.descriptor.number
        #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0, "it would leak into programs that are started")
        #expect(fcntl(number, F_GETFL) & O_NONBLOCK != 0, "it could block a loop")
        #expect(option(TCP_NODELAY, at: CInt(IPPROTO_TCP), of: number) == 1)
        #expect(fcntl(listener.descriptor.number, F_GETFD) & FD_CLOEXEC != 0)
        #expect(option(SO_REUSEPORT, at: SOL_SOCKET, of: listener.descriptor.number) == 0)
    }

    // It refused IPv4, and nothing said so.
    @Test func `all addresses of IPv6 take IPv4 too, whose peers have IPv4 addresses`() throws {
        let listener = try ListeningSocket.open(SocketAddress(host: .v6(0, 0, scope: 0), port: 0))
        for (host, text) in [(SocketAddress.Host.v4(0x7F00_0001), "127.0.0.1"), (.v6(0, 1, scope: 0), "::1")] {
            let client = try Peer(connectingTo: SocketAddress(host: host, port: listener.address.port))
            #expect(try accept(from: listener).peer.hostDescription == text)
            withExtendedLifetime(client) {}
        }
        let both = SocketAddress(host: .v4(0), port: listener.address.port)
        #expect(throws: SystemError.self) { _ = try ListeningSocket.open(both) }
    }

    @Test func `IPv6 is listened on, and it alone`() throws {
        let listener = try ListeningSocket.open(SocketAddress(host: .v6(0, 1, scope: 0), port: 0))
        #expect("\(listener.address)" == "[::1]:\(listener.address.port)")
        let peer = try Peer(connectingTo: listener.address)
        defer { peer.close() }
        #expect(try accept(from: listener).peer.hostDescription == "::1")
        #expect(option(IPV6_V6ONLY, at: CInt(IPPROTO_IPV6), of: listener.descriptor.number) == 1)
    }

    @Test func `nobody waiting is no error`() throws {
        let listener = try ListeningSocket.open(.loopback)
        switch ListeningSocket.accept(on: listener.descriptor.number) {
        case .wouldBlock: break
        default: Issue.record("an accept without a client came to something")
        }
    }

    @Test func `a port that is taken is an error that names the address`() throws {
        let listener = try ListeningSocket.open(.loopback)
        let error = try #require(throws: SystemError.self) { _ = try ListeningSocket.open(listener.address) }
        #expect(error == SystemError(EADDRINUSE, in: "bind", on: "\(listener.address)"))
        #expect(error.description == "bind \(listener.address): Address already in use")
    }

    @Test func `an address that is not ours is an error that names it`() throws {
        // TEST-NET-1 (RFC 5737) is nobody's.
        let address = SocketAddress(host: .v4(0xC000_0201), port: 0)
        let error = try #require(throws: SystemError.self) { _ = try ListeningSocket.open(address) }
        #expect(error.description == "bind 192.0.2.1:0: Cannot assign requested address")
    }

    @Test func `a port can be listened on again at once, connections or not`() async {
        // In a process of its own, whose descriptors no other test's child holds for a moment, and at an address of its
        // own, whose ports no other test's client is given.
        await #expect(processExitsWith: .success) {
            let first = try ListeningSocket.open(SocketAddress(host: .v4(0x7F53_1505), port: 0))
            let address = first.address
            let peer = try Peer(connectingTo: address)
            // The side that closes first is left waiting, which without SO_REUSEADDR would keep the port.
            _ = try accept(from: first)
            _ = consume first
            peer.close()
            #expect(try ListeningSocket.open(address).address == address)
        }
    }

    @Test func `where descriptors run out accepting says so, and goes on when there is room`() async {
        await #expect(processExitsWith: .success) {
            let listener = try ListeningSocket.open(.loopback)
            let peer = try Peer(connectingTo: listener.address)
            defer { peer.close() }
            var limit = rlimit()
            let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
            #expect(unsafe getrlimit(kind, &limit) == 0)
            let before = limit.rlim_cur
            // The lowest free number is the next one to be given out.
            let next = dup(0)
            _ = Glibc.close(next)
            limit.rlim_cur = rlim_t(next)
            #expect(unsafe setrlimit(kind, &limit) == 0)
            switch ListeningSocket.accept(on: listener.descriptor.number) {
            case .exhausted(let error): #expect(error == SystemError(EMFILE, in: "accept"))
            default: Issue.record("accepting worked without a descriptor")
            }
            limit.rlim_cur = before
            #expect(unsafe setrlimit(kind, &limit) == 0)
            // The connection waited in the backlog.
            #expect(try accept(from: listener).peer.isLoopback)
        }
    }

    @Test func `accepting on what does not listen stops the process`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let (reading, _) = try streamEnds()
            _ = ListeningSocket.accept(on: reading)
        }
        #expect(message(of: result).contains("accept on something that does not listen"))
    }

    @Test func `accepting on a loop wakes for each burst, and loses none`() async throws {
        let peers = try await onLoop { loop in
            let socket = try ListeningSocket.open(.loopback)
            let address = socket.address
            let listener = socket.channel(on: loop)
            defer { listener.close() }
            async let clients: Void = Thread.perform(named: "clients") {
                for _ in 0..<50 { try Peer(connectingTo: address).close() }
            }
            var ports: Set<UInt16> = []
            while ports.count < 50 {
                guard case .ready = await listener.readable(until: .never) else { break }
                taking: while true {
                    switch ListeningSocket.accept(on: listener.number) {
                    case .connection(_, let peer): ports.insert(peer.port)
                    default: break taking
                    }
                }
            }
            try await clients
            return ports.count
        }
        #expect(peers == 50)
    }
}

private struct Taken: ~Copyable {
    let descriptor: OwnedDescriptor
    let peer: SocketAddress
}

/// Takes the connection that a client has begun; the handshake over loopback may still be under way.
private func accept(from listener: borrowing ListeningSocket) throws -> Taken {
    while true {
        switch ListeningSocket.accept(on: listener.descriptor.number) {
        case .connection(let descriptor, let peer): return Taken(descriptor: descriptor, peer: peer)
        case .wouldBlock: sched_yield()
        case .lost(let error): throw error
        case .exhausted(let error): throw error
        }
    }
}

private func option(_ name: CInt, at level: CInt, of descriptor: CInt) -> CInt {
    var value: CInt = -1
    var length = socklen_t(MemoryLayout<CInt>.size)
    return unsafe getsockopt(descriptor, level, name, &value, &length) == 0 ? value : -1
}
