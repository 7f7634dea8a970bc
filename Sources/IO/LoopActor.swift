/// An actor that lives on an event loop: its code runs on the loop's thread and nowhere else.
package protocol LoopActor: Actor {
    /// The loop.
    nonisolated var loop: EventLoop { get }
}

extension LoopActor {
    /// The loop, as the compiler wants it.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }
}
