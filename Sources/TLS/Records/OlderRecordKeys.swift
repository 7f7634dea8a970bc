import COpenSSL

/// What a server of TLS 1.2 seals its records with (RFC 5246 section 6.3), worked out a second time.
///
/// Only for suites that encrypt and authenticate in one: AES in GCM (RFC 5288) and ChaCha20 (RFC 7905).
struct OlderRecordKeys {
    private let cipher: RecordCipher
    private let key: [UInt8]
    private let fixedNonce: [UInt8]

    /// Nil for other suites and versions.
    ///
    /// - Parameter ssl: A server whose Finished is made.
    init?(of ssl: OpaquePointer) {
        let suite = unsafe SSL_get_pending_cipher(ssl)
        guard unsafe SSL_version(ssl) == TLS1_2_VERSION,
            let cipher = unsafe RecordCipher(
                identifier: SSL_CIPHER_get_cipher_nid(suite),
                hash: SSL_CIPHER_get_handshake_digest(suite)
            )
        else { return nil }
        var secret = [UInt8](repeating: 0, count: Int(SSL_MAX_MASTER_KEY_LENGTH))
        let count = unsafe SSL_SESSION_get_master_key(SSL_get_session(ssl), &secret, secret.count)
        var serverRandom = [UInt8](repeating: 0, count: Int(SSL3_RANDOM_SIZE))
        var clientRandom = serverRandom
        _ = unsafe SSL_get_server_random(ssl, &serverRandom, serverRandom.count)
        _ = unsafe SSL_get_client_random(ssl, &clientRandom, clientRandom.count)
        // The client's key, the server's, the client's nonce, the server's.
        let block = cipher.stretch(
            Array(secret.prefix(count)),
            seed: Array("key expansion".utf8) + serverRandom + clientRandom,
            to: 2 * (cipher.keyLength + cipher.fixedNonceLength)
        )
        self.cipher = cipher
        key = Array(block[cipher.keyLength..<(2 * cipher.keyLength)])
        fixedNonce = Array(block.suffix(cipher.fixedNonceLength))
    }

    /// A whole record with a fatal alert; nil for want of memory.
    func seal(_ code: AlertCode, sequence: UInt64) -> [UInt8]? {
        let content = [Alert.fatalLevel, code.rawValue]
        let number = (0..<8).map { UInt8(truncatingIfNeeded: sequence >> (56 - 8 * UInt64($0))) }
        let type: [UInt8] = [ContentType.alert, 3, 3]
        // In GCM the rest of the nonce travels with the record; in ChaCha20 the number is mixed into it.
        let isExplicit = fixedNonce.count < RecordCipher.nonceLength
        let explicit = isExplicit ? number : []
        let nonce = isExplicit ? fixedNonce + number : RecordCipher.nonce(fixedNonce, sequence)
        guard
            let sealed = cipher.seal(
                content,
                key: key,
                nonce: nonce,
                header: number + type + [0, UInt8(content.count)]
            )
        else { return nil }
        return type + [0, UInt8(explicit.count + sealed.count)] + explicit + sealed
    }
}
