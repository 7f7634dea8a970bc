import CLinux
import Glibc

/// A TCP socket that accepts connections, non-blocking and closed on exec.
package struct ListeningSocket: ~Copyable, Sendable {
    /// What one call of ``accept(on:)`` came to.
    package enum Accepted: ~Copyable {
        /// A connection.
        case connection(Connection)
        /// Nobody waits.
        case wouldBlock
        /// This one connection was lost before it could be taken; the next may be fine.
        case lost(SystemError)
        /// The process or the machine has no descriptor or memory for another; accepting must pause.
        case exhausted(SystemError)
    }

    /// An accepted connection: its descriptor and who is at the other end.
    package struct Connection: ~Copyable, Sendable {
        /// The connection's socket, non-blocking and closed on exec.
        package let descriptor: OwnedDescriptor
        /// The peer.
        package let peer: SocketAddress

        /// Gives the descriptor away.
        package consuming func takeDescriptor() -> OwnedDescriptor { descriptor }
    }

    /// The socket.
    package let descriptor: OwnedDescriptor
    /// The address it is bound to, the kernel's choice of port included.
    package let address: SocketAddress

    private init(adopting descriptor: consuming OwnedDescriptor, address: SocketAddress) {
        self.descriptor = descriptor
        self.address = address
    }

    /// Binds and listens.
    ///
    /// `SO_REUSEADDR` lets a restart follow at once; `SO_REUSEPORT` stays off, since with it a forgotten second server
    /// on the port would silently share its connections. `[::]` takes IPv4 too, whatever the system's default is; its
    /// peers then have their IPv4 addresses. Throws a ``SystemError`` that names the address.
    package static func open(_ address: SocketAddress, backlog: CInt = 4096) throws(SystemError) -> ListeningSocket {
        // An IPv4 address in IPv6's clothes is one all the same; a socket of IPv6 alone would not take it.
        let address = address.unmapped
        let family = if case .v4 = address.host { AF_INET } else { AF_INET6 }
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let number = try SystemCall.require("socket") { Int(socket(family, type, 0)) }
        let descriptor = OwnedDescriptor(adopting: CInt(number))
        try setOption(SO_REUSEADDR, at: SOL_SOCKET, of: descriptor)
        if family == AF_INET6 {
            try setOption(IPV6_V6ONLY, at: CInt(IPPROTO_IPV6), of: descriptor, to: address.takesBothFamilies ? 0 : 1)
        }
        let subject = address.takesBothFamilies ? "\(address) for IPv6 and IPv4" : "\(address)"
        try SystemCall.require("bind", on: subject) {
            unsafe address.withSockaddr { unsafe Int(bind(CInt(number), $0, $1)) }
        }
        try SystemCall.require("listen", on: "\(address)") { Int(listen(CInt(number), backlog)) }
        let bound = unsafe SocketAddress.read { unsafe Int(getsockname(CInt(number), $0, $1)) }
        return ListeningSocket(adopting: descriptor, address: bound.address ?? address)
    }

    /// Puts the socket on a loop, to wait there for connections.
    package consuming func channel(on loop: EventLoop, in group: ChannelGroup? = nil) -> Channel {
        Channel(descriptor, on: loop, in: group)
    }

    /// Takes one connection that waits at the listening socket `listener`, without waiting.
    package static func accept(on listener: CInt) -> Accepted {
        let flags = CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        while true {
            let (result, peer) = unsafe SocketAddress.read { unsafe c_accept4(listener, $0, $1, flags) }
            if result >= 0 {
                let taken = OwnedDescriptor(adopting: CInt(result))
                // A socket without a peer's address is a connection that its peer already reset.
                guard let peer else { return .lost(SystemError(ECONNABORTED, in: "accept")) }
                try? Self.setOption(TCP_NODELAY, at: CInt(IPPROTO_TCP), of: taken)
                return .connection(Connection(descriptor: taken, peer: peer.unmapped))
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted(SystemError(errno, in: "accept"))
            case EBADF, EFAULT, EINVAL, ENOTSOCK: fatalError("accept on something that does not listen (\(errno))")
            default: return .lost(SystemError(errno, in: "accept"))
            }
        }
    }

    private static func setOption(
        _ option: CInt,
        at level: CInt,
        of descriptor: borrowing OwnedDescriptor,
        to value: CInt = 1
    ) throws(SystemError) {
        var value = value
        let number = descriptor.number
        try SystemCall.require("setsockopt") {
            unsafe Int(setsockopt(number, level, option, &value, socklen_t(MemoryLayout<CInt>.size)))
        }
    }
}
