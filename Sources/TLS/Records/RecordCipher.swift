import COpenSSL
import Notation
import TLSNames

/// The cipher of a suite of TLS 1.3 and the suite's hash, by OpenSSL's EVP interface.
@safe struct RecordCipher {
    let keyLength: Int
    let tagLength: Int
    private let cipher: OpaquePointer?
    private let hash: OpaquePointer?
    private let isCCM: Bool

    /// The cipher of a suite of TLS 1.3 by its number (RFC 8446 section B.4); nil for any other.
    init?(suite: UInt16) {
        switch suite {
        case 0x1301: unsafe (cipher, hash, keyLength) = (EVP_aes_128_gcm(), EVP_sha256(), 16)
        case 0x1302: unsafe (cipher, hash, keyLength) = (EVP_aes_256_gcm(), EVP_sha384(), 32)
        case 0x1303: unsafe (cipher, hash, keyLength) = (EVP_chacha20_poly1305(), EVP_sha256(), 32)
        case 0x1304, 0x1305: unsafe (cipher, hash, keyLength) = (EVP_aes_128_ccm(), EVP_sha256(), 16)
        default: return nil
        }
        isCCM = suite >= 0x1304
        tagLength = suite == 0x1305 ? 8 : 16
    }

    /// HKDF-Expand-Label with an empty context (RFC 8446 section 7.1), of at most one block of the hash.
    func expand(_ secret: [UInt8], _ label: String, to count: Int) -> [UInt8] {
        let name = Array("tls13 ".utf8) + Array(label.utf8)
        // Length, label, no context, and HKDF's counter of blocks (RFC 5869 section 2.3).
        let message = [UInt8(count >> 8), UInt8(count & 0xFF), UInt8(name.count)] + name + [0, 1]
        return unsafe Array(MessageCode.code(of: message, under: secret, hash).prefix(count))
    }

    /// Encrypts one record's content, and authenticates it with what is called its header: the content and the tag, or
    /// nil for want of memory.
    func seal(_ content: [UInt8], key: [UInt8], nonce: [UInt8], header: [UInt8]) -> [UInt8]? {
        guard let context = unsafe EVP_CIPHER_CTX_new() else { return nil }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        var sealed = [UInt8](repeating: 0, count: content.count)
        var tag = [UInt8](repeating: 0, count: tagLength)
        // None of these ciphers has anything left to give at the end.
        var end = [UInt8](repeating: 0, count: Int(EVP_MAX_BLOCK_LENGTH))
        var count: CInt = 0
        let (tagCount, contentCount) = (CInt(tagLength), CInt(content.count))
        // CCM has to know the lengths of tag and content beforehand.
        let isDone =
            unsafe EVP_EncryptInit_ex(context, cipher, nil, nil, nil) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, CInt(nonce.count), nil) == 1
            && (!isCCM || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tagCount, nil) == 1)
            && EVP_EncryptInit_ex(context, nil, nil, key, nonce) == 1
            && (!isCCM || EVP_EncryptUpdate(context, nil, &count, nil, contentCount) == 1)
            && EVP_EncryptUpdate(context, nil, &count, header, CInt(header.count)) == 1
            && EVP_EncryptUpdate(context, &sealed, &count, content, contentCount) == 1
            && EVP_EncryptFinal_ex(context, &end, &count) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tagCount, &tag) == 1
        return isDone ? sealed + tag : nil
    }
}

/// Makes alerts that a peer of TLS 1.3 can open, from the secrets of OpenSSL's key log.
///
/// Each set of keys counts its records from 0 (RFC 8446 section 5.3), so it has to be told of each that leaves.
struct AlertSealer {
    private var suite: UInt16 = 0
    private var handshakeSecret: [UInt8]?
    private var trafficSecret: [UInt8]?
    private var sealsData = false
    private var sequence: UInt64 = 0

    /// Notes a line of the key log: a label, the client's random, a secret.
    mutating func note(_ line: String, suite: UInt16) {
        let words = line.split(separator: " ")
        guard words.count == 3 else { return }
        switch words[0] {
        case "SERVER_HANDSHAKE_TRAFFIC_SECRET": handshakeSecret = Self.bytes(ofHex: words[2])
        case "SERVER_TRAFFIC_SECRET_0": trafficSecret = Self.bytes(ofHex: words[2])
        default: return
        }
        self.suite = suite
    }

    /// Notes that a sealed record has left, after which the keys for data may begin.
    mutating func passed(beginsData: Bool) {
        sequence += 1
        guard beginsData else { return }
        sealsData = true
        sequence = 0
    }

    /// A whole record with a fatal alert, in the place of the next sealed one; nil where the keys are not known.
    func seal(_ code: AlertCode) -> [UInt8]? {
        guard let secret = sealsData ? trafficSecret : handshakeSecret, let cipher = RecordCipher(suite: suite) else {
            return nil
        }
        let key = cipher.expand(secret, "key", to: cipher.keyLength)
        // The vector with the record's number in its end (RFC 8446 section 5.3); 12 bytes with all of these ciphers.
        var nonce = cipher.expand(secret, "iv", to: 12)
        for index in 0..<8 { nonce[11 - index] ^= UInt8(truncatingIfNeeded: sequence >> (8 * UInt64(index))) }
        // The alert and behind it the type that the outer header hides (RFC 8446 section 5.2).
        let content = [Alert.fatalLevel, code.rawValue, ContentType.alert]
        let count = content.count + cipher.tagLength
        let header = [ContentType.applicationData, 3, 3, UInt8(count >> 8), UInt8(count & 0xFF)]
        guard let sealed = cipher.seal(content, key: key, nonce: nonce, header: header) else { return nil }
        return header + sealed
    }

    private static func bytes(ofHex text: Substring) -> [UInt8] {
        let digits = text.utf8.compactMap { Hexadecimal.value(of: $0) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
