import CLinux
import Glibc

/// An operating-system thread with a name, joined or detached by its owner, once.
package struct Thread: Sendable {
    private let handle: pthread_t

    /// Starts a thread that runs `body` and ends with it.
    ///
    /// `name` appears in `top -H` and in debuggers, cut to fifteen characters. Throws where the system has no room for
    /// another thread.
    package init(named name: String, _ body: sending @escaping () -> Void) throws(SystemError) {
        let start = unsafe Unmanaged.passRetained(Start(name: String(name.prefix(15)), body: body))
        var handle = pthread_t()
        let code = unsafe pthread_create(
            &handle,
            nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                unsafe c_name_thread(start.name)
                start.body()
                return nil
            },
            start.toOpaque()
        )
        guard code == 0 else {
            unsafe start.release()
            throw SystemError(code, in: "pthread_create", on: name)
        }
        self.handle = handle
    }

    /// Waits for the thread's end.
    package func join() {
        pthread_join(handle, nil)
    }

    /// Lets the thread clean up after itself: without this or ``join()``, its stack stays for the life of the process.
    package func detach() {
        pthread_detach(handle)
    }

    private final class Start {
        let name: String
        let body: () -> Void

        init(name: String, body: @escaping () -> Void) {
            self.name = name
            self.body = body
        }
    }
}

extension Thread {
    /// Runs blocking work on a thread of its own while the caller waits without holding one.
    ///
    /// For the few things that take long and are rare, such as minting keys. Throws what `work` throws, or that no
    /// thread could be made.
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
        let outcome = Monitor<Result<Value, any Error>?>(nil)
        Task(name: "main", executorPreference: self) {
            let result: Result<Value, any Error>
            do {
                result = .success(try await body())
            } catch {
                result = .failure(error)
            }
            outcome.withLock { $0 = result }
            outcome.signal()
        }
        return try outcome.wait { $0 }.get()
    }
}
