internal import COpenSSL

extension PrivateKey {
    /// A P-256 key that shows one public half and signs with the other key's private half.
    ///
    /// It belongs to a certificate about `shown`, for OpenSSL compares public halves only; whoever verifies what it signs
    /// finds a signature that is none.
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
