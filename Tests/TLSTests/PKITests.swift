import TLS
import Testing

/// What a first start mints, judged by the `openssl` command.
@Suite struct MintedPKI {
    @Test(arguments: CertificateTemplate.emulatedHosts + ["localhost"])
    func `the server's chain verifies for every emulated host`(host: String) throws {
        try PKITestFolder.with { folder in
            try folder.open()
            let verdict = try folder.verifyServer(at: mintingTime, "-verify_hostname", host)
            #expect(verdict.status == 0, "\(verdict.errors)")
        }
    }

    @Test(arguments: ["127.0.0.1", "::1"])
    func `the server's chain verifies for the loopback addresses`(address: String) throws {
        try PKITestFolder.with { folder in
            try folder.open()
            let verdict = try folder.verifyServer(at: mintingTime, "-verify_ip", address)
            #expect(verdict.status == 0, "\(verdict.errors)")
        }
    }

    // The whole certificate was refused by BoringSSL's verifiers, whatever its client asked for: it held addresses, and
    // the root constrains addresses.
    @Test func `what clients see that ask by name holds no address, and every name`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open(names: ["fac.lab.test", "192.0.2.7"])
            let text = try Self.text(of: folder.file("named.pem"))
            #expect(!text.contains("IP Address") && text.contains("DNS:localhost, DNS:fac.lab.test\n"), "\(text)")
            #expect(try pki.named.chain == folder.read("named.pem"))
            for host in CertificateTemplate.emulatedHosts + ["localhost", "fac.lab.test"] {
                let verdict = try OpenSSLCommand.run(
                    ["verify", "-x509_strict", "-purpose", "sslserver", "-attime", "\(mintingTime)"]
                        + ["-CAfile", folder.file("ca.pem"), "-untrusted", folder.file("named.pem")]
                        + ["-verify_hostname", host, folder.file("named.pem")]
                )
                #expect(verdict.status == 0, "\(host): \(verdict.errors)")
            }
        }
    }

    @Test(
        arguments: [
            (nil, .byAddress), ("127.0.0.1", .byAddress), ("::1", .byAddress), ("localhost", .byName),
            ("globalftm.fortinet.net", .byName), ("host1", .byName), ("n1.test", .byName), ("1.test", .byName),
            // Defect: the root's dot behind a name made an address of it, and its client was shown what BoringSSL
            // refuses.
            ("localhost.", .byName), ("globalftm.fortinet.net.", .byName), ("127.0.0.1.", .byAddress),
        ] as [(String?, CertificateTemplate.Calling)]
    )
    func `what a client asks for tells how it calls the server`(name: String?, calling: CertificateTemplate.Calling) {
        #expect(CertificateTemplate.Calling(asking: name) == calling)
    }

    @Test func `the root of RSA chains is constrained like the other, behind it in its file`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open(names: ["proxy.example.org"])
            let rsa = try folder.read("rsa.pem")
            #expect(try folder.read("ca.pem").suffix(rsa.count) == rsa[...])
            let constraints = try ["ca.pem", "rsa.pem"]
                .map { name in
                    let kinds = ["DNS:", "IP:", "email:", "URI:"]
                    return try Self.text(of: folder.file(name)).split(separator: "\n")
                        .filter { line in kinds.contains { line.contains($0) } }
                        .map { $0.drop { $0 == " " } }
                }
            #expect(constraints[0].contains("DNS:proxy.example.org") && constraints[0] == constraints[1])
            #expect(pki.certificates.contains { $0.file == .rsa && $0.subject.contains("CN=FauxGuard LAB RSA Root ") })
        }
    }

    @Test func `the server's chain does not verify for another host`() throws {
        try PKITestFolder.with { folder in
            try folder.open()
            let verdict = try folder.verifyServer(at: mintingTime, "-verify_hostname", "www.fortinet.com")
            #expect(verdict.errors.contains("error 62 "), "\(verdict.errors)")
        }
    }

    @Test func `the root is a P-256 authority whose critical constraints name the lab alone`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open(names: ["proxy.example.org", "192.0.2.7", "2001:db8::5"])
            let text = try Self.text(of: folder.file("ca.pem"))
            let subject = try #require(pki.certificates.first).subject
            #expect(subject.wholeMatch(of: /CN=FauxGuard LAB Root [0-9a-f]{8},O=FauxGuard LAB/) != nil, "\(subject)")
            #expect(text.contains("NIST CURVE: P-256"))
            #expect(text.contains("X509v3 Basic Constraints: critical\n                CA:TRUE\n"))
            #expect(text.contains("X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign\n"))
            #expect(text.contains("X509v3 Name Constraints: critical\n                Permitted:"))
            let constraints = try #require(text.firstRange(of: "Permitted:"))
            let permitted = text[constraints.upperBound...].split(separator: "\n")
                .map { $0.drop { $0 == " " } }
                .prefix { $0.contains(":") && !$0.hasPrefix("X509v3") && !$0.hasPrefix("Signature") }
            let expected =
                CertificateTemplate.emulatedHosts.map { "DNS:\($0)" } + [
                    "DNS:localhost", "DNS:test", "IP:127.0.0.0/255.0.0.0",
                    "IP:0:0:0:0:0:0:0:1/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF", "email:.test", "URI:.test",
                    "DNS:proxy.example.org", "IP:192.0.2.7/255.255.255.255",
                    "IP:2001:DB8:0:0:0:0:0:5/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF",
                ]
            #expect(Set(permitted.map(String.init)) == Set(expected))
        }
    }

    @Test func `the server's certificate says what it is and no more`() throws {
        try PKITestFolder.with { folder in
            try folder.open(names: ["lab.test"])
            let text = try Self.text(of: folder.file("server.pem"))
            #expect(text.contains("Subject: O = FauxGuard LAB, CN = globalftm.fortinet.net\n"))
            #expect(text.contains("X509v3 Basic Constraints: critical\n                CA:FALSE\n"))
            #expect(text.contains("X509v3 Key Usage: critical\n                Digital Signature\n"))
            #expect(
                text.contains("X509v3 Extended Key Usage: \n                TLS Web Server Authentication\n")
            )
            #expect(text.contains("DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:lab.test\n"))
            #expect(text.contains("X509v3 Subject Key Identifier:"))
            #expect(text.contains("X509v3 Authority Key Identifier:"))
            // Positive and 16 bytes long: the first byte is 0x40 to 0x7F.
            #expect(text.contains(/Serial Number:\n +[4-7][0-9a-f](:[0-9a-f]{2}){15}\n/))
            #expect(text.contains("Not Before: Jan 15 07:00:00 2027 GMT"))
            #expect(text.contains("Not After : Feb 16 08:00:00 2028 GMT"))
        }
    }

    @Test(arguments: zip(["service", "device"], ["Server", "Client"]))
    func `an intermediate signs end entities of its one purpose`(file: String, purpose: String) throws {
        try PKITestFolder.with { folder in
            try folder.open()
            let text = try Self.text(of: folder.file("\(file).pem"))
            #expect(text.contains("X509v3 Basic Constraints: critical\n                CA:TRUE, pathlen:0\n"))
            #expect(text.contains("X509v3 Extended Key Usage: \n                TLS Web \(purpose) Authentication\n"))
            let verdict = try OpenSSLCommand.run(
                ["verify", "-x509_strict", "-attime", "\(mintingTime)", "-CAfile", folder.file("ca.pem")]
                    + [folder.file("\(file).pem")]
            )
            #expect(verdict.status == 0, "\(verdict.errors)")
        }
    }

    @Test(arguments: [("example.com", 47), ("test.example.com", 47), ("under.test", 0)])
    func `what the service authority signs counts below its constraints only`(host: String, error: Int) throws {
        try PKITestFolder.with { folder in
            try folder.open()
            let leaf = try folder.sign(host, with: .service)
            let verdict = try OpenSSLCommand.run(
                ["verify", "-no_check_time", "-CAfile", folder.file("ca.pem")]
                    + ["-untrusted", folder.file("service.pem"), leaf]
            )
            #expect(verdict.errors.contains("error \(error) ") == (error != 0), "\(verdict.errors)")
            #expect((verdict.status == 0) == (error == 0), "\(verdict.errors)")
        }
    }

    @Test func `the inspection authority is a constrained root that the lab's root knows nothing of`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let text = try Self.text(of: folder.file("inspection.pem"))
            #expect(text.contains("CN = FauxGuard LAB Inspection "))
            #expect(text.contains("X509v3 Name Constraints: critical\n"))
            #expect(pki.certificates.last?.notAfter == mintingTime + days(90))
            let leaf = try folder.sign("push.fortinet.com", with: .inspection)
            let inspection = folder.file("inspection.pem")
            for (options, error) in [([], 20), (["-untrusted", inspection], 19)] {
                let verdict = try OpenSSLCommand.run(
                    ["verify", "-no_check_time", "-CAfile", folder.file("ca.pem")] + options + [leaf]
                )
                #expect(verdict.errors.contains("error \(error) "), "\(verdict.errors)")
            }
            let trusting = try OpenSSLCommand.run(["verify", "-no_check_time", "-CAfile", inspection, leaf])
            #expect(trusting.status == 0, "\(trusting.errors)")
        }
    }

    @Test func `the value carries what the files hold`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            #expect(try pki.authority == folder.read("ca.pem"))
            #expect(try pki.server.chain == folder.read("server.pem"))
            #expect(try pki.server.privateKey == folder.read("server.key"))
            let fingerprint = try OpenSSLCommand.run(
                ["x509", "-noout", "-fingerprint", "-sha256", "-in", folder.file("ca.pem")]
            )
            let digits = fingerprint.text.split(separator: "=").last?.filter { $0.isHexDigit }.lowercased()
            #expect(pki.authorityFingerprint == digits)
            #expect(Set(pki.certificates.map(\.file)) == Set(PKIFile.allCases) && pki.certificates.first?.file == .ca)
            let ends = [3650, 1825, 1825, 397, 397, 3650, 90].map { mintingTime + days($0) }
            #expect(pki.certificates.map(\.notAfter) == ends)
        }
    }

    private static func text(of file: String) throws -> String {
        String(decoding: try OpenSSLCommand.output(["x509", "-noout", "-text", "-in", file]), as: UTF8.self)
    }
}
