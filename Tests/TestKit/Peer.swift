import Glibc
package import IO
import Synchronization

/// The far end of a TCP connection over loopback: a client whose every move a test decides.
///
/// Its calls block, for ten seconds at most, so they belong into the test and not onto a loop; sending a little and
/// closing never wait.
package final class Peer: Sendable {
    private let number: CInt
    private let isOpen = Atomic(true)

    /// Connects to a listening socket.
    package init(connectingTo address: SocketAddress) throws(SystemError) {
        let family = if case .v4 = address.host { AF_INET } else { AF_INET6 }
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let number = CInt(try SystemCall.require("socket") { Int(socket(family, type, 0)) })
        self.number = number
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            try SystemCall.require("setsockopt") {
                unsafe Int(setsockopt(number, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size)))
            }
        }
        try SystemCall.require("connect", on: "\(address)") {
            unsafe address.withSockaddr { unsafe Int(connect(number, $0, $1)) }
        }
    }

    deinit { close() }

    /// A connection whose near end is a channel on `loop`.
    package static func connected(on loop: EventLoop) throws(SystemError) -> (channel: Channel, peer: Peer) {
        let listener = try ListeningSocket.open(SocketAddress(host: .v4(0x7F00_0001), port: 0))
        let peer = try Peer(connectingTo: listener.address)
        while true {
            switch ListeningSocket.accept(on: listener.descriptor.number) {
            case .connection(let descriptor, _): return (Channel(descriptor, on: loop), peer)
            case .wouldBlock: sched_yield()
            case .lost(let error): throw error
            case .exhausted(let error): throw error
            }
        }
    }

    /// Sends all of `bytes`.
    package func send(_ bytes: [UInt8]) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try SystemCall.require("send") {
                unsafe rest.withUnsafeBytes { unsafe Glibc.send(number, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            }
            rest = rest.dropFirst(count)
        }
    }

    /// The next bytes, at most `limit`; none at the end of the stream.
    package func receive(atMost limit: Int = 65_536) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = try SystemCall.require("recv") {
            unsafe bytes.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress, $0.count, 0) }
        }
        return Array(bytes.prefix(count))
    }

    /// Everything up to the end of the stream.
    package func receiveAll() throws(SystemError) -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let bytes = try receive()
            if bytes.isEmpty { return all }
            all += bytes
        }
    }

    /// Says that nothing more will be sent; the other direction stays open.
    package func finishSending() {
        _ = shutdown(number, CInt(SHUT_WR))
    }

    /// Closes the connection in good order; nothing else may be called afterwards.
    package func close() {
        if isOpen.exchange(false, ordering: .relaxed) { _ = Glibc.close(number) }
    }

    /// Closes it with a reset, as a crashed host's or a firewall's answer looks.
    package func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        close()
    }
}
