import CLinux
import Glibc
import Synchronization

/// One thread that waits for descriptors and deadlines and runs the Swift jobs of whoever lives on it.
///
/// It is a serial executor, so that an actor can live on it, and a task executor, so that a task's helper functions
/// stay with it. A connection's whole story therefore runs on one thread without a lock, and the compiler checks its
/// state. Work that arrives from other threads (a commit's completion, say) is handed over under one lock and wakes the
/// loop at most once a turn.
package final class EventLoop: Sendable {
    /// The loop's name, as its thread carries it.
    package let name: String

    private let connections = Atomic<Int>(0)

    private let wakeUp: WakeUp
    private let remote = Monitor(Remote())
    private let threadID = Atomic<UInt>(0)
    private let running = Monitor<Thread?>(nil)

    // Only the loop's own thread touches it once run() began; every entry point checks that or is called from run().
    nonisolated(unsafe) let state: LoopState

    /// What other threads hand over.
    private struct Remote: Sendable {
        var jobs: [UnownedJob] = []
        var calls: [@Sendable () -> Void] = []
        var isAwake = false
        var isStopping = false
    }

    /// Makes a loop that does not run yet.
    package init(named name: String) throws(SystemError) {
        self.name = name
        let selector = try OwnedDescriptor("epoll_create1") { epoll_create1(CInt(EPOLL_CLOEXEC)) }
        let wakeUp = try WakeUp()
        let state = LoopState(selector: selector)
        try state.control(EPOLL_CTL_ADD, wakeUp.descriptor.number, events: c_EPOLLIN(), token: LoopState.wakeUpToken)
        unsafe self.state = state
        self.wakeUp = wakeUp
    }

    /// Starts the loop's thread.
    package func start() throws(SystemError) {
        let thread = try Thread(named: name) { self.run() }
        running.withLock { $0 = thread }
    }

    /// Whether ``drain()`` was called; on the loop only.
    package var isDraining: Bool { unsafe state.isDraining }

    /// Whether ``abort()`` was called; on the loop only.
    package var isAborting: Bool { unsafe state.isAborting }

    /// Asks the loop to end after its current turn, and waits until it has.
    ///
    /// Nothing may still live on it.
    package func stop() {
        wake { $0.isStopping = true }
        let thread = running.withLock { $0.take() }
        thread?.join()
    }

    /// How many connections live here: counted by whoever deals them out, on any thread.
    package var connectionCount: Int { connections.load(ordering: .relaxed) }

    /// Counts connections in and out.
    package func countConnections(_ change: Int) {
        connections.wrappingAdd(change, ordering: .relaxed)
    }

    /// Whether the caller is on the loop's thread.
    package var isCurrent: Bool { threadID.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// The moment this turn of the loop began: a clock that costs nothing, for code on the loop only.
    package var now: Instant { unsafe state.now }

    /// Runs `call` on the loop, in order of arrival.
    package func execute(_ call: @escaping @Sendable () -> Void) {
        wake { $0.calls.append(call) }
    }

    /// Runs `call` once, when everything that this turn made ready has run: for work that is cheaper in one batch.
    ///
    /// On the loop only.
    package func atEndOfTurn(_ call: @escaping () -> Void) {
        precondition(isCurrent, "the end of a turn belongs to the loop")
        unsafe state.endOfTurn.append(call)
    }

    private func wake(_ change: (inout Remote) -> Void) {
        let wasAwake = remote.withLock { remote in
            change(&remote)
            defer { remote.isAwake = true }
            return remote.isAwake
        }
        guard !wasAwake else { return }
        if let held = HeldWakes.ofThisThread { held.loops.append(self) } else { wakeUp.signal() }
    }

    /// Runs `body`, which hands work to loops, and wakes each of them once, at the end.
    ///
    /// A loop that is woken by the first of many would run it, and sleep, before the second is there. `body` must not
    /// wait for what it hands over.
    package static func wakingOnce<Result>(_ body: () -> Result) -> Result {
        let held = HeldWakes()
        HeldWakes.ofThisThread = held
        defer {
            HeldWakes.ofThisThread = nil
            for loop in held.loops { loop.wakeUp.signal() }
        }
        return body()
    }

    // MARK: - The thread

    private func run() {
        threadID.store(UInt(pthread_self()), ordering: .relaxed)
        let state = unsafe self.state
        unsafe state.now = .now
        var isStopping = false
        while !isStopping {
            if unsafe state.waitForEvents(canSleep: state.local.isEmpty) {
                wakeUp.takeBack()
                isStopping = takeRemoteWork()
            }
            state.fireDueTimers()
            runJobs()
            state.runEndOfTurn()
        }
        threadID.store(0, ordering: .relaxed)
    }

    private func takeRemoteWork() -> Bool {
        let state = unsafe self.state
        let (jobs, calls, isStopping) = remote.withLock { remote in
            defer {
                remote.jobs.removeAll(keepingCapacity: true)
                remote.calls.removeAll()
                remote.isAwake = false
            }
            return (remote.jobs, remote.calls, remote.isStopping)
        }
        unsafe state.local.append(contentsOf: jobs)
        for call in calls { call() }
        return isStopping
    }

    /// Runs what is ready.
    ///
    /// What those jobs make ready runs in the next turn, so that descriptors and deadlines are never
    /// starved by jobs that keep yielding.
    private func runJobs() {
        let state = unsafe self.state
        guard unsafe !state.local.isEmpty else { return }
        unsafe swap(&state.local, &state.batch)
        let serial = unsafe asUnownedSerialExecutor()
        let task = unsafe asUnownedTaskExecutor()
        for job in unsafe state.batch {
            unsafe job.runSynchronously(isolatedTo: serial, taskExecutor: task)
        }
        unsafe state.batch.removeAll(keepingCapacity: true)
    }
}

extension EventLoop: SerialExecutor, TaskExecutor {
    /// Takes a job of an actor or a task that lives here.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            unsafe state.local.append(job)
        } else {
            wake { $0.jobs.append(job) }
        }
    }

    /// Stops the process where the caller is not on the loop.
    package func checkIsolated() {
        precondition(isCurrent, "not on the loop \(name)")
    }

    /// Lets `assumeIsolated` hold in plain code that runs on the loop.
    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    /// The executor, for an actor that lives here.
    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }
}

