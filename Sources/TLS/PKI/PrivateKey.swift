import COpenSSL
import Notation

/// One private key; any thread may sign with it.
///
/// OpenSSL sets a flag in a key of a curve while it writes it, so that two threads that wrote one would write it wrong,
/// past the end of what they measured: what is written is a copy.
@safe final class PrivateKey: Sendable {
    /// Borrowed: valid only while the key is, and never written.
    nonisolated(unsafe) let raw: OpaquePointer

    /// Takes over a reference that the caller owns.
    init(adopting raw: OpaquePointer) {
        unsafe self.raw = raw
    }

    deinit {
        unsafe EVP_PKEY_free(raw)
    }

    /// Makes a new key; RSA takes a good fraction of a second.
    static func generate(_ kind: KeyKind) throws(PKIError) -> PrivateKey {
        let raw =
            switch kind {
            case .p256: unsafe try PKIError.object("EVP_EC_gen") { unsafe c_EVP_EC_gen("P-256") }
            case .rsa2048: unsafe try PKIError.object("EVP_RSA_gen") { unsafe c_EVP_RSA_gen(2048) }
            case .rsa1024: unsafe try PKIError.object("EVP_RSA_gen") { unsafe c_EVP_RSA_gen(1024) }
            }
        return unsafe PrivateKey(adopting: raw)
    }

    /// Reads a key that is not encrypted.
    static func parse(_ pem: [UInt8]) throws(PKIError) -> PrivateKey {
        try PKIError.object("PEM_read_bio_PrivateKey") { PEMReader.privateKey(pem) }
    }

    /// Writes the key as PKCS#8 in PEM, not encrypted.
    func pem() throws(PKIError) -> [UInt8] {
        let copy = try copy()
        return unsafe try PKIError.text("PEM_write_bio_PrivateKey") {
            unsafe PEM_write_bio_PrivateKey($0, copy.raw, nil, nil, 0, nil, nil) == 1
        }
    }

    /// Writes the key in DER, in its own kind's form, not encrypted.
    func der() throws(PKIError) -> [UInt8] {
        let copy = try copy()
        return unsafe try PKIError.encoded("i2d_PrivateKey") { unsafe i2d_PrivateKey(copy.raw, $0) }
    }

    /// A key of this thread's own, for what may write it.
    func copy() throws(PKIError) -> PrivateKey {
        let copy = unsafe try PKIError.object("EVP_PKEY_dup") { unsafe EVP_PKEY_dup(raw) }
        return unsafe PrivateKey(adopting: copy)
    }

    /// Names the key's public half: see ``identifier(ofPublicKey:)``.
    var identifier: String {
        get throws(PKIError) {
            unsafe try Self.identifier(ofPublicKey: raw)
        }
    }

    /// Names a public key by the first 8 hex digits of the SHA-256 of its SubjectPublicKeyInfo.
    ///
    /// Keys are random, so the name is; and whoever holds the key or the certificate finds the same name again.
    static func identifier(ofPublicKey key: OpaquePointer?) throws(PKIError) -> String {
        let der = unsafe try PKIError.encoded("i2d_PUBKEY") { unsafe i2d_PUBKEY(key, $0) }
        return Hexadecimal.text(SHA256.hash(of: der.span).prefix(4))
    }

    /// A P-256 key that shows one public half and signs with the other key's private half.
    ///
    /// It belongs to a certificate about `shown`, for OpenSSL compares public halves only; whoever verifies what it
    /// signs finds a signature that is none.
    static func showing(_ shown: PrivateKey, signingWith signer: PrivateKey) throws(PKIError) -> PrivateKey {
        // In DER as OpenSSL writes it (RFC 5915 section 3), 32 bytes of the private half follow the first seven; a
        // reader compares them with nothing.
        let (range, length) = (7..<39, 121)
        let other = try signer.der()
        var mixed = try shown.der()
        guard mixed.count == length, other.count == length else {
            throw .openSSL(operation: "d2i_PrivateKey", detail: "a key that is not on the curve P-256")
        }
        mixed.replaceSubrange(range, with: other[range])
        let raw = unsafe try PKIError.object("d2i_PrivateKey") {
            unsafe mixed.withUnsafeBufferPointer { bytes in
                var start = bytes.baseAddress
                return unsafe d2i_PrivateKey(EVP_PKEY_EC, nil, &start, length)
            }
        }
        return unsafe PrivateKey(adopting: raw)
    }
}
