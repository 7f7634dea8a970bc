import Foundation
import TLS
import Testing

/// Every declared profile, held against the table by the `openssl` command.
@Suite(.timeLimit(.minutes(2))) struct CertificateProfiles {
    /// How far a lab's clock is from the host's, in days.
    static let shifts: [Int64] = [0, 5 * 365]

    @Test func `the contract's profiles are declared, each once`() {
        let wanted = [
            "trusted", "trusted-rsa", "dpi", "self-signed", "untrusted-root", "expired", "not-yet-valid",
            "wrong-name", "incomplete-chain", "expired-intermediate", "revoked", "weak-key", "sha1-signature",
            "wrong-purpose", "name-constrained", "key-mismatch", "no-san", "ca-as-leaf", "reversed-chain",
            "many-names", "deep-chain",
        ]
        #expect(ProfileWorld.all.map(\.name) == wanted)
    }

    @Test(arguments: ProfileWorld.all, shifts)
    func `a profile shows exactly what is declared of it, by both clocks`(
        profile: CertificateProfile,
        shift: Int64
    ) throws {
        try ProfileWorld.with { world in
            let moments = world.now...(world.now + days(shift))
            let minted = try world.pki.mint(profile, spanning: moments, commonName: nil)
            for moment in [moments.lowerBound, moments.upperBound] {
                var options: [String] = []
                if let revocation = minted.revocation {
                    let publication = try world.pki.publication(
                        revoking: [revocation],
                        spanning: moments,
                        number: 1
                    )
                    let list = publication.list(of: .service)
                    options = ["-crl_check", "-CRLfile", try world.write(list.pem, to: "service.crl")]
                }
                let found = try world.findings(minted.identity, at: moment, options)
                let declared = Set(profile.verifier.codes.map { "\($0)@\(profile.verifier.depth)" })
                #expect(found.isSubset(of: declared) && found.isEmpty == declared.isEmpty, "\(found)")
            }
        }
    }

    @Test(arguments: ProfileWorld.all)
    func `a profile can be minted for a lab in the past and one in the future`(profile: CertificateProfile) throws {
        try ProfileWorld.with { world in
            for moments in [(world.now)...(world.now + days(3000)), (world.now + days(500))...(world.now + days(510))] {
                let all = try world.pki.mint(profile, spanning: moments)
                #expect(all.validity.contains(moments.lowerBound) && all.validity.contains(moments.upperBound))
            }
            let late = world.now + days(4000)
            let error = #expect(throws: PKIError.self) { try world.pki.mint(profile, spanning: world.now...late) }
            #expect(
                error == .outsideRoot(moment: late, from: world.now - 3600, until: world.now + days(3650)),
                "\(String(describing: error))"
            )
        }
    }

    /// What takes each defect away: then nothing is left, so it was the only one.
    static let remedies: [(name: String, host: String, purpose: String, day: Int64, options: [String])] = [
        ("expired", "globalftm.fortinet.net", "sslserver", -10, []),
        ("not-yet-valid", "globalftm.fortinet.net", "sslserver", 100, []),
        ("wrong-name", "another.test", "sslserver", 0, []),
        ("weak-key", "globalftm.fortinet.net", "sslserver", 0, ["-auth_level", "0"]),
        ("sha1-signature", "globalftm.fortinet.net", "sslserver", 0, ["-auth_level", "0"]),
        ("wrong-purpose", "globalftm.fortinet.net", "any", 0, []),
        ("revoked", "globalftm.fortinet.net", "sslserver", 0, []),
        ("expired-intermediate", "globalftm.fortinet.net", "sslserver", 0, ["-untrusted", "service.pem"]),
        ("incomplete-chain", "globalftm.fortinet.net", "sslserver", 0, ["-untrusted", "service.pem"]),
        ("self-signed", "globalftm.fortinet.net", "sslserver", 0, ["-partial_chain", "-trusted", "chain.pem"]),
        ("dpi", "globalftm.fortinet.net", "sslserver", 0, ["-trusted", "inspection.pem"]),
        ("untrusted-root", "globalftm.fortinet.net", "sslserver", 0, ["-partial_chain", "-trusted", "chain.pem"]),
    ]

    @Test(arguments: remedies)
    func `without its one defect a profile has none`(
        name: String,
        host: String,
        purpose: String,
        day: Int64,
        options: [String]
    ) throws {
        // A root that is older than what expired below it.
        try ProfileWorld.with { world in
            let today = world.now + days(60)
            let minted = try world.pki.mint(ProfileWorld.profile(name), spanning: today...today, commonName: nil)
            // An option replaces one of its kind before it; -trusted excludes -CAfile.
            let chain = try world.write(minted.identity.chain, to: "chain.pem")
            let files = options.map { $0 == "chain.pem" ? chain : $0.hasSuffix(".pem") ? world.folder.file($0) : $0 }
            let isTrusting = options.contains("-trusted")
            var arguments = ["verify", "-auth_level", "2", "-purpose", purpose, "-verify_hostname", host]
            arguments += ["-attime", "\(today + days(day))", "-no-CApath", "-no-CAstore"]
            arguments += isTrusting ? ["-no-CAfile"] : ["-CAfile", world.folder.file("ca.pem")]
            if !options.contains("-untrusted") { arguments += ["-untrusted", chain] }
            let verdict = try OpenSSLCommand.run(arguments + files + [chain])
            #expect(verdict.status == 0 && !verdict.errors.contains("error "), "\(verdict.errors)")
        }
    }

    @Test(
        arguments: [
            ("{ root: sent }", []), ("{ root: sent, order: reversed }", []), ("{ key: rsa-2048, depth: 3 }", []),
            ("{ issuer: stranger, root: sent }", ["19@2"]), ("{ issuer: inspection }", ["20@0"]),
            ("{ depth: 3, intermediate: expired }", ["10@1"]), ("{ depth: 3, intermediate: missing }", ["20@0"]),
            ("{ depth: 32 }", []), ("{ names: many, signature: sha1 }", ["68@0"]),
            ("{ validity: past, authority: true }", ["10@0"]),
            // What the constrained authority may sign has no fault but the name.
            ("{ issuer: constrained, names: other }", ["62@0"]),
        ] as [(String, Set<String>)]
    )
    func `differences of a profile that somebody adds combine`(differs: String, findings: Set<String>) throws {
        try ProfileWorld.with { world in
            let profile = try ProfileWorld.profile(differing: differs)
            let minted = try world.pki.mint(profile, spanning: world.now...world.now, commonName: nil)
            #expect(try world.findings(minted.identity, at: world.now) == findings)
        }
    }

    // BoringSSL's verifiers refuse addresses below a root that constrains them, and would not come to the one defect.
    @Test(arguments: ProfileWorld.all)
    func `a profile shows its addresses to those alone who ask for no name`(profile: CertificateProfile) throws {
        try ProfileWorld.with { world in
            let all = try world.pki.mint(profile, spanning: world.now...world.now)
            for host in [CertificateTemplate.emulatedHosts[0], CertificateTemplate.emulatedHosts[1], "localhost"] {
                let leaf = try #require(try world.texts(of: all[host].identity.chain).first)
                #expect(!leaf.contains("IP Address:"), "\(host)")
                let found = try world.findings(
                    all[host].identity,
                    at: world.now,
                    host: host == "localhost" ? Self.first : host
                )
                let declared = Set(profile.verifier.codes.map { "\($0)@\(profile.verifier.depth)" })
                if profile.verifier.codes != [23] {
                    #expect(found.isSubset(of: declared) && found.isEmpty == declared.isEmpty, "\(host): \(found)")
                }
            }
            let unnamed = try #require(try world.texts(of: all[nil].identity.chain).first)
            #expect(unnamed.contains("IP Address:127.0.0.1") == [.usual, .many].contains(profile.differences.names))
        }
    }

    private static let first = CertificateTemplate.emulatedHosts[0]

    // Only the server's own key was RSA: a client without elliptic curves could verify nothing of the chain.
    @Test func `the chain for clients without elliptic curves is RSA to its root`() throws {
        try ProfileWorld.with { world in
            let minted = try world.pki.mint(ProfileWorld.profile("trusted-rsa"), spanning: world.now...world.now)
            let texts =
                try world.texts(of: minted.standard.identity.chain)
                + [
                    String(
                        decoding: try OpenSSLCommand.output(
                            ["x509", "-noout", "-text"],
                            input: world.folder.read("rsa.pem")
                        ),
                        as: UTF8.self
                    )
                ]
            #expect(texts.count == 3)
            for text in texts {
                #expect(text.contains("Public Key Algorithm: rsaEncryption\n"), "\(text)")
                #expect(text.matches(of: /Signature Algorithm: sha256WithRSAEncryption\n/).count == 2, "\(text)")
            }
            let rsa = world.folder.file("rsa.pem")
            #expect(try world.findings(minted.standard.identity, at: world.now, ["-CAfile", rsa]) == [])
        }
    }

    @Test func `every emulated host has a certificate with its name, all with one key`() throws {
        try ProfileWorld.with { world in
            let all = try world.pki.mint(ProfileWorld.profile("no-san"), spanning: world.now...world.now)
            for host in CertificateTemplate.emulatedHosts {
                #expect(try world.findings(all[host].identity, at: world.now, host: host) == [])
                #expect(all[host].identity.privateKey == all.standard.identity.privateKey)
            }
            let other = CertificateTemplate.emulatedHosts[1]
            #expect(try world.findings(all.standard.identity, at: world.now, host: other) == ["62@0"])
            #expect(all["elsewhere.test"].identity.chain == all.standard.identity.chain)
            #expect(all[nil].identity.chain == all.unnamed.identity.chain)
            let wrong = try world.pki.mint(ProfileWorld.profile("wrong-name"), spanning: world.now...world.now)
            #expect(wrong.byName.isEmpty)
        }
    }

    @Test func `the configured names and the loopback's are among the usual ones`() throws {
        try ProfileWorld.with { world in
            let minted = try world.pki.mint(
                ProfileWorld.profile("trusted"),
                spanning: world.now...world.now,
                commonName: nil
            )
            for host in ["localhost", "fac.lab.test"] {
                #expect(try world.findings(minted.identity, at: world.now, host: host) == [])
            }
            let text = try world.texts(of: minted.identity.chain)[0]
            #expect(text.contains("IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1"), "\(text)")
        }
    }

    @Test func `odd chains are as odd as they are said to be`() throws {
        try ProfileWorld.with { world in
            func texts(_ name: String) throws -> [String] {
                let moments = world.now...world.now
                let minted = try world.pki.mint(ProfileWorld.profile(name), spanning: moments, commonName: nil)
                return try world.texts(of: minted.identity.chain)
            }
            #expect(try texts("many-names")[0].matches(of: /(DNS|IP Address):/).count == 1000)
            #expect(try texts("deep-chain").count == 11)
            #expect(try texts("incomplete-chain").count == 1)
            #expect(try texts("no-san")[0].contains("Alternative Name") == false)
            #expect(try texts("ca-as-leaf")[0].contains("CA:TRUE, pathlen:0"))
            #expect(try texts("dpi").map { $0.contains("CN = FauxGuard LAB Inspection ") } == [true, true])
            let reversed = try texts("reversed-chain")
            #expect(
                reversed.map { $0.contains("Issuer: O = FauxGuard LAB, CN = FauxGuard LAB Root ") } == [
                    false, true, false,
                ]
            )
            #expect(reversed[0].contains("Issuer: O = FauxGuard LAB, CN = FauxGuard LAB Service CA "))
        }
    }

    @Test func `a certificate says where its list is only where its authority has one`() throws {
        try ProfileWorld.with(publishedAt: "192.0.2.7:8481") { world in
            for profile in ProfileWorld.all {
                let minted = try world.pki.mint(profile, spanning: world.now...world.now, commonName: nil)
                let text = try world.texts(of: minted.identity.chain)[0]
                let isPublished = profile.differences.issuer == .service
                #expect(text.contains("URI:http://192.0.2.7:8481/service.crl\n") == isPublished, "\(profile.name)")
                #expect(text.contains("OCSP - URI:http://192.0.2.7:8481/ocsp\n") == isPublished, "\(profile.name)")
            }
        }
    }

    @Test func `the key of a mismatch belongs to its certificate, and signs what that does not verify`() throws {
        try ProfileWorld.with { world in
            let minted = try world.pki.mint(
                ProfileWorld.profile("key-mismatch"),
                spanning: world.now...world.now,
                commonName: nil
            )
            let shown = try OpenSSLCommand.output(["x509", "-noout", "-pubkey"], input: minted.identity.chain)
            #expect(try OpenSSLCommand.output(["pkey", "-pubout"], input: minted.identity.privateKey) == shown)
            // TLS's own check at the loading is of public keys too.
            _ = try ServerContext(identity: minted.identity, ticketKeys: ticketKeys())
            let key = try world.write(minted.identity.privateKey, to: "leaf.key")
            let (publicKey, text) = (try world.write(shown, to: "leaf.pub"), try world.write([1, 2, 3], to: "text"))
            let signature = "\(world.folder.path)/text.sig"
            try OpenSSLCommand.output(["dgst", "-sha256", "-sign", key, "-out", signature, text])
            let verdict = try OpenSSLCommand.run(
                ["dgst", "-sha256", "-verify", publicKey, "-signature", signature, text]
            )
            #expect(verdict.status == 1 && verdict.text == "Verification failure\n", "\(verdict.text)")
        }
    }

    @Test func `what is minted shows no key as text`() throws {
        try ProfileWorld.with { world in
            let all = try world.pki.mint(ProfileWorld.profile("revoked"), spanning: world.now...world.now)
            let text = "\(all)"
            for key in [all.standard.identity.privateKey, try world.folder.read("service.key")] {
                let lines = String(decoding: key, as: UTF8.self).split(separator: "\n")
                #expect(!text.contains(lines[1]))
                #expect(!text.contains(lines[1].utf8.map { "\($0)" }.joined(separator: ", ")))
            }
        }
    }
}
