import COpenSSL

/// The SHA-256 digest (FIPS 180-4), by OpenSSL's EVP interface.
package enum SHA256 {
    /// Bytes in a digest.
    package static let length = 32

    /// Hashes a whole message at once; a failure can only be a broken OpenSSL installation and stops the process.
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

/// A code by which whoever has a secret knows that a message is its own (HMAC, RFC 2104).
enum MessageCode {
    /// The code under one of OpenSSL's digests, as long as that.
    static func code(of message: [UInt8], under secret: [UInt8], _ hash: OpaquePointer?) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        let answer = unsafe HMAC(hash, secret, CInt(secret.count), message, message.count, &block, &count)
        unsafe precondition(answer != nil, "HMAC refused a digest")
        return Array(block.prefix(Int(count)))
    }
}

/// Randomness fit for keys and serial numbers, from OpenSSL's generator.
package enum SecureRandom {
    /// Draws that many unpredictable bytes.
    ///
    /// A system without randomness cannot go on safely: the process stops.
    package static func bytes(_ count: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            precondition(unsafe RAND_bytes(buffer.baseAddress, CInt(count)) == 1, "RAND_bytes has no randomness")
            initialized = count
        }
    }
}