/// An actor that lives on an event loop: its code runs on the loop's thread and nowhere else.
package protocol LoopActor: Actor {
    /// The loop.
    nonisolated var loop: EventLoop { get }
}

extension LoopActor {
    /// The loop, as the compiler wants it.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }
}

/// A value that belongs to one loop: anyone may hold the box, only code on the loop gets at the value.
///
/// It is how connections of one loop share buffers, a TLS context and a registry session without a lock, and without a
/// type that merely promises to be thread-safe.
package final class LoopLocal<Value>: Sendable {
    /// The loop.
    package let loop: EventLoop

    // Every access checks that it is made on the loop's thread, which runs one piece of code at a time.
    @usableFromInline nonisolated(unsafe) let stored: Value

    /// Boxes a value that nothing else holds.
    package init(_ value: sending Value, on loop: EventLoop) {
        self.loop = loop
        unsafe stored = value
    }

    /// The value; stops the process where the caller is not on the loop.
    @inlinable package var value: Value {
        loop.checkIsolated()
        return unsafe stored
    }
}

/// The loops that a thread has handed work to and not woken yet.
private final class HeldWakes {
    var loops: [EventLoop] = []

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let code = unsafe pthread_key_create(&key, nil)
        precondition(code == 0, "no key for what belongs to a thread (errno \(code))")
        return key
    }()

    /// Those of the calling thread, while ``EventLoop/wakingOnce(_:)`` keeps them; nil otherwise.
    static var ofThisThread: HeldWakes? {
        get { unsafe pthread_getspecific(key).map { unsafe Unmanaged<HeldWakes>.fromOpaque($0).takeUnretainedValue() } }
        set { unsafe pthread_setspecific(key, newValue.map { unsafe Unmanaged.passUnretained($0).toOpaque() }) }
    }
}

/// A counter in the kernel that a loop's epoll set waits for and any thread raises.
private struct WakeUp: ~Copyable, Sendable {
    /// The `eventfd`.
    let descriptor: OwnedDescriptor

    init() throws(SystemError) {
        descriptor = try OwnedDescriptor("eventfd") { eventfd(0, CInt(EFD_CLOEXEC) | CInt(EFD_NONBLOCK)) }
    }

    /// Wakes the loop; several calls before it looks are one.
    borrowing func signal() {
        var one: UInt64 = 1
        // A full counter means that a wake-up is already on its way.
        _ = unsafe write(descriptor.number, &one, MemoryLayout<UInt64>.size)
    }

    /// Takes back what was signalled.
    borrowing func takeBack() {
        var count: UInt64 = 0
        while unsafe read(descriptor.number, &count, MemoryLayout<UInt64>.size) < 0, errno == EINTR {}
    }
}
