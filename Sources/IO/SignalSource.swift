import CLinux
import Glibc

/// Signals as something to wait for, in the same epoll set as everything else.
package struct SignalSource: ~Copyable {
    /// The signals that end a server: an operator's or a supervisor's request, and the end of its terminal.
    package static let termination: [CInt] = [SIGTERM, SIGINT, SIGHUP, SIGQUIT]

    /// A signal that was received.
    package struct Signal: Sendable, CustomStringConvertible {
        /// Its number.
        package let number: CInt

        /// Its name, for logs.
        package var description: String {
            switch number {
            case SIGTERM: "SIGTERM"
            case SIGINT: "SIGINT"
            case SIGHUP: "SIGHUP"
            case SIGQUIT: "SIGQUIT"
            default: "signal \(number)"
            }
        }
    }

    private let descriptor: OwnedDescriptor

    /// Keeps `signals` from their default action in this thread and in every thread started after it.
    ///
    /// Call it before the first thread is started, and pass the value to the loop that shall receive them. `SIGPIPE` is
    /// ignored from then on: a reader that goes away, of the log for one, is an error of the write and not the end.
    /// A `SIGHUP` that is ignored already stays so: whoever starts a program with `nohup` wants it to outlive the terminal.
    package init(_ signals: [CInt]) throws(SystemError) {
        _ = signal(SIGPIPE, SIG_IGN)
        var set = sigset_t()
        unsafe sigemptyset(&set)
        // A signal that is blocked is queued even where it is ignored, so one that is to be ignored must not be in the set.
        for signal in signals where signal != SIGHUP || !Self.isIgnored(signal) { unsafe sigaddset(&set, signal) }
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        let flags = CInt(SFD_CLOEXEC) | CInt(SFD_NONBLOCK)
        let number = try SystemCall.require("signalfd") { unsafe Int(signalfd(-1, &set, flags)) }
        descriptor = OwnedDescriptor(adopting: CInt(number))
    }

    private static func isIgnored(_ number: CInt) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(number, nil, &action) == 0 else { return false }
        let handler = unsafe action.__sigaction_handler.sa_handler
        return unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Puts the source on a loop; call it there.
    package consuming func channel(on loop: EventLoop) -> Channel {
        Channel(descriptor, on: loop)
    }
}

extension Channel {
    /// The next signal of a channel that a ``SignalSource`` gave, or nil where the loop ends first.
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
