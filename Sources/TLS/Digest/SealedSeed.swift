internal import COpenSSL

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
    ///   - digits: ``digitCount`` hexadecimal digits in ASCII, in the case in which they shall be found; another count is
    ///     a bug of the caller and stops the process.
    ///   - mobileID: the text of `mobile_id`; its first 16 bytes are the key, filled up with zeros when shorter.
    package init(digits: Span<UInt8>, mobileID: Span<UInt8>) {
        precondition(digits.count == Self.digitCount, "a seed has 40 digits, not \(digits.count)")
        var plaintext = [UInt8](repeating: 0, count: Self.plaintextLength)
        for index in digits.indices {
            plaintext[index] = digits[index]
        }
        var key = [UInt8](repeating: 0, count: AES128CBC.blockSize)
        for index in 0..<min(key.count, mobileID.count) {
            key[index] = mobileID[index]
        }
        let sealed = AES128CBC.encrypt(
            plaintext.span,
            key: key.span,
            initializationVector: Self.initializationVector.span
        )
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
    package var description: String {
        "sealed seed"
    }
}
