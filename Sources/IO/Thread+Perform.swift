extension Thread {
    /// Runs blocking work on a thread of its own while the caller waits without holding one.
    ///
    /// For the few things that take long and are rare, such as minting keys. Throws what `work` throws, or that no thread
    /// could be made.
    package static func perform<Value: Sendable>(
        named name: String,
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            do {
                let thread = try Thread(named: name) {
                    continuation.resume(with: Result { try work() })
                }
                thread.detach()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}

extension EventLoop {
    /// Runs `body` on this loop, behind everything that was handed to it before, while the caller waits.
    package func perform(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            execute {
                body()
                continuation.resume()
            }
        }
    }

    /// Runs `body` on this loop and blocks the calling thread until it is done: the bridge from `main`.
    package func block<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        precondition(!isCurrent, "a loop cannot wait for itself")
        let outcome = Outcome<Value>(wakeUp: try WakeUp(waiter: .thread))
        Task(name: "main", executorPreference: self) {
            do {
                outcome.set(.success(try await body()))
            } catch {
                outcome.set(.failure(error))
            }
        }
        return try outcome.wait()
    }
}
