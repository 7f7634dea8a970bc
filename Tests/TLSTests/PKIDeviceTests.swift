import Foundation
import TLS
import Testing

/// Client certificates for devices, judged by the `openssl` command.
@Suite struct DeviceCertificates {
    private static let unit = "FGT60FTK20000001"

    @Test(arguments: [Int64(0), 2000])
    func `a device's certificate proves a client, under the device authority, and no server`(day: Int64) throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let before = try folder.contents()
            let moment = mintingTime + days(day)
            let device = try pki.deviceCertificate(for: Self.unit, now: moment)
            #expect(try folder.contents() == before, "nothing on disk")
            let file = "\(folder.path)/unit.pem"
            try Data(device.pem).write(to: URL(fileURLWithPath: file))
            let verify = ["verify", "-x509_strict", "-attime", "\(moment)", "-CAfile", folder.file("ca.pem")]
            let client = try OpenSSLCommand.run(verify + ["-untrusted", file, "-purpose", "sslclient", file])
            #expect(client.status == 0, "\(client.errors)")
            let server = try OpenSSLCommand.run(verify + ["-untrusted", file, "-purpose", "sslserver", file])
            #expect(server.errors.contains("error 26 "), "\(server.errors)")
            let alone = try OpenSSLCommand.run(verify + ["-untrusted", folder.file("service.pem"), file])
            #expect(alone.errors.contains("error 20 "), "\(alone.errors)")
        }
    }

    @Test func `it names the lab and the serial number, and carries a key of its own`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let device = try pki.deviceCertificate(for: Self.unit, now: mintingTime)
            let text = String(
                decoding: try OpenSSLCommand.output(["x509", "-noout", "-text", "-serial"], input: device.certificate),
                as: UTF8.self
            )
            #expect(text.contains("Subject: O = FauxGuard LAB, CN = \(Self.unit)\n"))
            #expect(text.contains("X509v3 Extended Key Usage: \n                TLS Web Client Authentication\n"))
            #expect(text.contains("Not After : Feb 16 08:00:00 2028 GMT"))
            #expect(device.notAfter == mintingTime + days(397))
            #expect(text.hasSuffix("serial=\(device.serial)\n"), "\(text)")
            let publicKey = try OpenSSLCommand.output(["x509", "-noout", "-pubkey"], input: device.certificate)
            #expect(try OpenSSLCommand.output(["pkey", "-pubout"], input: device.privateKey) == publicKey)
            let another = try pki.deviceCertificate(for: Self.unit, now: mintingTime)
            #expect(another.privateKey != device.privateKey && another.serial != device.serial)
            #expect(!"\(device)".contains("PRIVATE"))
        }
    }

    @Test func `PKCS#12 opens with its password, and holds key, certificate and chain under AES`() throws {
        try PKITestFolder.with { folder in
            let device = try folder.open().deviceCertificate(for: Self.unit, now: mintingTime)
            let file = try device.pkcs12(password: "gänse & co")
            let open = ["pkcs12", "-nodes", "-passin", "pass:gänse & co"]
            let info = try OpenSSLCommand.run(open + ["-info", "-noout"], input: file)
            #expect(info.errors.contains("PBES2, PBKDF2, AES-256-CBC, Iteration 2048, PRF hmacWithSHA256"))
            #expect(info.errors.contains("MAC: sha256, Iteration 2048"), "\(info.errors)")
            #expect(!info.errors.contains("RC2") && !info.errors.contains("3DES"), "\(info.errors)")
            let all = try OpenSSLCommand.run(open, input: file)
            #expect(all.status == 0 && all.text.contains("friendlyName: \(Self.unit)"), "\(all.errors)")
            let own = try OpenSSLCommand.output(open + ["-clcerts", "-nokeys"], input: file)
            #expect(try OpenSSLCommand.output(["x509"], input: own) == device.certificate)
            let above = try OpenSSLCommand.output(open + ["-cacerts", "-nokeys"], input: file)
            #expect(try OpenSSLCommand.output(["x509"], input: above) == device.chain)
            let key = try OpenSSLCommand.output(open + ["-nocerts"], input: file)
            #expect(try OpenSSLCommand.output(["pkey"], input: key) == device.privateKey)
            let wrong = try OpenSSLCommand.run(["pkcs12", "-noout", "-passin", "pass:other"], input: file)
            #expect(wrong.status != 0 && wrong.errors.contains("invalid password"), "\(wrong.errors)")
        }
    }

    @Test(arguments: ["", "a\0b"])
    func `a password that is none is refused`(password: String) throws {
        try PKITestFolder.with { folder in
            let device = try folder.open().deviceCertificate(for: Self.unit, now: mintingTime)
            #expect(throws: PKIError.invalidPassword) { try device.pkcs12(password: password) }
        }
    }

    @Test(arguments: ["", "fgt60", "FGT60FTK2000000123", "FGT 60", "FGT/CN=X", "FGT\n", "F\u{00C4}"])
    func `what is no serial number gets no certificate`(serial: String) throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            #expect(throws: PKIError.invalidSerial(serial)) { try pki.deviceCertificate(for: serial, now: mintingTime) }
        }
    }
}
