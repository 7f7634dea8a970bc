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
        // The point in its uncompressed form: 4 and both coordinates (SEC 1 section 2.3.3).
        var point = [UInt8](repeating: 0, count: 65)
        var (count, secret) = unsafe (0, OpaquePointer?.none)
        defer { unsafe BN_clear_free(secret) }
        try PKIError.attempt("EVP_PKEY_get_bn_param") {
            unsafe EVP_PKEY_get_octet_string_param(shown.raw, OSSL_PKEY_PARAM_PUB_KEY, &point, point.count, &count) == 1
                && EVP_PKEY_get_bn_param(signer.raw, OSSL_PKEY_PARAM_PRIV_KEY, &secret) == 1
        }
        let mixed = unsafe try PKIError.object("EVP_PKEY_fromdata") {
            unsafe c_EVP_PKEY_fromdata_P256(point, count, secret)
        }
        return unsafe PrivateKey(adopting: mixed)
    }
}
