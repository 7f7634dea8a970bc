/// A value that one thread waits for and another sets.
final class Outcome<Value: Sendable>: Sendable {
    private let wakeUp: WakeUp
    private let result = Monitor<Result<Value, any Error>?>(nil)

    init(wakeUp: consuming WakeUp) {
        self.wakeUp = wakeUp
    }

    func set(_ outcome: Result<Value, any Error>) {
        result.withLock { $0 = outcome }
        wakeUp.signal()
    }

    func wait() throws -> Value {
        while true {
            wakeUp.wait()
            if let outcome = result.withLock({ $0 }) { return try outcome.get() }
        }
    }
}
