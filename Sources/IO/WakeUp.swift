import CLinux
import Glibc

/// A counter in the kernel that one thread waits on and any thread raises.
struct WakeUp: ~Copyable, Sendable {
    /// Whether the waiter is an epoll set or a thread that sleeps in ``wait()``.
    enum Waiter {
        case selector
        case thread
    }

    /// The `eventfd`.
    let descriptor: OwnedDescriptor

    init(waiter: Waiter) throws(SystemError) {
        let flags = CInt(EFD_CLOEXEC) | (waiter == .selector ? CInt(EFD_NONBLOCK) : 0)
        descriptor = OwnedDescriptor(adopting: CInt(try SystemCall.require("eventfd") { Int(eventfd(0, flags)) }))
    }

    /// Wakes the waiter; several calls before it looks are one.
    borrowing func signal() {
        var one: UInt64 = 1
        // A full counter means that a wake-up is already on its way.
        _ = unsafe write(descriptor.number, &one, MemoryLayout<UInt64>.size)
    }

    /// Takes back what was signalled; sleeps until then where the waiter is a thread.
    borrowing func wait() {
        var count: UInt64 = 0
        while unsafe read(descriptor.number, &count, MemoryLayout<UInt64>.size) < 0, errno == EINTR {}
    }
}
