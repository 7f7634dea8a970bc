import Glibc

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
    private let wakeUp: WakeUp
    private let target: CInt
    private let thread = Monitor<Thread?>(nil)
    private let hasEnded = Monitor(false)

    /// Starts the thread; `descriptor` is borrowed for the life of the process, as standard error is.
    package init(to descriptor: CInt) throws(SystemError) {
        wakeUp = try WakeUp(waiter: .thread)
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
        if wasEmpty { wakeUp.signal() }
    }

    /// Writes what waits and ends the thread.
    ///
    /// Where nobody reads what was written, it gives up after ``patience`` and leaves the thread where it is: the process
    /// is about to end, and must not wait for that reader.
    package func finish() {
        state.withLock { $0.isEnding = true }
        wakeUp.signal()
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
            wakeUp.wait()
            let (lines, dropped, isEnding) = state.withLock { state in
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
