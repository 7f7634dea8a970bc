import CLinux
import Glibc
import Synchronization
import Testing

@testable import IO

@Suite("Signals", .timeLimit(.minutes(1))) struct SignalSourceTests {
    /// A second signal once needed the loop that the first one had come to: where that stood still, none ended the
    /// process.
    @Test func `the first signal goes to the loop, and the second to nobody who could be busy`() async throws {
        let (source, sender) = try ends()
        let loop = try EventLoop(named: "signals")
        try loop.start()
        let first = try SignalSource(adopting: OwnedDescriptor(adopting: source))
            .watch { secondCame.store(true, ordering: .releasing) }
        let channel = LoopLocal(Channel(first, on: loop), on: loop)
        send(SIGTERM, to: sender)
        let received = await Task(executorPreference: loop) { await channel.value.nextSignal()?.number }.value
        #expect(received == SIGTERM)
        // Nothing runs on the loop until the second signal has been obeyed.
        loop.execute {
            send(SIGINT, to: sender)
            while !secondCame.load(ordering: .acquiring) { sched_yield() }
        }
        await Task(executorPreference: loop) { channel.value.close() }.value
        loop.stop()
        _ = Glibc.close(sender)
    }

    @Test func `signals are kept from what they would do`() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let signals = try SignalSource([SIGUSR1, SIGTERM])
            raise(SIGTERM)
            raise(SIGUSR1)
            _ = consume signals
            exit(7)
        }
    }

    /// Defect: SIGUSR1 and its like ended a server at once, and the private keys of an ephemeral one stayed behind.
    @Test func `what would end the process and means nothing to it is ignored`() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let signals = try SignalSource(SignalSource.termination)
            for number in [SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGXFSZ, SIGSTKFLT, SIGPIPE] {
                raise(number)
            }
            for number in __libc_current_sigrtmin()...__libc_current_sigrtmax() { raise(number) }
            // These are taken, as a request to end.
            raise(SIGPWR)
            raise(SIGXCPU)
            _ = consume signals
            exit(7)
        }
    }

    /// A server that `nohup` started would end with its terminal; one that nobody protects must not die of it unheard.
    @Test(arguments: [true, false])
    func `a hang-up is received, unless whoever started the program had it ignored`(_ isIgnored: Bool) async {
        await #expect(processExitsWith: .success) { [isIgnored] in
            // Whatever the process that runs the tests was started with.
            var none = sigset_t()
            unsafe sigemptyset(&none)
            unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
            _ = signal(SIGHUP, isIgnored ? SIG_IGN : SIG_DFL)
            let signals = try SignalSource(SignalSource.termination)
            var blocked = sigset_t()
            unsafe pthread_sigmask(SIG_BLOCK, nil, &blocked)
            _ = consume signals
            let (hangsUp, quits) = (
                unsafe sigismember(&blocked, SIGHUP) == 1, unsafe sigismember(&blocked, SIGQUIT) == 1
            )
            #expect(hangsUp == !isIgnored)
            #expect(quits)
        }
    }

    @Test func `a loop that is given up waits for no signal`() async throws {
        let (source, sender) = try ends()
        let loop = try EventLoop(named: "signals")
        try loop.start()
        let first = try SignalSource(adopting: OwnedDescriptor(adopting: source)).watch {}
        let channel = LoopLocal(Channel(first, on: loop), on: loop)
        loop.abort()
        let none = await Task(executorPreference: loop) { await channel.value.nextSignal()?.number }.value
        #expect(none == nil)
        await Task(executorPreference: loop) { channel.value.close() }.value
        loop.stop()
        _ = Glibc.close(sender)
    }
}

/// Set by the thread that takes the signals.
private let secondCame = Atomic(false)

/// The two ends of a pipe: what is written is what the system would tell of a signal.
private func ends() throws -> (source: CInt, sender: CInt) {
    var ends: [CInt] = [-1, -1]
    try SystemCall.require("pipe") { unsafe Int(pipe(&ends)) }
    return (ends[0], ends[1])
}

private func send(_ signal: CInt, to sender: CInt) {
    var information = signalfd_siginfo()
    information.ssi_signo = UInt32(signal)
    _ = unsafe write(sender, &information, MemoryLayout<signalfd_siginfo>.size)
}
