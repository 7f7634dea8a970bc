extension PKIError {
    /// Runs one OpenSSL call on a clean error queue.
    ///
    /// - Parameters:
    ///   - operation: the call's name, for the error.
    ///   - call: answers whether it succeeded.
    /// - Throws: ``openSSL(operation:detail:)`` with the drained queue when it did not.
    static func attempt(_ operation: String, _ call: () -> Bool) throws(PKIError) {
        ErrorQueue.clear()
        guard call() else {
            throw .openSSL(operation: operation, detail: drainedQueue())
        }
    }

    /// Runs one OpenSSL call that makes or finds an object, on a clean error queue.
    ///
    /// - Parameters:
    ///   - operation: the call's name, for the error.
    ///   - call: answers the object, or nil where it failed.
    /// - Returns: the object, with whatever ownership the call gives.
    /// - Throws: ``openSSL(operation:detail:)`` with the drained queue where it failed.
    static func object(_ operation: String, _ call: () -> OpaquePointer?) throws(PKIError) -> OpaquePointer {
        ErrorQueue.clear()
        guard let object = unsafe call() else {
            throw .openSSL(operation: operation, detail: drainedQueue())
        }
        return unsafe object
    }

    private static func drainedQueue() -> String {
        let reasons = ErrorQueue.drain()
        return reasons.isEmpty ? "no reason given" : reasons.joined(separator: "; ")
    }
}
