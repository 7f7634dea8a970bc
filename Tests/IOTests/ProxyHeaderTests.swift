import IO
import Testing

/// What a proxy says of its client.
@Suite struct ProxyHeaderTests {
    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]

    private static func version2(_ command: UInt8, _ family: UInt8, _ rest: [UInt8]) -> [UInt8] {
        signature + [command, family, UInt8(rest.count >> 8), UInt8(rest.count & 255)] + rest
    }

    private static let four: [UInt8] = [192, 0, 2, 7, 192, 0, 2, 10, 0xC7, 0x38, 1, 0xBB]
    private static let six: [UInt8] =
        [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [7] + [UInt8](repeating: 0, count: 15) + [
            1, 0xC7, 0x38, 1, 0xBB,
        ]
    private static let unix = [UInt8](repeating: 0x61, count: 216)

    static let good: [([UInt8], String?)] = [
        (Array("PROXY TCP4 192.0.2.7 192.0.2.10 51000 443\r\n".utf8), "192.0.2.7:51000"),
        (Array("PROXY TCP6 2001:db8::7 ::1 51000 443\r\n".utf8), "[2001:db8::7]:51000"),
        (Array("PROXY TCP6 ::ffff:192.0.2.7 ::1 0 443\r\n".utf8), "192.0.2.7:0"),
        (Array("PROXY UNKNOWN\r\n".utf8), nil), (Array("PROXY UNKNOWN a b c d e\r\n".utf8), nil),
        (version2(0x21, 0x11, four), "192.0.2.7:51000"), (version2(0x21, 0x21, six), "[2001:db8::7]:51000"),
        (version2(0x21, 0x11, four + [4, 0, 2, 1, 2, 0xEE, 0, 0]), "192.0.2.7:51000"),
        (version2(0x20, 0x11, four), nil), (version2(0x20, 0, []), nil), (version2(0x21, 0, [4, 0, 0]), nil),
        // Defect: what LOCAL and UNSPEC hold is to be ignored, and was judged.
        (version2(0x20, 0x31, []), nil), (version2(0x20, 0x11, [0x7A, 0x7A]), nil), (version2(0x21, 0, [4, 0]), nil),
        (version2(0x21, 0x12, four), nil), (version2(0x21, 0x31, unix), nil), (checked(), "192.0.2.7:51000"),
    ]

    /// One with a checksum, as CRC-32C gives it for 44 bytes that end in zeros.
    private static func checked(_ flip: UInt8 = 0) -> [UInt8] {
        var bytes = version2(0x21, 0x11, four + [3, 0, 4, 0, 0, 0, 0])
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
        }
        for (index, shift) in [24, 16, 8, 0].enumerated() {
            bytes[bytes.count - 4 + index] = UInt8(truncatingIfNeeded: ~sum >> UInt32(shift))
        }
        bytes[bytes.count - 1] ^= flip
        return bytes
    }

    @Test(arguments: good)
    func `a header tells the client, however it is cut, and nothing behind it belongs to it`(
        bytes: [UInt8],
        client: String?
    ) {
        for count in 0..<bytes.count {
            #expect(ProxyHeader.examine(bytes.span.extracting(first: count)) == .needsMore, "after \(count)")
        }
        let followed = bytes + [22, 3, 1]
        guard case .header(let header) = ProxyHeader.examine(followed.span) else {
            Issue.record("\(ProxyHeader.examine(followed.span))")
            return
        }
        #expect(header.length == bytes.count && header.client.map { "\($0)" } == client)
    }

    @Test(
        arguments: [
            Array("GET / HTTP/1.1\r\n".utf8), [22, 3, 1], Array("PROXY TCP4 192.0.2.7 192.0.2.10 51000\r\n".utf8),
            Array("PROXY TCP4 ::1 ::1 1 2\r\n".utf8), Array("PROXY TCP6 192.0.2.7 ::1 1 2\r\n".utf8),
            Array("PROXY TCP4 192.0.2.7 192.0.2.10 51000 65536\r\n".utf8),
            Array("PROXY TCP4 192.0.2.7 192.0.2.10 051 443\r\n".utf8),
            Array("PROXY TCP4  192.0.2.7 1.1.1.1 1 1\r\n".utf8),
            Array("PROXY TCP4 192.0.2.7 192.0.2.10 -1 443\r\n".utf8),
            Array("PROXY TCP4 192.0.2.7 192.0.2.10 1 443\n".utf8),
            Array("PROXY TCP4 example.org 192.0.2.10 1 443\r\n".utf8), Array("PROXY UDP4 1.1.1.1 1.1.1.1 1 1\r\n".utf8),
            Array("PROXY ".utf8) + [UInt8](repeating: 0x61, count: 101), Array("proxy TCP4".utf8),
            version2(0x11, 0x11, four), version2(0x22, 0x11, four), version2(0x21, 0x11, Array(four.dropLast())),
            version2(0x21, 0x21, four), version2(0x21, 0x11, four + [4, 0]), version2(0x21, 0x11, four + [4, 0, 9, 1]),
            version2(0x21, 0x11, four + [3, 0, 3, 1, 2, 3]), version2(0x21, 0x11, [UInt8](repeating: 0, count: 4097)),
            checked(1),
        ] as [[UInt8]]
    )
    func `what is no header is refused`(bytes: [UInt8]) {
        guard case .refused(let reason) = ProxyHeader.examine(bytes.span) else {
            Issue.record("taken: \(ProxyHeader.examine(bytes.span))")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test func `the checksum is CRC-32C`() {
        // RFC 3720 appendix B.4: thirty-two zeros give 8A9136AA.
        var sum = UInt32.max
        for _ in 0..<32 * 8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
        #expect(~sum == 0x8A91_36AA)
    }
}
