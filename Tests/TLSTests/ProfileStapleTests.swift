import Foundation
import TLS
import TLSNames
import Testing

/// Answers to staple, judged by the `openssl` command, which holds them against the host's clock.
@Suite(.timeLimit(.minutes(1))) struct Staples {
    private static let now = Int64(Date().timeIntervalSince1970)

    /// What the command says of each status.
    static let verdicts: [(status: StapleStatus, says: String, finds: String)] = [
        (.good, ": good\n", "Response verify OK"),
        (.revoked, ": revoked\n", "Response verify OK"),
        (.unknown, ": unknown\n", "Response verify OK"),
        (.stale, "WARNING: Status times invalid.\n", "status expired"),
        (.forged, ": good\n", "Response Verify Failure"),
    ]

    @Test(arguments: verdicts, ["trusted", "trusted-rsa", "revoked", "self-signed", "dpi", "untrusted-root"])
    func `an answer about a profile's certificate is what it should be`(
        verdict: (status: StapleStatus, says: String, finds: String),
        name: String
    ) throws {
        try ProfileWorld.with(now: Self.now) { world in
            let moments = Self.now...(Self.now + days(400))
            let minted = try world.pki.mint(ProfileWorld.profile(name), spanning: moments, commonName: nil)
            let staple = try #require(try minted.staple(verdict.status, spanning: moments))
            let judged = try Self.judge(staple, about: minted.identity, in: world)
            let said = judged.text + judged.errors
            #expect(said.contains(verdict.says) && said.contains(verdict.finds), "\(said)")
        }
    }

    @Test(arguments: verdicts)
    func `an answer about the server's own certificate is what it should be`(
        verdict: (status: StapleStatus, says: String, finds: String)
    ) throws {
        try ProfileWorld.with(now: Self.now) { world in
            let later = Self.now + days(2000)
            for identity in [world.pki.server, try world.pki.identity(at: later)] {
                let made = try world.pki.staple(verdict.status, for: identity, spanning: Self.now...later)
                let judged = try Self.judge(try #require(made), about: identity, in: world)
                let said = judged.text + judged.errors
                #expect(said.contains(verdict.says) && said.contains(verdict.finds), "\(said)")
            }
        }
    }

    @Test func `a missing one is none, and a stale one ended before both clocks`() throws {
        try ProfileWorld.with(now: Self.now) { world in
            let moments = (Self.now - days(3))...Self.now
            let identity = world.pki.server
            #expect(try world.pki.staple(.missing, for: identity, spanning: moments) == nil)
            let stale = try #require(try world.pki.staple(.stale, for: identity, spanning: moments))
            let text = try Self.judge(stale, about: identity, in: world, ["-resp_text"]).text
            let end = try #require(text.firstMatch(of: /\n    Next Update: (.*) GMT/)?.output.1)
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.timeZone = TimeZone(identifier: "UTC")
            formatter.dateFormat = "MMM d HH:mm:ss yyyy"
            let moment = try #require(formatter.date(from: String(end).replacing("  ", with: " ")))
            #expect(Int64(moment.timeIntervalSince1970) == moments.lowerBound - 3600 - days(1))
        }
    }

    @Test func `what was taken back is on the list, and every answer says so`() throws {
        try ProfileWorld.with(now: Self.now) { world in
            let all = try world.pki.mint(ProfileWorld.profile("revoked"), spanning: Self.now...(Self.now + days(5)))
            // One for each host, and one for whoever asks for none.
            #expect(all.revocations.count == CertificateTemplate.emulatedHosts.count + 1)
            #expect(all.standard.honestStaple == .revoked)
            let publication = try world.pki.publication(revoking: all.revocations, now: Self.now)
            let text = try OpenSSLCommand.output(["crl", "-noout", "-text"], input: publication.list(of: .service).pem)
            for host in CertificateTemplate.emulatedHosts.map({ $0 as String? }) + [nil] {
                let serial = try CertificateSerial(ofFirstIn: all[host].identity.chain)
                #expect(String(decoding: text, as: UTF8.self).contains("Serial Number: \(serial)\n"))
                let staple = try #require(try all[host].staple(.revoked, spanning: Self.now...Self.now))
                let stapled = try Self.judge(staple, about: all[host].identity, in: world)
                #expect(stapled.text.contains("Reason: keyCompromise"), "\(stapled.text)")
            }
            let request = "\(world.folder.path)/request.der"
            let leaf = try world.write(all.standard.identity.chain, to: "leaf.pem")
            let about = ["-issuer", world.folder.file("service.pem"), "-cert", leaf]
            try OpenSSLCommand.output(["ocsp", "-no_nonce"] + about + ["-reqout", request])
            let asked = Array(try Data(contentsOf: URL(fileURLWithPath: request)))
            let answer = publication.responder.answer(asked.span, now: Self.now)
            let judged = try Self.judge(answer, about: all.standard.identity, in: world)
            #expect(judged.text.contains(": revoked\n"), "\(judged.text)")
            let good = try world.pki.mint(ProfileWorld.profile("trusted"), spanning: Self.now...Self.now)
            #expect(good.revocations.isEmpty && good.standard.honestStaple == .good)
        }
    }

    /// Lets the command judge an answer about a chain's first certificate, whose issuer is the second, or itself, or
    /// one of the folder's.
    private static func judge(
        _ answer: [UInt8],
        about identity: Identity,
        in world: ProfileWorld,
        _ options: [String] = []
    ) throws -> OpenSSLCommand {
        let end = "-----END CERTIFICATE-----\n"
        let blocks = String(decoding: identity.chain, as: UTF8.self).components(separatedBy: end).dropLast()
            .map { Array(($0 + end).utf8) }
        let leaf = try world.write(blocks[0], to: "leaf.pem")
        let issuer = try world.write(blocks.count > 1 ? blocks[1] : blocks[0], to: "issuer.pem")
        return try OpenSSLCommand.run(
            ["ocsp", "-respin", try world.write(answer, to: "answer.der"), "-no_nonce"]
                + ["-CAfile", issuer, "-partial_chain", "-issuer", issuer, "-cert", leaf] + options
        )
    }
}
