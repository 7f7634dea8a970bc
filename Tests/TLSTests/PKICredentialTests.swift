import Foundation
import Testing

@testable import TLS

/// Certificates minted in memory from a template.
@Suite struct Credentials {
    /// OpenSSL sets a flag in a key while it writes it, so what is written at once must not be one object.
    @Test func `keys that are read from one text are written by several threads at once, each as it is`() async throws {
        let text = try PrivateKey.generate(.p256).pem()
        let form = try PrivateKey.parse(text).der()
        let isSame = await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    (0..<500)
                        .allSatisfy { _ in
                            guard let key = try? PrivateKey.parse(text) else { return false }
                            return (try? key.pem()) == text && (try? key.der()) == form
                        }
                }
            }
            return await group.allSatisfy { $0 }
        }
        #expect(isSame)
    }

    @Test(arguments: [KeyKind.p256, .rsa2048])
    func `a root and what it issues verify without a file of ours`(kind: KeyKind) throws {
        let validity = Validity(days: 2, from: mintingTime)
        let root = try Credential.selfSigned(
            CertificateTemplate(
                commonName: "FauxGuard LAB Test Root",
                validity: validity,
                authority: .init(),
                keyKind: kind
            )
        )
        let leaf = try root.issue(
            CertificateTemplate(
                commonName: "FGVM01TEST0000001",
                names: [try GeneralName("unit.test")],
                validity: validity,
                purposes: [.client],
                keyKind: kind
            )
        )
        let (authority, identity) = (try root.certificatePEM, try leaf.identity())
        try PKITestFolder.with { folder in
            let (rootFile, leafFile) = ("\(folder.path)/root.pem", "\(folder.path)/leaf.pem")
            try Data(authority).write(to: URL(fileURLWithPath: rootFile))
            try Data(identity.chain).write(to: URL(fileURLWithPath: leafFile))
            let verify = ["verify", "-x509_strict", "-attime", "\(mintingTime)", "-CAfile", rootFile]
            let asClient = try OpenSSLCommand.run(verify + ["-purpose", "sslclient", leafFile])
            #expect(asClient.status == 0, "\(asClient.errors)")
            let asServer = try OpenSSLCommand.run(verify + ["-purpose", "sslserver", leafFile])
            #expect(asServer.errors.contains("error 26 "), "\(asServer.errors)")
        }
        let publicKey = try OpenSSLCommand.output(["x509", "-noout", "-pubkey"], input: identity.chain)
        #expect(try OpenSSLCommand.output(["pkey", "-pubout"], input: identity.privateKey) == publicKey)
    }

    @Test func `an identity lists the leaf first and then the intermediates given`() throws {
        let template = CertificateTemplate(
            commonName: "alone",
            validity: Validity(days: 1, from: mintingTime)
        )
        let credential = try Credential.selfSigned(template)
        let others = Array("others".utf8)
        #expect(try credential.identity(through: others).chain == credential.certificatePEM + others)
    }

    @Test func `a template that OpenSSL cannot mint is an error with its words`() throws {
        let template = CertificateTemplate(
            commonName: String(repeating: "x", count: 65),
            validity: Validity(days: 1, from: mintingTime)
        )
        let error = #expect(throws: PKIError.self) { _ = try Credential.selfSigned(template) }
        #expect(error?.description == "OpenSSL, X509_NAME_add_entry_by_txt: string too long")
    }
}
