import COpenSSL

/// One OpenSSL call on a clean error queue, under its name; what it left in the queue is thrown where it failed.
extension PKIError {
    /// A call that answers whether it succeeded.
    static func attempt(_ operation: String, _ call: () -> Bool) throws(PKIError) {
        ErrorQueue.clear()
        guard call() else { throw failed(operation) }
    }

    /// A call that makes or finds an object, with whatever ownership it gives, or nil where it failed.
    static func object<Object>(_ operation: String, _ call: () -> Object?) throws(PKIError) -> Object {
        ErrorQueue.clear()
        guard let object = call() else { throw failed(operation) }
        return object
    }

    /// A call that encodes an object in DER: it is asked twice, for the length, with nil, and then for the bytes.
    static func encoded(
        _ operation: String,
        _ call: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> CInt
    ) throws(PKIError) -> [UInt8] {
        ErrorQueue.clear()
        let length = Int(call(nil))
        guard length > 0 else { throw failed(operation) }
        var der = [UInt8](repeating: 0, count: length)
        try attempt(operation) {
            unsafe der.withUnsafeMutableBufferPointer { bytes in
                var end = bytes.baseAddress
                return unsafe Int(call(&end)) == length
            }
        }
        return der
    }

    /// A call that writes text to a BIO in memory, which OpenSSL wipes when it is freed, as private keys want it.
    static func text(_ operation: String, _ call: (OpaquePointer) -> Bool) throws(PKIError) -> [UInt8] {
        let bio = unsafe try object("BIO_new") { unsafe BIO_new(BIO_s_mem()) }
        defer { unsafe BIO_free_all(bio) }
        try attempt(operation) { unsafe call(bio) }
        let count = unsafe BIO_ctrl_pending(bio)
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
            initialized = unsafe max(0, Int(BIO_read(bio, bytes.baseAddress, CInt(count))))
        }
    }

    private static func failed(_ operation: String) -> PKIError {
        let reasons = ErrorQueue.drain()
        return .openSSL(
            operation: operation,
            detail: reasons.isEmpty ? "no reason given" : reasons.joined(separator: "; ")
        )
    }
}

/// Owns one moment in OpenSSL's form.
@safe struct OpenSSLTime: ~Copyable {
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
