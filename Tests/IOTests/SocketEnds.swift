import Glibc
import IO

/// A connected pair of sockets, one end on a loop and the other in the test's hand.
@safe
struct SocketEnds: ~Copyable {
    let channel: Channel
    private let other: OwnedDescriptor

    /// Makes the pair; call it on the loop.
    init(on loop: EventLoop, in group: ChannelGroup? = nil) throws {
        var ends: [CInt] = [-1, -1]
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        try SystemCall.require("socketpair") { unsafe Int(socketpair(AF_UNIX, type, 0, &ends)) }
        channel = Channel(OwnedDescriptor(adopting: ends[0]), on: loop, in: group)
        other = OwnedDescriptor(adopting: ends[1])
    }

    /// Makes the channel readable.
    borrowing func sendByte() {
        var byte: UInt8 = 1
        _ = unsafe write(other.number, &byte, 1)
    }

    /// Ends the other side, which goes on reading.
    borrowing func endSide() {
        _ = shutdown(other.number, CInt(SHUT_WR))
    }

    /// Ends the other side for good.
    borrowing func endBoth() {
        _ = shutdown(other.number, CInt(SHUT_RDWR))
    }

    /// Makes the channel unreadable again.
    borrowing func takeByte() {
        var byte: UInt8 = 0
        _ = unsafe read(channel.number, &byte, 1)
    }
}
