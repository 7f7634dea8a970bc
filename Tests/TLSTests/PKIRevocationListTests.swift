import Foundation
import TLS
import Testing

/// The lists of what was taken back, judged by the `openssl` command.
@Suite struct RevocationLists {
    @Test(arguments: LabAuthority.allCases)
    func `an authority's list is signed by it, numbered, and good for a week`(authority: LabAuthority) throws {
        try PKITestFolder.with { folder in
            let publication = try folder.open().publication(now: mintingTime)
            let list = publication.list(of: authority)
            let issuer = folder.file(authority == .root ? "ca.pem" : "\(authority.rawValue).pem")
            let verdict = try OpenSSLCommand.run(["crl", "-noout", "-CAfile", issuer], input: list.pem)
            #expect(verdict.errors.contains("verify OK"), "\(verdict.errors)")
            let text = try Self.text(of: list)
            #expect(text.contains("Version 2 (0x1)"))
            #expect(text.contains("Issuer: O = FauxGuard LAB, CN = FauxGuard LAB "))
            #expect(text.contains("Last Update: Jan 15 07:00:00 2027 GMT"))
            #expect(text.contains("Next Update: Jan 22 08:00:00 2027 GMT"))
            #expect(text.contains("X509v3 CRL Number: \n"))
            #expect(text.contains("X509v3 Authority Key Identifier: \n"))
            #expect(text.contains("No Revoked Certificates."))
            #expect(try OpenSSLCommand.output(["crl", "-inform", "DER"], input: list.der) == list.pem)
        }
    }

    @Test func `a chain counts as long as neither list names it`() throws {
        try PKITestFolder.with { folder in
            let publication = try folder.open().publication(now: mintingTime)
            let verdict = try Self.check(publication, in: folder, "-crl_check_all")
            #expect(verdict.status == 0, "\(verdict.errors)")
        }
    }

    @Test(arguments: [LabAuthority.service, .root])
    func `a certificate on its authority's list does not count`(authority: LabAuthority) throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let revoked = authority == .root ? try folder.read("service.pem") : pki.server.chain
            let serial = try CertificateSerial(ofFirstIn: revoked)
            let revocation = Revocation(of: serial, by: authority, at: mintingTime - 60, because: .keyCompromise)
            let publication = try pki.publication(revoking: [revocation], now: mintingTime)
            let text = try Self.text(of: publication.list(of: authority))
            #expect(text.contains("Serial Number: \(serial)\n        Revocation Date: Jan 15 07:59:00 2027 GMT"))
            #expect(text.contains("X509v3 CRL Reason Code: \n                Key Compromise"))
            let other = publication.list(of: authority == .root ? .service : .root)
            #expect(try Self.text(of: other).contains("No Revoked Certificates."))
            let all = try Self.check(publication, in: folder, "-crl_check_all")
            #expect(all.errors.contains("error 23 "), "\(all.errors)")
            // The leaf alone is looked at here, and the root's list is about others.
            let leaf = try Self.check(publication, in: folder, "-crl_check")
            #expect((leaf.status == 0) == (authority == .root), "\(leaf.errors)")
        }
    }

    @Test(arguments: Revocation.Reason.allCases)
    func `every reason is one that OpenSSL knows, and none is said for an unspecified one`(
        reason: Revocation.Reason
    ) throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let serial = try CertificateSerial(ofFirstIn: pki.server.chain)
            let revocation = Revocation(of: serial, by: .service, at: mintingTime, because: reason)
            let text = try Self.text(of: pki.publication(revoking: [revocation], now: mintingTime).list(of: .service))
            let said = text.firstMatch(of: /CRL Reason Code: \n +([A-Za-z ]+)\n/)?.output.1
            #expect((said == nil) == (reason == .unspecified), "\(text)")
        }
    }

    @Test func `a list has the number that it was given`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            for number in [0, 1, Int64(mintingTime) << 16, .max] {
                let publication = try pki.publication(spanning: mintingTime...mintingTime, number: number)
                #expect(publication.number == number)
                for authority in LabAuthority.allCases {
                    let list = publication.list(of: authority)
                    let output = try OpenSSLCommand.output(["crl", "-noout", "-crlnumber"], input: list.pem)
                    let digits = String(decoding: output, as: UTF8.self).firstMatch(of: /0x([0-9A-F]+)/)?.1
                    #expect(digits.flatMap { Int64($0, radix: 16) } == number)
                }
            }
        }
    }

    @Test func `a list made for two clocks counts by both, and by neither's day before or eighth day`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let moments = mintingTime...(mintingTime + days(200))
            let publication = try pki.publication(spanning: moments, number: 1)
            for (moment, code) in [
                (moments.lowerBound - days(1), "error 11 "), (moments.lowerBound, nil), (moments.upperBound, nil),
                (moments.upperBound + days(8), "error 12 "),
            ] {
                let verdict = try Self.check(publication, in: folder, at: moment, "-crl_check_all")
                #expect((verdict.status == 0) == (code == nil), "\(verdict.errors)")
                if let code { #expect(verdict.errors.contains(code), "\(verdict.errors)") }
            }
        }
    }

    @Test func `a list that nobody renewed is stale to who checks`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let old = try pki.publication(now: mintingTime)
            let later = mintingTime + days(7) + 1
            let stale = try Self.check(old, in: folder, at: later, "-crl_check_all")
            #expect(stale.errors.contains("error 12 "), "\(stale.errors)")
            let fresh = try Self.check(pki.publication(now: later), in: folder, at: later, "-crl_check_all")
            #expect(fresh.status == 0, "\(fresh.errors)")
        }
    }

    private static func text(of list: RevocationList) throws -> String {
        String(decoding: try OpenSSLCommand.output(["crl", "-noout", "-text"], input: list.pem), as: UTF8.self)
    }

    private static func check(
        _ publication: PKIPublication,
        in folder: PKITestFolder,
        at now: Int64 = mintingTime,
        _ option: String
    ) throws -> OpenSSLCommand {
        let path = "\(folder.path)/lists.pem"
        try Data(publication.list(of: .root).pem + publication.list(of: .service).pem)
            .write(to: URL(fileURLWithPath: path))
        return try folder.verifyServer(at: now, option, "-CRLfile", path)
    }
}
