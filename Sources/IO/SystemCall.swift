import Glibc

/// The one place that says what an `errno` means to this program.
package enum SystemCall {
    /// What a call on a non-blocking descriptor came to.
    package enum Result: Equatable, Sendable {
        /// It moved this many bytes, or returned this descriptor or count.
        case done(Int)
        /// It would have to wait: not an error, and never thrown.
        case wouldBlock
        /// It failed with this `errno`.
        case failed(CInt)
    }

    /// Repeats `call` while a signal interrupts it.
    ///
    /// A bad descriptor or address means a defect of this program, which could by then be writing into someone else's
    /// descriptor: the process stops.
    @inline(always)
    package static func perform(_ call: () -> Int) -> Result {
        while true {
            let value = call()
            if value >= 0 { return .done(value) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            case EBADF, EFAULT: fatalError("a system call was given a bad descriptor or address (errno \(errno))")
            case let code: return .failed(code)
            }
        }
    }

    /// Repeats `call` while a signal interrupts it, and throws whatever else stops it, naming `operation` and `subject`.
    @discardableResult
    package static func require(
        _ operation: String,
        on subject: @autoclosure () -> String = "",
        _ call: () -> Int
    ) throws(SystemError) -> Int {
        switch perform(call) {
        case .done(let value): value
        case .wouldBlock: throw SystemError(EAGAIN, in: operation, on: subject())
        case .failed(let code): throw SystemError(code, in: operation, on: subject())
        }
    }

    /// Reads what a socket has, without waiting; 0 bytes is the peer's end of stream.
    package static func receive(_ descriptor: CInt, into buffer: UnsafeMutableRawBufferPointer) -> Result {
        perform { unsafe recv(descriptor, buffer.baseAddress, buffer.count, CInt(MSG_DONTWAIT)) }
    }

    /// Writes what a socket takes, without waiting and without `SIGPIPE`.
    package static func send(_ descriptor: CInt, from buffer: UnsafeRawBufferPointer) -> Result {
        let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
        return perform { unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, flags) }
    }
}
