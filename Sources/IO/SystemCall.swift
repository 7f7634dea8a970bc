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

    /// Repeats `call` while a signal interrupts it, and throws whatever else stops it, naming `operation` and
    /// `subject`.
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

    /// Reads what a socket has to the front of `space`, without waiting; 0 bytes is the peer's end of stream.
    package static func receive(_ descriptor: CInt, into space: inout MutableSpan<UInt8>) -> Result {
        unsafe space.withUnsafeMutableBytes { unsafe receive(descriptor, into: $0) }
    }

    /// Writes as much of `bytes` as a socket takes, without waiting and without `SIGPIPE`.
    package static func send(_ descriptor: CInt, _ bytes: Span<UInt8>) -> Result {
        unsafe bytes.withUnsafeBytes { unsafe send(descriptor, from: $0) }
    }

    /// Writes what a socket takes, without waiting and without `SIGPIPE`.
    package static func send(_ descriptor: CInt, from buffer: UnsafeRawBufferPointer) -> Result {
        let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
        return perform { unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, flags) }
    }
}

/// A system call that failed: which one, on what, and the kernel's reason.
package struct SystemError: Error, Hashable {
    /// The kernel's `errno`.
    package let code: CInt
    /// The call, such as `bind`.
    package let operation: String
    /// What it was asked to act on, such as an address or a path; empty where the call says it all.
    package let subject: String

    /// Records a failure; `code` is `errno` as it stood right after the call.
    package init(_ code: CInt, in operation: String, on subject: String = "") {
        self.code = code
        self.operation = operation
        self.subject = subject
    }
}

extension SystemError {
    /// The reason alone: `Permission denied`.
    package var reason: String {
        // The C library's words for this one speak of wide characters.
        if code == EILSEQ { return "no UTF-8 text" }
        return unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }

    /// Whether whoever read what was written has left.
    package var isOfMissingReader: Bool { code == EPIPE }
}

extension SystemError: CustomStringConvertible {
    /// One line for an operator: `bind 127.0.0.1:443: Permission denied`.
    package var description: String {
        subject.isEmpty ? "\(operation): \(reason)" : "\(operation) \(subject): \(reason)"
    }
}

/// A file descriptor with exactly one owner: closing consumes it, so using it afterwards does not compile.
package struct OwnedDescriptor: ~Copyable, Sendable {
    /// The number, borrowed for system calls while the owner lives.
    package let number: CInt

    /// Takes over a descriptor that nobody else will close.
    package init(adopting number: CInt) {
        self.number = number
    }

    /// Takes over the descriptor that `call` makes; throws as ``SystemCall/require(_:on:_:)`` does.
    package init(
        _ operation: String,
        on subject: @autoclosure () -> String = "",
        _ call: () -> CInt
    ) throws(SystemError) {
        number = CInt(try SystemCall.require(operation, on: subject()) { Int(call()) })
    }

    /// Opens a file or a folder that is there, closed on exec.
    package init(opening path: String, _ flags: CInt = O_RDONLY) throws(SystemError) {
        try self.init("open", on: path) { unsafe open(path, flags | O_CLOEXEC) }
    }

    /// Closes it now; letting the value go does the same.
    package consuming func close() {}

    deinit {
        // Linux frees the number even where close() reports an error, so there is nothing to retry: but EBADF means
        // that somebody else closed it, and the number may by now be another connection's.
        if Glibc.close(number) != 0, errno == EBADF {
            fatalError("descriptor \(number) was closed by someone who did not own it")
        }
    }
}
