import COpenSSL

/// A token's seed as the phone's answer carries it: encrypted for one phone and written in Base64.
///
/// docs/protocol.md 3.6: AES-128-CBC, the key being the phone's own identifier, so this hides the seed from nobody who
/// saw the request; the connection's TLS does that.
package struct SealedSeed: Sendable {
    /// Hexadecimal digits in a seed.
    package static let digitCount = 40

    /// The Base64 text as ASCII, 64 bytes without a line break.
    package let base64: [UInt8]

    /// The published initialization vector, the same for every seed (docs/protocol.md 3.6).
    private static let initializationVector = Array("fortitokenmobile".utf8)

    /// Hex digits of a seed, filled up with zeros to whole blocks: 40 and 8 (docs/protocol.md 3.6).
    private static let plaintextLength = 48

    /// Seals one seed.
    ///
    /// - Parameters:
    ///   - digits: ``digitCount`` hexadecimal digits in ASCII, in the case in which they shall be found; another count
    ///     is a bug of the caller and stops the process.
    ///   - mobileID: the text of `mobile_id`; its first 16 bytes are the key, filled up with zeros when shorter.
    package init(digits: Span<UInt8>, mobileID: Span<UInt8>) {
        precondition(digits.count == Self.digitCount, "a seed has 40 digits, not \(digits.count)")
        var key = [UInt8](repeating: 0, count: AES128CBC.blockSize)
        for index in 0..<min(key.count, mobileID.count) { key[index] = mobileID[index] }
        var plaintext = [UInt8](repeating: 0, count: Self.plaintextLength)
        for index in digits.indices { plaintext[index] = digits[index] }
        let vector = Self.initializationVector.span
        let sealed = AES128CBC.encrypt(plaintext.span, key: key.span, initializationVector: vector)
        base64 = Self.base64(of: sealed.span)
    }

    private static func base64(of bytes: Span<UInt8>) -> [UInt8] {
        let length = (bytes.count + 2) / 3 * 4
        // EVP_EncodeBlock also writes a terminating zero, which the count leaves out.
        return unsafe [UInt8](unsafeUninitializedCapacity: length + 1) { text, count in
            count = unsafe bytes.withUnsafeBufferPointer { input in
                unsafe Int(EVP_EncodeBlock(text.baseAddress, input.baseAddress, CInt(input.count)))
            }
        }
    }
}

extension SealedSeed: CustomStringConvertible {
    /// Never the text: a seed must not reach a log by way of interpolation.
    package var description: String { "sealed seed" }
}

/// AES-128 in cipher block chaining mode (NIST SP 800-38A) without padding, by OpenSSL's EVP interface.
///
/// It keeps no integrity: it exists because the sealed seed is defined with it.
package enum AES128CBC {
    /// Bytes in a block, in a key and in an initialization vector alike.
    package static let blockSize = 16

    /// Encrypts whole blocks, which the caller has padded, under a key and from a vector of ``blockSize`` bytes each.
    ///
    /// Lengths that do not fit are a bug of the caller and stop the process, as a broken OpenSSL installation does.
    package static func encrypt(
        _ plaintext: Span<UInt8>,
        key: Span<UInt8>,
        initializationVector: Span<UInt8>
    ) -> [UInt8] {
        precondition(key.count == blockSize, "an AES-128 key has 16 bytes, not \(key.count)")
        precondition(initializationVector.count == blockSize, "an AES vector has 16 bytes")
        precondition(plaintext.count.isMultiple(of: blockSize), "without padding only whole blocks are encrypted")
        // OpenSSL wipes the key's schedule when this is freed.
        guard let context = unsafe EVP_CIPHER_CTX_new() else {
            preconditionFailure("EVP_CIPHER_CTX_new: out of memory")
        }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        let isReady = unsafe key.withUnsafeBufferPointer { key in
            unsafe initializationVector.withUnsafeBufferPointer { vector in
                unsafe EVP_EncryptInit_ex(context, EVP_aes_128_cbc(), nil, key.baseAddress, vector.baseAddress) == 1
                    && EVP_CIPHER_CTX_set_padding(context, 0) == 1
            }
        }
        return unsafe [UInt8](unsafeUninitializedCapacity: plaintext.count) { output, initialized in
            var (written, rest): (CInt, CInt) = (0, 0)
            let isDone = unsafe plaintext.withUnsafeBufferPointer { input in
                unsafe EVP_EncryptUpdate(context, output.baseAddress, &written, input.baseAddress, CInt(input.count))
                    == 1
                    && EVP_EncryptFinal_ex(context, nil, &rest) == 1
            }
            initialized = Int(written)
            precondition(isReady && isDone && initialized == plaintext.count && rest == 0, "EVP refused AES-128-CBC")
        }
    }
}
