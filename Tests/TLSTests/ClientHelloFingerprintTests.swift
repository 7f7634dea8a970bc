import Testing

@testable import TLS

@Suite struct ClientHelloFingerprintTests {
    /// The worked example of the publication (technical_details/JA4.md), with GREASE put in where browsers put it.
    private static var example: ClientHello {
        var hello = ClientHello()
        hello.legacyVersion = 0x0303
        hello.cipherSuites = [
            0x4a4a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c,
            0x009d, 0x002f, 0x0035,
        ]
        hello.extensions = [
            0x0a0a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023, 0x0012, 0x002b,
            0xff01, 0x000b, 0x000a, 0x0015, 0xfafa,
        ]
        hello.applicationProtocols = [Array("h2".utf8), Array("http/1.1".utf8)]
        hello.supportedVersions = [0x3a3a, 0x0304, 0x0303]
        hello.signatureAlgorithms = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601]
        return hello
    }

    @Test func `the published example comes out`() {
        #expect(Self.example.ja4 == "t13d1516h2_8daaf6152771_e5627efa2ab1")
    }

    @Test func `the order of suites and extensions does not matter, that of signature schemes does`() {
        var hello = Self.example
        hello.cipherSuites.reverse()
        hello.extensions.reverse()
        #expect(hello.ja4 == Self.example.ja4)
        hello.signatureAlgorithms.reverse()
        #expect(hello.ja4 != Self.example.ja4)
    }

    @Test func `without signature schemes the string ends with the extensions`() {
        var hello = Self.example
        hello.signatureAlgorithms = []
        #expect(hello.ja4 == "t13d1516h2_8daaf6152771_6d807ffa2a79")
    }

    @Test(
        arguments: [
            ([], "00"), ([0x68], "hh"), ([0xAB], "ab"), ([0xAB, 0xCD], "ad"), ([0x30, 0xAB], "3b"),
            ([0x30, 0x31, 0xAB, 0xCD], "3d"), ([0x30, 0xAB, 0xCD, 0x31], "01"), (Array("http/1.1".utf8), "h1"),
        ] as [([UInt8], String)]
    )
    func `the first protocol's ends, by the publication's examples`(name: [UInt8], ends: String) {
        var hello = Self.example
        hello.applicationProtocols = name.isEmpty ? [] : [name]
        #expect(hello.ja4.hasPrefix("t13d1516\(ends)_"))
    }

    @Test func `an old client that names no host and has no extension`() {
        var hello = ClientHello()
        hello.legacyVersion = 0x0301
        hello.cipherSuites = [0x002f]
        #expect(hello.ja4.hasPrefix("t10i010000_"))
        #expect(hello.ja4.hasSuffix("_000000000000"))
    }

    @Test func `counts end at ninety-nine`() {
        var hello = ClientHello()
        hello.cipherSuites = (0..<150).map { 0x0100 + $0 }
        #expect(hello.ja4.hasPrefix("t00i9900"))
    }
}
