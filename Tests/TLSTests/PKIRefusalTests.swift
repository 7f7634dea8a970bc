import TLS
import Testing

/// Files that may not be used: each is named, and nothing is overwritten.
@Suite struct RefusedPKI {
    @Test(arguments: PKITestFolder.files, ["", "no PEM at all\n", "-----BEGIN CERTIFICATE-----\nMIIB"])
    func `a file that holds no PEM is refused by name`(name: String, text: String) throws {
        try expectRefusal(of: name) { folder in
            try folder.write(Array(text.utf8), to: name)
        } matching: {
            Self.isUnreadable($0)
        }
    }

    @Test func `an encrypted key is refused and no password is asked for`() throws {
        try expectRefusal(of: "server.key") { folder in
            let encrypted = try OpenSSLCommand.output(
                ["pkcs8", "-topk8", "-passout", "pass:word", "-in", folder.file("server.key")]
            )
            try folder.write(encrypted, to: "server.key")
        } matching: {
            Self.isUnreadable($0)
        }
    }

    @Test(arguments: PKIFile.allCases)
    func `a key of another certificate is refused by name`(file: PKIFile) throws {
        try expectRefusal(of: file.key) { folder in
            let other = try OpenSSLCommand.output(["genpkey", "-algorithm", "EC", "-pkeyopt", "group:P-256"])
            try folder.write(other, to: file.key)
        } matching: {
            $0 == .keyMismatch(certificate: file.certificate)
        }
    }

    @Test(arguments: PKIFile.allCases, [true, false])
    func `a certificate of a public authority is refused with its issuer's name`(file: PKIFile, key: Bool) throws {
        try expectRefusal(of: file.certificate) { folder in
            let certificate = try Self.publicCertificate(in: folder)
            try folder.write(certificate, to: file.certificate)
            if key { try folder.write(try OpenSSLCommand.output(["pkey", "-in", Self.key(folder)]), to: file.key) }
        } matching: {
            $0 == .foreign(issuer: "CN=Example Public CA,O=Example Trust")
        }
    }

    @Test(arguments: [PKIFile.service, .device, .server])
    func `a certificate of another installation is refused`(file: PKIFile) throws {
        try PKITestFolder.with { other in
            try other.open()
            try expectRefusal(of: file.certificate) { folder in
                try folder.write(try other.read(file.certificate), to: file.certificate)
                try folder.write(try other.read(file.key), to: file.key)
            } matching: { refusal in
                if case .foreign(let issuer) = refusal { issuer.contains("FauxGuard LAB") } else { false }
            }
        }
    }

    @Test(arguments: [PKIFile.ca, .inspection])
    func `a root that lost its constraints is refused`(file: PKIFile) throws {
        try expectRefusal(of: file.certificate) { folder in
            let subject = try #require(try folder.open().certificates.first { $0.file == file }?.subject)
            let commonName = try #require(subject.firstMatch(of: /CN=([^,]+)/)).1
            let certificate = try OpenSSLCommand.output(
                ["req", "-x509", "-key", folder.file(file.key), "-subj", "/O=FauxGuard LAB/CN=\(commonName)"]
            )
            try folder.write(certificate, to: file.certificate)
        } matching: {
            $0 == .unconstrained
        }
    }

    @Test(arguments: [mintingTime + days(3651), mintingTime - days(2)])
    func `a root outside its validity is refused with both ends`(now: Int64) throws {
        try PKITestFolder.with { folder in
            try folder.open()
            let before = try folder.contents()
            let error = #expect(throws: PKIError.self) { try folder.open(now: now) }
            #expect(
                error?.description
                    .hasPrefix(
                        "\(folder.file("ca.pem")): valid from 2027-01-15T07:00:00Z until 2037-01-12T08:00:00Z only: "
                    ) == true,
                "\(String(describing: error))"
            )
            #expect(try folder.contents() == before)
        }
    }

    @Test func `a file of any size beyond a PKI's is refused`() throws {
        try expectRefusal(of: "server.pem") { folder in
            try folder.write([UInt8](repeating: 0x20, count: 65_537), to: "server.pem")
        } matching: {
            $0 == .tooLarge(limit: 65_536)
        }
    }

    @Test(arguments: [
        "", "a..b", ".test", "-a.test", "a-.test", "*.test", "a b", "a,email:x", "[::1]", "300.1.1.1", "h\u{F6}st",
    ])
    func `a configured name that is none is refused by itself`(name: String) throws {
        try PKITestFolder.with { folder in
            #expect(throws: PKIError.invalidName(name)) { try folder.open(names: ["good.test", name]) }
        }
    }

    /// Opens a PKI, spoils it, and expects the next opening to refuse one file and to change nothing.
    private func expectRefusal(
        of name: String,
        after spoil: (PKITestFolder) throws -> Void,
        matching expected: (PKIError.Refusal) -> Bool
    ) throws {
        try PKITestFolder.with { folder in
            try folder.open()
            try spoil(folder)
            let before = try folder.contents()
            let error = #expect(throws: PKIError.self) { try folder.open() }
            guard case .refused(let path, let refusal) = error else {
                Issue.record("not a refusal: \(String(describing: error))")
                return
            }
            #expect(path == folder.file(name))
            #expect(expected(refusal), "\(refusal)")
            #expect(try folder.contents() == before)
            let line = "\(try #require(error))"
            #expect(!line.contains("\n") && line.hasPrefix(folder.file(name)), "\(line)")
        }
    }

    private static func isUnreadable(_ refusal: PKIError.Refusal) -> Bool {
        if case .unreadable(let detail) = refusal { !detail.isEmpty } else { false }
    }

    private static func key(_ folder: PKITestFolder) -> String { "\(folder.path)/public.key" }

    /// What somebody might put in place of a certificate: issued by an authority that is not the lab's.
    private static func publicCertificate(in folder: PKITestFolder) throws -> [UInt8] {
        let root = "\(folder.path)/public-root"
        let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        try OpenSSLCommand.output(
            ["req", "-x509"] + newKey + ["-keyout", "\(root).key", "-out", "\(root).pem"]
                + ["-subj", "/O=Example Trust/CN=Example Public CA"]
        )
        return try OpenSSLCommand.output(
            ["req", "-x509"] + newKey + ["-keyout", key(folder), "-subj", "/CN=globalftm.fortinet.net"]
                + ["-CA", "\(root).pem", "-CAkey", "\(root).key"]
        )
    }
}
