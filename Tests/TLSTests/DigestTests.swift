import Notation
import TLS
import Testing

/// Digests and encryption, held against the `openssl` command.
@Suite struct Digests {
    @Test func `SHA-256 of abc is the value that FIPS 180-4 publishes`() {
        let digest = SHA256.hash(of: Array("abc".utf8).span)
        #expect(
            Hexadecimal.text(digest) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
    }

    @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 1000])
    func `SHA-256 agrees with openssl at every block boundary`(length: Int) throws {
        let message = SecureRandom.bytes(length)
        let expected = try OpenSSLCommand.output(["dgst", "-sha256", "-binary"], input: message)
        #expect(SHA256.hash(of: message.span) == expected)
    }

    @Test(arguments: [0, 1, 2, 5])
    func `AES-128-CBC without padding agrees with openssl`(blocks: Int) throws {
        let (plaintext, key, vector) = (
            SecureRandom.bytes(16 * blocks), SecureRandom.bytes(16), SecureRandom.bytes(16)
        )
        let encrypted = AES128CBC.encrypt(plaintext.span, key: key.span, initializationVector: vector.span)
        #expect(
            try encrypted
                == OpenSSLCommand.output(
                    ["enc", "-aes-128-cbc", "-nopad", "-K", Hexadecimal.text(key), "-iv", Hexadecimal.text(vector)],
                    input: plaintext
                )
        )
    }

    @Test func `a plaintext that is no whole block stops the process`() async {
        await #expect(processExitsWith: .failure) {
            let block = [UInt8](repeating: 0, count: 16)
            _ = AES128CBC.encrypt(
                [UInt8](repeating: 0, count: 17).span,
                key: block.span,
                initializationVector: block.span
            )
        }
    }

    @Test func `random bytes come in the number asked for and do not repeat`() {
        #expect(SecureRandom.bytes(0).isEmpty)
        #expect(SecureRandom.bytes(32).count == 32)
        #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
    }
}

/// The seed in the phone's answer (docs/protocol.md 3.6), opened as a phone would.
@Suite struct SealedSeeds {
    /// Shorter than a key, an Android identifier of exactly a key's length, longer, empty, not ASCII.
    static let identifiers = ["a1b2", "0123456789abcdef", "0123456789abcdef0123", "", "\u{E9}t\u{E9}"]

    @Test(arguments: identifiers)
    func `openssl opens a sealed seed with the phone's identifier`(mobileID: String) throws {
        let digits = Array(Hexadecimal.text(SecureRandom.bytes(20)).utf8)
        let sealed = SealedSeed(digits: digits.span, mobileID: Array(mobileID.utf8).span)
        #expect(sealed.base64.count == 64)
        let plaintext = try OpenSSLCommand.output(
            Self.cipher(mobileID) + ["-d", "-base64", "-A"],
            input: sealed.base64
        )
        #expect(plaintext == digits + [UInt8](repeating: 0, count: 8))
    }

    @Test func `a sealed seed is what openssl makes of the same seed`() throws {
        let digits = Array("A84E2CAAD3BCEA970E05DC1A9B7BD2D562622F4A".utf8)
        let padded = digits + [UInt8](repeating: 0, count: 8)
        let expected = try OpenSSLCommand.output(Self.cipher("0123456789abcdef") + ["-base64", "-A"], input: padded)
        let sealed = SealedSeed(digits: digits.span, mobileID: Array("0123456789abcdef".utf8).span)
        #expect(sealed.base64 == expected)
    }

    @Test func `a sealed seed does not show itself in a log`() {
        let sealed = SealedSeed(digits: [UInt8](repeating: 0x30, count: 40).span, mobileID: [UInt8]().span)
        #expect("\(sealed)" == "sealed seed")
    }

    private static func cipher(_ mobileID: String) -> [String] {
        let key = Array(Array(mobileID.utf8).prefix(16))
        let padded = key + [UInt8](repeating: 0, count: 16 - key.count)
        let vector = Hexadecimal.text("fortitokenmobile".utf8)
        return ["enc", "-aes-128-cbc", "-nopad", "-K", Hexadecimal.text(padded), "-iv", vector]
    }
}
