import COpenSSL
import Notation

/// Owns one private key.
@safe
struct PrivateKey: ~Copyable {
    /// Borrowed: valid only while the key is.
    let raw: OpaquePointer

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
    ///
    /// A copy of what all readers of the text share: OpenSSL sets a flag in a key of a curve while it writes it, so
    /// that two threads that wrote one would write it wrong, past the end of what they measured.
    static func parse(_ pem: Span<UInt8>) throws(PKIError) -> PrivateKey {
        let raw = unsafe try PKIError.object("PEM_read_bio_PrivateKey") {
            unsafe PEMReader.privateKey(Array(copying: pem)).flatMap { unsafe EVP_PKEY_dup($0.pointer) }
        }
        return unsafe PrivateKey(adopting: raw)
    }

    /// Writes the key as PKCS#8 in PEM, not encrypted.
    borrowing func pem() throws(PKIError) -> [UInt8] {
        let buffer = try TextBuffer()
        try PKIError.attempt("PEM_write_bio_PrivateKey") {
            unsafe PEM_write_bio_PrivateKey(buffer.raw, raw, nil, nil, 0, nil, nil) == 1
        }
        return buffer.takeBytes()
    }

    /// Writes the key in DER, in its own kind's form, not encrypted.
    borrowing func der() throws(PKIError) -> [UInt8] {
        let key = unsafe raw
        return unsafe try PKIError.encoded("i2d_PrivateKey") { unsafe i2d_PrivateKey(key, $0) }
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
}

extension PrivateKey {
    /// A P-256 key that shows one public half and signs with the other key's private half.
    ///
    /// It belongs to a certificate about `shown`, for OpenSSL compares public halves only; whoever verifies what it
    /// signs finds a signature that is none.
    ///
    /// - Parameters:
    ///   - shown: whose public half it has.
    ///   - signer: whose private half it has.
    /// - Returns: the key of both halves.
    /// - Throws: ``PKIError/openSSL(operation:detail:)``, also where a key is not on the curve P-256.
    static func showing(
        _ shown: borrowing PrivateKey,
        signingWith signer: borrowing PrivateKey
    ) throws(PKIError) -> PrivateKey {
        // The point in its uncompressed form: 4 and both coordinates (SEC 1 section 2.3.3).
        var point = [UInt8](repeating: 0, count: 65)
        var (count, secret) = unsafe (0, OpaquePointer?.none)
        let (shownKey, signerKey) = unsafe (shown.raw, signer.raw)
        defer { unsafe BN_clear_free(secret) }
        try PKIError.attempt("EVP_PKEY_get_bn_param") {
            unsafe EVP_PKEY_get_octet_string_param(shownKey, OSSL_PKEY_PARAM_PUB_KEY, &point, point.count, &count) == 1
                && EVP_PKEY_get_bn_param(signerKey, OSSL_PKEY_PARAM_PRIV_KEY, &secret) == 1
        }
        return unsafe PrivateKey(
            adopting: try PKIError.object("EVP_PKEY_fromdata") {
                unsafe c_EVP_PKEY_fromdata_P256(point, count, secret)
            }
        )
    }
}
