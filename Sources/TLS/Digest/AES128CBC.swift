internal import COpenSSL

/// AES-128 in cipher block chaining mode (NIST SP 800-38A) without padding, by OpenSSL's EVP interface.
///
/// It keeps no integrity: it exists because the sealed seed is defined with it.
package enum AES128CBC {
    /// Bytes in a block, in a key and in an initialization vector alike.
    package static let blockSize = 16

    /// Encrypts whole blocks.
    ///
    /// Lengths that do not fit are a bug of the caller and stop the process, as a broken OpenSSL installation does.
    ///
    /// - Parameters:
    ///   - plaintext: a multiple of ``blockSize`` bytes; the caller has padded it.
    ///   - key: ``blockSize`` bytes.
    ///   - initializationVector: ``blockSize`` bytes.
    /// - Returns: as many bytes as the plaintext has.
    package static func encrypt(
        _ plaintext: Span<UInt8>,
        key: Span<UInt8>,
        initializationVector: Span<UInt8>
    ) -> [UInt8] {
        precondition(key.count == blockSize, "an AES-128 key has 16 bytes, not \(key.count)")
        precondition(initializationVector.count == blockSize, "an AES vector has 16 bytes")
        precondition(plaintext.count.isMultiple(of: blockSize), "without padding only whole blocks are encrypted")
        let context = CipherContext()
        return unsafe key.withUnsafeBufferPointer { key in
            unsafe initializationVector.withUnsafeBufferPointer { vector in
                unsafe plaintext.withUnsafeBufferPointer { input in
                    unsafe context.encrypt(input, key: key, initializationVector: vector)
                }
            }
        }
    }
}

/// Owns one EVP_CIPHER_CTX, whose key schedule OpenSSL wipes when it is freed.
@safe
private struct CipherContext: ~Copyable {
    private let raw: OpaquePointer

    init() {
        guard let raw = unsafe EVP_CIPHER_CTX_new() else {
            preconditionFailure("EVP_CIPHER_CTX_new: out of memory")
        }
        unsafe self.raw = raw
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(raw)
    }

    borrowing func encrypt(
        _ input: UnsafeBufferPointer<UInt8>,
        key: UnsafeBufferPointer<UInt8>,
        initializationVector: UnsafeBufferPointer<UInt8>
    ) -> [UInt8] {
        let count = CInt(input.count)
        return unsafe [UInt8](unsafeUninitializedCapacity: Int(count)) { output, initialized in
            var written: CInt = 0
            var rest: CInt = 0
            let done =
                unsafe EVP_EncryptInit_ex(
                    raw,
                    EVP_aes_128_cbc(),
                    nil,
                    key.baseAddress,
                    initializationVector.baseAddress
                )
                == 1
                && EVP_CIPHER_CTX_set_padding(raw, 0) == 1
                && EVP_EncryptUpdate(raw, output.baseAddress, &written, input.baseAddress, count) == 1
                && EVP_EncryptFinal_ex(raw, nil, &rest) == 1
            precondition(done && written == count && rest == 0, "EVP_Encrypt refused AES-128-CBC")
            initialized = Int(count)
        }
    }
}
