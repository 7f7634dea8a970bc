import Foundation
import TLS
import Testing

/// What an installation gives away, and what its certificates say of where to ask.
@Suite struct PublishedPKI {
    @Test func `the root comes in PEM, in DER and as commands, and never with a key`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let pem = try folder.read("ca.pem")
            #expect(try pki.export(.pem) == pem)
            // A form of one certificate has the root that everything but RSA chains needs.
            let (first, rsa) = (try OpenSSLCommand.output(["x509"], input: pem), try folder.read("rsa.pem"))
            #expect(try OpenSSLCommand.output(["x509", "-inform", "DER"], input: pki.export(.der)) == first)
            let text = String(decoding: try pki.export(.fortios), as: UTF8.self)
            #expect(
                text.hasPrefix("config vpn certificate ca\n    edit \"FauxGuard-LAB\"\n        set ca \"-----BEGIN ")
            )
            #expect(text.hasSuffix("-----END CERTIFICATE-----\"\n    next\nend\n"))
            let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
            try #require(parts.count == 9)
            #expect(try OpenSSLCommand.output(["x509"], input: Array(parts[3].utf8)) == first)
            #expect(parts[5] == "FauxGuard-LAB-RSA")
            #expect(try OpenSSLCommand.output(["x509"], input: Array(parts[7].utf8)) == rsa)
            for format in PKI.ExportFormat.allCases {
                #expect(!String(decoding: try pki.export(format), as: UTF8.self).contains("PRIVATE"))
            }
        }
    }

    @Test func `the whole PKI as text shows no key`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let lines = String(decoding: try folder.read("service.key"), as: UTF8.self).split(separator: "\n")
            let text = "\(pki) \(try pki.publication(now: mintingTime))"
            #expect(!text.contains(lines[1]) && !text.contains("PRIVATE"))
            // Nor as the numbers of its bytes.
            #expect(!text.contains(lines[1].utf8.map { "\($0)" }.joined(separator: ", ")))
        }
    }

    @Test(arguments: ["192.0.2.7:8481", "[2001:db8::5]:8481", "pki.lab.test:80"])
    func `the server's certificate says where lists and OCSP are`(address: String) throws {
        try PKITestFolder.with { folder in
            try folder.prepare()
            let pki = try PKI.open(at: folder.pki, names: [], publishedAt: address, now: mintingTime)
            for identity in [pki.server, try pki.identity(at: mintingTime + days(2000))] {
                let text = String(
                    decoding: try OpenSSLCommand.output(["x509", "-noout", "-text"], input: identity.chain),
                    as: UTF8.self
                )
                #expect(text.contains("URI:http://\(address)/service.crl\n"), "\(text)")
                #expect(text.contains("OCSP - URI:http://\(address)/ocsp\n"), "\(text)")
            }
            #expect(try folder.verifyServer().status == 0)
            #expect(try pki.renewed(at: mintingTime).changes == [])
        }
    }

    @Test func `another address, or none, makes the certificate anew`() throws {
        try PKITestFolder.with { folder in
            try folder.open()
            for address in ["192.0.2.7:8481", "192.0.2.7:8482", nil] {
                let pki = try PKI.open(at: folder.pki, names: [], publishedAt: address, now: mintingTime)
                let files = ["server.pem", "named.pem"]
                #expect(pki.changes == files.map { PKIChange(file: $0, action: .readdressed) })
                #expect(pki.publicationAddress == address)
            }
        }
    }

    @Test(arguments: ["", "a,URI:http://b", "a b:1", "a/b:1", "%lo:1", "a\n"])
    func `an address that no certificate could carry is refused before anything is minted`(address: String) throws {
        try PKITestFolder.with { folder in
            #expect(throws: PKIError.invalidAddress(address)) {
                try PKI.open(at: folder.pki, names: [], publishedAt: address, now: mintingTime)
            }
            #expect(!FileManager.default.fileExists(atPath: folder.pki))
        }
    }
}
