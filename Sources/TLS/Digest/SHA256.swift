import COpenSSL

/// The SHA-256 digest (FIPS 180-4), by OpenSSL's EVP interface.
package enum SHA256 {
    /// Bytes in a digest.
    package static let length = 32

    /// Hashes a whole message at once.
    ///
    /// A failure can only be a broken OpenSSL installation and stops the process.
    ///
    /// - Parameter message: the bytes to hash; may be empty.
    /// - Returns: the digest, ``length`` bytes.
    package static func hash(of message: Span<UInt8>) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: length) { digest, count in
            let status = unsafe message.withUnsafeBufferPointer { input in
                unsafe EVP_Digest(input.baseAddress, input.count, digest.baseAddress, nil, EVP_sha256(), nil)
            }
            precondition(status == 1, "EVP_Digest refused SHA-256")
            count = length
        }
    }
}

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
