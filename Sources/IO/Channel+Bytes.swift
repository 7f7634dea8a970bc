import Glibc

extension Channel {
    /// Reads what the socket has into the front of `space`, without waiting; `done(0)` is the peer's end of stream.
    package func receive(into space: inout MutableSpan<UInt8>) -> SystemCall.Result {
        let number = self.number
        return unsafe space.withUnsafeMutableBytes { unsafe SystemCall.receive(number, into: $0) }
    }

    /// Writes as much of `bytes` as the socket takes, without waiting.
    package func send(_ bytes: Span<UInt8>) -> SystemCall.Result {
        let number = self.number
        return unsafe bytes.withUnsafeBytes { unsafe SystemCall.send(number, from: $0) }
    }

    /// Tells the peer that nothing more will be sent.
    package func finishSending() {
        _ = shutdown(number, CInt(SHUT_WR))
    }
}
