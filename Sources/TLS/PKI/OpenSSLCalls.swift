import COpenSSL

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

/// Owns one memory BIO, to which OpenSSL writes its text forms.
///
/// OpenSSL wipes the memory when it is freed, which matters for private keys.
@safe
struct TextBuffer: ~Copyable {
    /// Borrowed: valid only while the buffer is.
    let raw: OpaquePointer

    /// Makes an empty buffer to write to.
    init() throws(PKIError) {
        unsafe raw = try PKIError.object("BIO_new") { unsafe BIO_new(BIO_s_mem()) }
    }

    deinit {
        unsafe BIO_free_all(raw)
    }

    /// Takes out everything written so far.
    borrowing func takeBytes() -> [UInt8] {
        let count = unsafe BIO_ctrl_pending(raw)
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
            initialized = unsafe max(0, Int(BIO_read(raw, bytes.baseAddress, CInt(count))))
        }
    }
}

/// Owns one moment in OpenSSL's form.
@safe
struct OpenSSLTime: ~Copyable {
    /// Borrowed: valid only while the moment is.
    let raw: UnsafeMutablePointer<ASN1_TIME>

    /// A moment in the form that certificates and lists use: with two digits for the year until 2049 (RFC 5280 section
    /// 4.1.2.5).
    init(_ unixSeconds: Int64) throws(PKIError) {
        unsafe raw = try PKIError.object("ASN1_TIME_set") { unsafe ASN1_TIME_set(nil, time_t(unixSeconds)) }
    }

    /// A moment in the form that OCSP uses: always with four.
    init(generalized unixSeconds: Int64) throws(PKIError) {
        unsafe raw = try PKIError.object("ASN1_GENERALIZEDTIME_set") {
            unsafe ASN1_GENERALIZEDTIME_set(nil, time_t(unixSeconds))
        }
    }

    deinit {
        unsafe ASN1_TIME_free(raw)
    }
}
