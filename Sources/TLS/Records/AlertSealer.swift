import TLSNames

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

    /// A whole record with a fatal alert, in the place of the next sealed one.
    ///
    /// - Returns: Nil where the keys are not known.
    func seal(_ code: AlertCode) -> [UInt8]? {
        guard let secret = sealsData ? trafficSecret : handshakeSecret, let cipher = RecordCipher(suite: suite) else {
            return nil
        }
        let key = cipher.expand(secret, "key", to: cipher.keyLength)
        let nonce = RecordCipher.nonce(cipher.expand(secret, "iv", to: RecordCipher.nonceLength), sequence)
        // The alert and behind it the type that the outer header hides (RFC 8446 section 5.2).
        let content = [Alert.fatalLevel, code.rawValue, ContentType.alert]
        let count = content.count + cipher.tagLength
        let header = [ContentType.applicationData, 3, 3, UInt8(count >> 8), UInt8(count & 0xFF)]
        guard let sealed = cipher.seal(content, key: key, nonce: nonce, header: header) else { return nil }
        return header + sealed
    }

    private static func bytes(ofHex text: Substring) -> [UInt8] {
        let digits = text.utf8.compactMap { UInt8(hexDigit: $0) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

extension UInt8 {
    fileprivate init?(hexDigit: UInt8) {
        switch hexDigit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self = hexDigit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self = hexDigit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self = hexDigit - UInt8(ascii: "A") + 10
        default: return nil
        }
    }
}
