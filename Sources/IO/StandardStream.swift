import Glibc

/// Standard output and standard error, written at once and whole: what is printed there is waited for by scripts.
package enum StandardStream {
    /// Where a program's results go.
    package static let output = STDOUT_FILENO
    /// Where its troubles and its log go.
    package static let error = STDERR_FILENO

    /// Writes all of `bytes`; blocks where the reader is slow, and gives up where it is gone.
    ///
    /// The stream is not ours: whoever started the program may have closed it, so that a bad descriptor, which elsewhere
    /// is a defect of this program, here is one more way of being gone.
    package static func write(_ bytes: [UInt8], to descriptor: CInt) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Somebody made the stream non-blocking, a terminal shared with another program for instance.
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                unsafe poll(&waiting, 1, -1)
            } else if errno != EINTR {
                return
            }
        }
    }
}
