import Glibc

/// A TCP connection that this end opened, for callers that wait on their own thread: tools, never a loop.
package struct StreamSocket: ~Copyable {
    /// What a wait is for.
    package enum Readiness: Sendable {
        /// Bytes, or the end of them.
        case toRead
        /// Room to send.
        case toWrite
    }

    /// The socket, non-blocking and closed on exec.
    package let descriptor: OwnedDescriptor

    /// Connects to an address.
    ///
    /// Throws a ``SystemError`` that names the address; its code is `ETIMEDOUT` where the deadline came first.
    package static func connect(
        to address: SocketAddress,
        until deadline: Instant
    ) throws(SystemError) -> StreamSocket {
        let connection = StreamSocket(descriptor: try OwnedDescriptor(socketFor: address))
        let number = connection.descriptor.number
        // A request in two pieces would wait for the first one's acknowledgement otherwise.
        try? connection.descriptor.setOption(TCP_NODELAY, at: CInt(IPPROTO_TCP))
        let begun = unsafe address.withSockaddr { unsafe Glibc.connect(number, $0, $1) }
        if begun == 0 { return connection }
        // An interrupted connect goes on by itself, so it is waited for like any other.
        guard errno == EINPROGRESS || errno == EINTR else { throw SystemError(errno, in: "connect", on: "\(address)") }
        guard connection.wait(for: .toWrite, until: deadline) else {
            throw SystemError(ETIMEDOUT, in: "connect", on: "\(address)")
        }
        var code: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        _ = unsafe getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &length)
        guard code == 0 else { throw SystemError(code, in: "connect", on: "\(address)") }
        return connection
    }

    private init(descriptor: consuming OwnedDescriptor) {
        self.descriptor = descriptor
    }

    /// Waits until the socket is ready, or broken; false where the deadline came first.
    package func wait(for readiness: Readiness, until deadline: Instant) -> Bool {
        let events = Int16(readiness == .toRead ? POLLIN : POLLOUT)
        while true {
            let now = Instant.now
            // Rounded up, so that the last wait does not turn into a busy one; -1 waits for ever.
            let left = deadline > now ? (deadline.nanoseconds - now.nanoseconds + 999_999) / 1_000_000 : 0
            var entry = pollfd(fd: descriptor.number, events: events, revents: 0)
            let count = unsafe poll(&entry, 1, deadline == .never ? -1 : CInt(clamping: left))
            if count > 0 { return true }
            if count == 0, Instant.now >= deadline { return false }
        }
    }
}
