import IO
import TestKit
import Testing

@Suite struct ByteRingTests {
    @Test func `what was written is there until it is overwritten`() {
        let ring = ByteRing(capacity: 10)
        ring.append(Array("abcdef".utf8).span)
        #expect(ring.read(0..<6) == Array("abcdef".utf8))
        ring.append(Array("ghijkl".utf8).span)
        #expect((ring.start, ring.end) == (2, 12))
        #expect(ring.read(0..<6) == nil)
        #expect(ring.read(2..<12) == Array("cdefghijkl".utf8))
        #expect(ring.read(8..<13) == nil, "not written yet")
        #expect(ring.read(5..<5)?.isEmpty == true)
    }

    @Test func `at any place of the ring, any length comes back`() {
        let ring = ByteRing(capacity: 64)
        var random = SeededRandom(seed: 1)
        var written: [UInt8] = []
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...64, using: &random))
                .map { _ in UInt8.random(in: 0...255, using: &random) }
            ring.append(bytes.span)
            written += bytes
            let start = Int.random(in: max(0, written.count - 64)...written.count, using: &random)
            #expect(ring.read(UInt64(start)..<UInt64(written.count)) == Array(written[start...]))
        }
    }
}

@Suite struct AddressBlockTests {
    @Test(
        arguments: [
            ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false), ("10.0.0.0/8", "10.255.1.2", true),
            ("10.9.9.9/8", "10.0.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "2001:db8::1", false), ("192.0.2.128/25", "192.0.2.127", false),
            ("192.0.2.128/25", "192.0.2.128", true),
            ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false), ("::1", "::1", true),
            ("fe80::/65", "fe80::7fff:0:0:0", true), ("fe80::/65", "fe80::8000:0:0:0", false),
            ("::/0", "127.0.0.1", true),
            ("127.0.0.0/8", "::ffff:127.0.0.1", true), ("::ffff:127.0.0.1", "127.0.0.1", true),
        ]
    )
    func `an address is in a block`(block: String, address: String, isIn: Bool) throws {
        let block = try #require(AddressBlock(block))
        #expect(block.contains(try #require(SocketAddress.Host(digits: address))) == isIn)
    }

    @Test(arguments: [
        "", "/8", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "10.0.0/8", "::/129", "1.2.3.4/8/8",
    ])
    func `other texts are none`(text: String) {
        #expect(AddressBlock(text) == nil)
    }
}
