internal import COpenSSL
import Notation

/// A certificate's number among its issuer's (RFC 5280 section 4.1.2.2).
///
/// What an authority of this installation issues carries a mark in its number, made with the authority's own key, so it
/// knows its certificates again without a list of them: those of devices, whose files it never sees again, and those
/// that a renewal replaced. Nobody else can make such a number.
package struct CertificateSerial: Hashable, Sendable {
    /// The number's bytes, the highest first, without leading zeros; at most 20 in a certificate.
    let bytes: [UInt8]

    /// Bytes in a number of ours, and in the mark at its end.
    private static let (size, markSize) = (16, 8)

    /// Copies a number; nil for a negative one, which no certificate of ours has.
    init?(_ number: UnsafePointer<ASN1_INTEGER>?) {
        guard unsafe ASN1_STRING_type(number) == V_ASN1_INTEGER else { return nil }
        let count = unsafe Int(ASN1_STRING_length(number))
        let digits = unsafe UnsafeBufferPointer(start: ASN1_STRING_get0_data(number), count: count)
        bytes = unsafe Array(digits.drop { $0 == 0 })
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A number for a root: positive and always 16 bytes long, of which 126 bits are random.
    static func random() -> CertificateSerial {
        CertificateSerial(bytes: positive(SecureRandom.bytes(size)))
    }

    /// A number for what an authority issues: as long, half of it random, half the authority's mark.
    static func random(markedBy key: PrivateKey) throws(PKIError) -> CertificateSerial {
        let random = positive(SecureRandom.bytes(size - markSize))
        return CertificateSerial(bytes: random + mark(of: random, by: try key.der()))
    }

    /// Whether the authority whose key this is, in DER, gave it out.
    func isMarked(by secret: [UInt8]) -> Bool {
        guard bytes.count == Self.size else { return false }
        let mark = Self.mark(of: Array(bytes.prefix(Self.size - Self.markSize)), by: secret)
        return mark.elementsEqual(bytes.suffix(Self.markSize))
    }

    /// Puts it into an OpenSSL number.
    func write(to target: UnsafeMutablePointer<ASN1_INTEGER>?) throws(PKIError) {
        let number = unsafe try PKIError.object("BN_bin2bn") {
            unsafe BN_bin2bn(bytes, CInt(bytes.count), nil)
        }
        defer { unsafe BN_free(number) }
        try PKIError.attempt("BN_to_ASN1_INTEGER") {
            unsafe BN_to_ASN1_INTEGER(number, target) != nil
        }
    }

    private static func positive(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes[0] = bytes[0] & 0x7F | 0x40
        return bytes
    }

    private static func mark(of random: [UInt8], by secret: [UInt8]) -> [UInt8] {
        let message = Array("fauxguard serial number ".utf8) + random
        return unsafe Array(MessageCode.code(of: message, under: secret, EVP_sha256()).prefix(markSize))
    }
}

extension CertificateSerial: CustomStringConvertible {
    /// Upper-case hex digits, as the `openssl` command prints it.
    package var description: String { Hexadecimal.text(bytes).uppercased() }
}
