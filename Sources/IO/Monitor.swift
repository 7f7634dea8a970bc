package import Glibc

/// A value behind a lock, with a condition to wait for.
///
/// It stands on POSIX's mutex rather than the standard library's, which the thread sanitizer can't see into on Linux:
/// there it takes every use for a race.
@safe
package final class Monitor<State: Sendable>: Sendable {
    // Touched only while the mutex is held, which whoever holds it can't take again: so no two accesses overlap, and
    // that is not checked once more.
    @exclusivity(unchecked) @usableFromInline nonisolated(unsafe) var state: State
    // Set once; every thread may pass them to the functions below.
    @usableFromInline nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>
    @usableFromInline nonisolated(unsafe) let condition: UnsafeMutablePointer<pthread_cond_t>

    /// Guards `state`.
    package init(_ state: State) {
        unsafe self.state = state
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe condition = .allocate(capacity: 1)
        unsafe condition.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe condition.deallocate()
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Reads or changes the value alone.
    @inlinable
    package func withLock<Result>(_ body: (inout State) -> Result) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return unsafe body(&state)
    }

    /// Wakes whoever waits.
    package func signal() {
        unsafe pthread_cond_signal(condition)
    }

    /// Waits until `body` makes something of the value.
    @inlinable
    package func wait<Result>(until body: (inout State) -> Result?) -> Result {
        while true {
            if let result = wait(milliseconds: nil, until: body) { return result }
        }
    }

    /// Waits until `body` makes something of the value, or for so many milliseconds at most.
    ///
    /// - Returns: What `body` made; nil where the time ran out.
    @inlinable
    package func wait<Result>(milliseconds: Int?, until body: (inout State) -> Result?) -> Result? {
        var deadline = timespec()
        if let milliseconds {
            unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
            let nanoseconds = deadline.tv_nsec + milliseconds % 1_000 * 1_000_000
            deadline.tv_sec += milliseconds / 1_000 + nanoseconds / 1_000_000_000
            deadline.tv_nsec = nanoseconds % 1_000_000_000
        }
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            if let result = unsafe body(&state) { return result }
            let code =
                milliseconds == nil
                ? unsafe pthread_cond_wait(condition, mutex)
                : unsafe pthread_cond_timedwait(condition, mutex, &deadline)
            if code == ETIMEDOUT { return nil }
        }
    }
}
