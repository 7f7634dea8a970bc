import CLinux
import Glibc

/// Signals as something to wait for: the first on a loop, in the same epoll set as everything else, the second on a
/// thread of its own, which no loop can keep from it.
package struct SignalSource: ~Copyable {
    /// The signals that end a server: an operator's or a supervisor's request, the end of its terminal, of its power or
    /// of the time that it may take of the processor.
    package static var termination: [CInt] { Array(names.keys) }

    private static let names = [
        SIGTERM: "SIGTERM", SIGINT: "SIGINT", SIGHUP: "SIGHUP", SIGQUIT: "SIGQUIT", SIGPWR: "SIGPWR",
        SIGXCPU: "SIGXCPU",
    ]

    /// The signals that mean nothing to a server and would end it before it has put away what is there only while it
    /// runs.
    ///
    /// A file that grows beyond its limit is an error of the write once `SIGXFSZ` is ignored.
    private static var meaningless: [CInt] {
        let ordinary = [
            SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGXFSZ, SIGSTKFLT,
        ]
        return ordinary + Array(__libc_current_sigrtmin()...__libc_current_sigrtmax())
    }

    /// A signal that was received.
    package struct Signal: Sendable, CustomStringConvertible {
        /// Its number.
        package let number: CInt

        /// Its name, for logs.
        package var description: String { SignalSource.names[number] ?? "signal \(number)" }
    }

    private let descriptor: OwnedDescriptor

    /// Keeps `signals` from their default action in this thread and in every thread started after it.
    ///
    /// Call it before the first thread is started, then ``watch(_:)``. `SIGPIPE` is ignored from then on: a reader that
    /// goes away, of the log for one, is an error of the write and not the end. So are all others that would end the
    /// process and ask nothing of a server, unless they are among `signals`. A `SIGHUP` that is ignored already stays
    /// so: whoever starts a program with `nohup` wants it to outlive the terminal.
    package init(_ signals: [CInt]) throws(SystemError) {
        for number in Self.meaningless where !signals.contains(number) { _ = signal(number, SIG_IGN) }
        var set = sigset_t()
        unsafe sigemptyset(&set)
        // A signal that is blocked is queued even where it is ignored, so one that is to be ignored must not be in the
        // set.
        for signal in signals where signal != SIGHUP || !Self.isIgnored(signal) { unsafe sigaddset(&set, signal) }
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        descriptor = try OwnedDescriptor("signalfd") { unsafe signalfd(-1, &set, CInt(SFD_CLOEXEC)) }
    }

    private static func isIgnored(_ number: CInt) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(number, nil, &action) == 0 else { return false }
        let handler = unsafe action.__sigaction_handler.sa_handler
        return unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Takes signals from whatever tells of them as the system does.
    init(adopting descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }

    /// Starts a thread that takes the signals: the first is handed on, and at the second `last` is called on that
    /// thread, whatever any loop is doing by then.
    ///
    /// - Returns: What the first is told by: the descriptor of a channel that has it as ``Channel/nextSignal()``.
    package consuming func watch(_ last: @escaping @Sendable () -> Void) throws(SystemError) -> OwnedDescriptor {
        var ends: [CInt] = [-1, -1]
        let kind = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        try SystemCall.require("socketpair") { unsafe Int(socketpair(AF_UNIX, kind, 0, &ends)) }
        let first = OwnedDescriptor(adopting: ends[0])
        let target = OwnedDescriptor(adopting: ends[1])
        let source = descriptor
        try Thread(named: "signals") { if Self.passTwo(from: source, to: target) { last() } }.detach()
        return first
    }

    /// Hands the first signal on, as the bytes in which the system tells of it, and returns once there was a second;
    /// false where they can't be read any more.
    private static func passTwo(from source: borrowing OwnedDescriptor, to target: borrowing OwnedDescriptor) -> Bool {
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        let (from, to) = (source.number, target.number)
        var count = 0
        while count < 2 {
            guard case .done(size) = SystemCall.perform({ unsafe read(from, &information, size) }) else { return false }
            // The kernel says again and again that the processor's time is up, and nobody asks for anything by it.
            if count > 0, information.ssi_signo == UInt32(SIGXCPU) { continue }
            count += 1
            // Where the loop has ended, nobody reads, which is no error here.
            _ = SystemCall.perform { unsafe write(to, &information, size) }
        }
        return true
    }
}

extension Channel {
    /// The next signal of a channel that ``SignalSource/watch(_:)`` gave, or nil where the loop ends first.
    package func nextSignal() async -> SignalSource.Signal? {
        while true {
            var information = signalfd_siginfo()
            let size = MemoryLayout<signalfd_siginfo>.size
            let number = self.number
            if case .done(size) = SystemCall.perform({ unsafe read(number, &information, size) }) {
                return SignalSource.Signal(number: CInt(information.ssi_signo))
            }
            guard case .ready = await readable(until: .never) else { return nil }
        }
    }
}
