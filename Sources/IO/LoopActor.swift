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
