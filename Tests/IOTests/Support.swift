import Glibc
import IO
import Testing

/// The processor time that the calling thread has used.
func threadTime() -> Duration {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}

/// What a process that an exit test ended wrote to standard error.
func message(of result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}

extension SocketAddress {
    /// A free port of the IPv4 loopback address.
    static let loopback = SocketAddress(host: .v4(0x7F00_0001), port: 0)
}

extension Channel {
    /// Everything that can be read now; nil where the stream has ended or broken.
    func receiveText() -> String? {
        var storage = [UInt8](repeating: 0, count: 4096)
        var space = storage.mutableSpan
        switch SystemCall.receive(number, into: &space) {
        case .done(0), .failed: return nil
        case .wouldBlock: return ""
        case .done(let count): return String(decoding: storage.prefix(count), as: UTF8.self)
        }
    }
}
