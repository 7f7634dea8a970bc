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
    static func object<Pointer>(_ operation: String, _ call: () -> Pointer?) throws(PKIError) -> Pointer {
        ErrorQueue.clear()
        guard let object = call() else {
            throw .openSSL(operation: operation, detail: drainedQueue())
        }
        return object
    }

    /// Runs one OpenSSL call that encodes an object in DER.
    ///
    /// - Parameters:
    ///   - operation: the call's name, for the error.
    ///   - call: the call, asked twice: for the length, with nil, and then for the bytes.
    /// - Returns: the encoding.
    /// - Throws: ``openSSL(operation:detail:)`` with the drained queue where it failed.
    static func encoded(
        _ operation: String,
        _ call: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> CInt
    ) throws(PKIError) -> [UInt8] {
        ErrorQueue.clear()
        let length = Int(call(nil))
        guard length > 0 else { throw .openSSL(operation: operation, detail: drainedQueue()) }
        var der = [UInt8](repeating: 0, count: length)
        try attempt(operation) {
            unsafe der.withUnsafeMutableBufferPointer { bytes in
                var end = bytes.baseAddress
                return unsafe Int(call(&end)) == length
            }
        }
        return der
    }

    private static func drainedQueue() -> String {
        let reasons = ErrorQueue.drain()
        return reasons.isEmpty ? "no reason given" : reasons.joined(separator: "; ")
    }
}
