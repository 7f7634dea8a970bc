import CLinux
import Glibc

/// A TCP socket that accepts connections, non-blocking and closed on exec.
package struct ListeningSocket: ~Copyable, Sendable {
    /// What one call of ``accept(on:)`` came to.
    package enum Accepted: ~Copyable {
        /// A connection: its socket, non-blocking and closed on exec, and who is at the other end.
        case connection(OwnedDescriptor, from: SocketAddress)
        /// Nobody waits.
        case wouldBlock
        /// This one connection was lost before it could be taken; the next may be fine.
        case lost(SystemError)
        /// The process or the machine has no descriptor or memory for another; accepting must pause.
        case exhausted(SystemError)
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
        let descriptor = try OwnedDescriptor(socketFor: address)
        let number = descriptor.number
        try descriptor.setOption(SO_REUSEADDR, at: SOL_SOCKET)
        if case .v6 = address.host {
            try descriptor.setOption(IPV6_V6ONLY, at: CInt(IPPROTO_IPV6), to: address.takesBothFamilies ? 0 : 1)
        }
        let subject = address.takesBothFamilies ? "\(address) for IPv6 and IPv4" : "\(address)"
        try SystemCall.require("bind", on: subject) { unsafe address.withSockaddr { unsafe Int(bind(number, $0, $1)) } }
        try SystemCall.require("listen", on: "\(address)") { Int(listen(number, backlog)) }
        let bound = unsafe SocketAddress.read { unsafe Int(getsockname(number, $0, $1)) }
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
                try? taken.setOption(TCP_NODELAY, at: CInt(IPPROTO_TCP))
                return .connection(taken, from: peer.unmapped)
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
}

extension OwnedDescriptor {
    /// A TCP socket of the address's family, non-blocking and closed on exec.
    init(socketFor address: SocketAddress) throws(SystemError) {
        let family = if case .v4 = address.host { AF_INET } else { AF_INET6 }
        let type = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        try self.init("socket") { socket(family, type, 0) }
    }

    /// Sets an option of a socket.
    func setOption(_ option: CInt, at level: CInt, to value: CInt = 1) throws(SystemError) {
        var value = value
        try SystemCall.require("setsockopt") {
            unsafe Int(setsockopt(number, level, option, &value, socklen_t(MemoryLayout<CInt>.size)))
        }
    }
}
