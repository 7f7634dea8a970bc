internal import COpenSSL

/// Randomness fit for keys and serial numbers, from OpenSSL's generator.
package enum SecureRandom {
    /// Draws unpredictable bytes.
    ///
    /// A system without randomness cannot go on safely: the process stops.
    ///
    /// - Parameter count: how many bytes; not negative.
    /// - Returns: that many bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            precondition(unsafe RAND_bytes(buffer.baseAddress, CInt(count)) == 1, "RAND_bytes has no randomness")
            initialized = count
        }
    }
}
