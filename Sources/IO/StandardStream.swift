import CLinux
import Glibc

/// Standard output and standard error, written at once and whole: what is printed there is waited for by scripts.
package enum StandardStream {
    /// Where a program's results go.
    package static let output = STDOUT_FILENO
    /// Where its troubles and its log go.
    package static let error = STDERR_FILENO

    /// Writes all of `bytes`; blocks where the reader is slow, and gives up where it is gone.
    package static func write(_ bytes: [UInt8], to descriptor: CInt) {
        do throws(SystemError) {
            try put(bytes, to: descriptor)
        } catch {
            // There is nowhere left to say so.
        }
    }

    /// The same for a result, which somebody needs: throws where not all of it was written.
    ///
    /// The stream is not ours: whoever started the program may have closed it, so that a bad descriptor, which
    /// elsewhere is a defect of this program, here is one more way of being gone.
    package static func put(_ bytes: [UInt8], to descriptor: CInt) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try repeating("write", on: descriptor, for: POLLOUT) {
                unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Repeats `call` until it was neither interrupted nor had to wait.
    private static func repeating(
        _ operation: String,
        on descriptor: CInt,
        for events: CInt,
        _ call: () -> Int
    ) throws(SystemError) -> Int {
        while true {
            let count = call()
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                // Somebody made the stream non-blocking, a terminal shared with another program for instance.
                var waiting = pollfd(fd: descriptor, events: Int16(events), revents: 0)
                unsafe poll(&waiting, 1, -1)
            case let code:
                let name = descriptor == input ? "input" : descriptor == error ? "error" : "output"
                throw SystemError(code, in: operation, on: "standard \(name)")
            }
        }
    }

    /// Keeps the numbers of standard streams that whoever started the program has closed, so that no socket or file
    /// gets one and is taken for it; reading them ends at once, and writing them fails as before.
    package static func reserve() {
        for descriptor in [input, output, error] where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is the one that is missing.
            _ = unsafe open("/dev/null", O_RDONLY)
        }
    }
}

extension StandardStream {
    /// Where a program's input comes from.
    package static let input = STDIN_FILENO

    /// Whether a person sits at the other end.
    package static func isTerminal(_ descriptor: CInt) -> Bool { isatty(descriptor) == 1 }

    /// How many columns that person's terminal has; nil where it is none or does not say.
    package static func columns(of descriptor: CInt) -> Int? {
        let columns = c_terminal_columns(descriptor)
        return columns > 0 ? Int(columns) : nil
    }

    /// Reads standard input to its end, at most `limit` bytes; more is an error, `EFBIG`.
    package static func readToEnd(limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = try repeating("read", on: input, for: POLLIN) { unsafe read(input, &chunk, chunk.count) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw SystemError(EFBIG, in: "read", on: "standard input") }
        }
    }
}

/// Writes lines to a descriptor on a thread of its own.
///
/// Standard error may be a pipe that nobody reads, and an event loop must not wait for it.
/// Lines wait in memory up to a bound; beyond it they are dropped and counted, and the count is written once there is
/// room again.
package final class LineWriter: Sendable {
    /// Bytes that may wait: about a second of a busy server's lines.
    package static let capacity = 8 << 20
    /// Milliseconds that a reader of the last lines is waited for.
    package static let patience = 1_000

    private struct State: Sendable {
        var lines: [UInt8] = []
        var dropped = 0
        var isEnding = false
    }

    private let state = Monitor(State())
    private let target: CInt
    private let thread = Monitor<Thread?>(nil)
    private let hasEnded = Monitor(false)

    /// Starts the thread; `descriptor` is borrowed for the life of the process, as standard error is.
    package init(to descriptor: CInt) throws(SystemError) {
        target = descriptor
        let thread = try Thread(named: "log") { self.run() }
        self.thread.withLock { $0 = thread }
    }

    /// Appends one line, which ends with a line feed.
    package func write(_ line: [UInt8]) {
        let wasEmpty = state.withLock { state in
            guard state.lines.count < Self.capacity else {
                state.dropped += 1
                return false
            }
            defer { state.lines.append(contentsOf: line) }
            return state.lines.isEmpty
        }
        if wasEmpty { state.signal() }
    }

    /// Writes what waits and ends the thread.
    ///
    /// Where nobody reads what was written, it gives up after ``patience`` and leaves the thread where it is: the
    /// process is about to end, and must not wait for that reader.
    package func finish() {
        state.withLock { $0.isEnding = true }
        state.signal()
        let ended = hasEnded.wait(milliseconds: Self.patience, until: { $0 ? true : nil })
        let thread = thread.withLock { $0.take() }
        if ended == nil {
            thread?.detach()
        } else {
            thread?.join()
        }
    }

    private func run() {
        while true {
            let (lines, dropped, isEnding) = state.wait { state -> ([UInt8], Int, Bool)? in
                guard !state.lines.isEmpty || state.isEnding else { return nil }
                defer { (state.lines, state.dropped) = ([], 0) }
                return (state.lines, state.dropped, state.isEnding)
            }
            StandardStream.write(lines, to: target)
            if dropped > 0 {
                StandardStream.write(Array("warning: \(dropped) log lines were dropped\n".utf8), to: target)
            }
            if isEnding {
                hasEnded.withLock { $0 = true }
                hasEnded.signal()
                return
            }
        }
    }
}
