import Foundation
import TLS
import Testing

/// Certificates for a lab whose clock is not the host's.
@Suite struct LabTimeCertificates {
    /// Moments in days after minting, and whether the service authority on disk counts then.
    static let moments: [(day: Int64, isPresent: Bool)] = [
        (0, true), (500, true), (1216, true), (1218, false), (1826, false), (3649, false),
    ]

    @Test(arguments: moments)
    func `a server's certificate counts at a moment within the root's life, and so does its chain`(
        day: Int64,
        isPresent: Bool
    ) throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open(names: ["fac.lab.test"])
            let before = try folder.contents()
            let moment = mintingTime + days(day)
            let identity = try pki.identity(at: moment)
            #expect(try folder.contents() == before, "nothing on disk")
            for host in ["globalftm.fortinet.net", "fac.lab.test"] {
                let verdict = try Self.verify(identity, in: folder, at: moment, ["-verify_hostname", host])
                #expect(verdict.status == 0, "\(verdict.errors)")
            }
            #expect(try CertificateSerial(ofFirstIn: identity.chain) != CertificateSerial(ofFirstIn: pki.server.chain))
            let service = try folder.read("service.pem")
            #expect(identity.chain.suffix(service.count).elementsEqual(service) == isPresent)
            let publicKey = try OpenSSLCommand.output(["x509", "-noout", "-pubkey"], input: identity.chain)
            #expect(try OpenSSLCommand.output(["pkey", "-pubout"], input: identity.privateKey) == publicKey)
        }
    }

    @Test func `it does not count two hours before, nor after its own end`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let moment = mintingTime + days(1000)
            let identity = try pki.identity(at: moment)
            let early = try Self.verify(identity, in: folder, at: moment - 7200, [])
            #expect(early.errors.contains("error 9 "), "\(early.errors)")
            let late = try Self.verify(identity, in: folder, at: moment + days(398), [])
            #expect(late.errors.contains("error 10 "), "\(late.errors)")
        }
    }

    @Test(arguments: [mintingTime - 3601, mintingTime + days(3650) + 1, Int64.min, Int64.max])
    func `outside the root's life there is none, and the error gives the root's dates`(moment: Int64) throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let wanted = PKIError.outsideRoot(
                moment: moment,
                from: mintingTime - 3600,
                until: mintingTime + days(3650)
            )
            #expect(throws: wanted) { try pki.identity(at: moment) }
            #expect(throws: wanted) { try pki.deviceCertificate(for: "FGT60FTK20000001", now: moment) }
        }
    }

    @Test func `the error is one line for an operator`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let error = #expect(throws: PKIError.self) { try pki.identity(at: mintingTime - days(365)) }
            #expect(
                error?.description == "no certificate of this installation counts at 2026-01-15T08:00:00Z: "
                    + "its root is valid from 2027-01-15T07:00:00Z until 2037-01-12T08:00:00Z only"
            )
        }
    }

    @Test(arguments: [mintingTime - 3600, mintingTime + days(3650) - 1])
    func `at the very ends of the root's life there still is one`(moment: Int64) throws {
        try PKITestFolder.with { folder in
            let verdict = try Self.verify(folder.open().identity(at: moment), in: folder, at: moment, [])
            #expect(verdict.status == 0, "\(verdict.errors)")
        }
    }

    @Test func `lists of the same moment cover a sibling of the service authority`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let moment = mintingTime + days(2500)
            let identity = try pki.identity(at: moment)
            let serial = try CertificateSerial(ofFirstIn: identity.chain)
            for revoked in [[], [Revocation(of: serial, by: .service, at: moment)]] {
                let publication = try pki.publication(revoking: revoked, now: moment)
                let lists = "\(folder.path)/lists.pem"
                try Data(publication.list(of: .root).pem + publication.list(of: .service).pem)
                    .write(to: URL(fileURLWithPath: lists))
                let verdict = try Self.verify(
                    identity,
                    in: folder,
                    at: moment,
                    ["-crl_check_all", "-CRLfile", lists]
                )
                #expect(verdict.errors.contains("error 23 ") != revoked.isEmpty, "\(verdict.errors)")
                #expect((verdict.status == 0) == revoked.isEmpty, "\(verdict.errors)")
            }
        }
    }

    private static func verify(
        _ identity: Identity,
        in folder: PKITestFolder,
        at moment: Int64,
        _ options: [String]
    ) throws -> OpenSSLCommand {
        let chain = "\(folder.path)/chain.pem"
        try Data(identity.chain).write(to: URL(fileURLWithPath: chain))
        return try OpenSSLCommand.run(
            [
                "verify", "-x509_strict", "-purpose", "sslserver", "-attime", "\(moment)", "-CAfile",
                folder.file("ca.pem"),
            ]
                + ["-no-CApath", "-no-CAstore", "-untrusted", chain] + options + [chain]
        )
    }
}
