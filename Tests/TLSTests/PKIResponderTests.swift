import Foundation
import TLS
import Testing

/// Answers by OCSP, asked and judged by the `openssl` command.
///
/// That command holds an answer against the host's clock, so the PKI is minted at the host's present.
@Suite struct OCSPAnswers {
    private static let now = Int64(Date().timeIntervalSince1970)

    @Test(arguments: ["-nonce", "-no_nonce"], ["-sha1", "-sha256", "-sha384", "-sha512"])
    func `a certificate that an authority issued is good`(nonce: String, digest: String) throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open(now: Self.now)
            for (file, issuer) in [("server", "service"), ("service", "ca"), ("device", "ca")] {
                let verdict = try Self.ask(pki, folder, file, of: issuer, [nonce, digest])
                #expect(verdict.text.contains("\(file).pem: good\n"), "\(verdict.text) \(verdict.errors)")
                #expect(verdict.errors.contains("Response verify OK"), "\(verdict.errors)")
            }
        }
    }

    @Test func `a nonce comes back, and none is made up`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open(now: Self.now)
            for (option, isThere) in [("-nonce", true), ("-no_nonce", false)] {
                let request = try Self.request(folder, "server", of: "service", [option])
                let text = try Self.text(of: Self.answer(pki, request))
                #expect(text.contains("OCSP Nonce") == isThere, "\(text)")
            }
        }
    }

    @Test func `a certificate that was taken back is revoked, with the time and the reason`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open(now: Self.now)
            let serial = try CertificateSerial(ofFirstIn: pki.server.chain)
            let revocation = Revocation(of: serial, by: .service, at: Self.now - 60, because: .superseded)
            let verdict = try Self.ask(pki, folder, "server", of: "service", revoking: [revocation])
            #expect(verdict.text.contains("server.pem: revoked\n"), "\(verdict.text)")
            #expect(verdict.text.contains("Reason: superseded"), "\(verdict.text)")
            #expect(verdict.text.contains("Revocation Time: "), "\(verdict.text)")
            // The number is revoked for its own authority only.
            let other = Revocation(of: serial, by: .device, at: Self.now)
            let good = try Self.ask(pki, folder, "server", of: "service", revoking: [other])
            #expect(good.text.contains("server.pem: good\n"), "\(good.text)")
        }
    }

    @Test func `what an authority's key signed without its mark is unknown`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open(now: Self.now)
            let leaf = try folder.sign("localhost", with: .service)
            let verdict = try Self.ask(pki, folder, at: leaf, of: "service")
            #expect(verdict.text.contains(": unknown\n"), "\(verdict.text) \(verdict.errors)")
        }
    }

    @Test(arguments: 0..<16)
    func `a number that is not quite one that an authority gave out is unknown`(byte: Int) throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open(now: Self.now)
            let serial = try CertificateSerial(ofFirstIn: pki.server.chain).description
            let start = serial.index(serial.startIndex, offsetBy: 2 * byte + 1)
            let other = serial.replacingCharacters(in: start...start, with: serial[start] == "0" ? "1" : "0")
            let verdict = try Self.ask(pki, folder, "server", of: "service", ["-serial", "0x\(other)"])
            #expect(verdict.text.contains("server.pem: good\n"), "\(verdict.text)")
            #expect(verdict.text.contains("0x\(other): unknown\n"), "\(verdict.text) \(verdict.errors)")
        }
    }

    @Test func `a device's certificate and a renewed one are known without a list`() throws {
        try PKITestFolder.with { folder in
            let first = try folder.open(now: Self.now)
            let (device, old) = ("\(folder.path)/unit.pem", "\(folder.path)/old.pem")
            let minted = try first.deviceCertificate(for: "FGT60FTK20000001", now: Self.now)
            try Data(minted.certificate).write(to: URL(fileURLWithPath: device))
            try Data(first.server.chain).write(to: URL(fileURLWithPath: old))
            let pki = try folder.open(names: ["other.test"], now: Self.now)
            #expect(pki.changes.map(\.file) == ["server.pem", "named.pem"])
            for (file, issuer) in [(device, "device"), (old, "service")] {
                let verdict = try Self.ask(pki, folder, at: file, of: issuer)
                #expect(verdict.text.contains(": good\n"), "\(verdict.text) \(verdict.errors)")
            }
            // The service authority never gave out the device's number.
            let mixed = try Self.ask(pki, folder, "server", of: "service", ["-serial", "0x\(minted.serial)"])
            #expect(mixed.text.contains("0x\(minted.serial): unknown\n"), "\(mixed.text) \(mixed.errors)")
        }
    }

    @Test func `the certificates in the folder are known by their files where their numbers carry no mark`() throws {
        try PKITestFolder.with { folder in
            try folder.open(now: Self.now)
            // As an earlier version minted it: a number that is random throughout.
            let subject = try OpenSSLCommand.output(
                ["x509", "-noout", "-subject", "-nameopt", "compat", "-in", folder.file("device.pem")]
            )
            let name = String(decoding: subject, as: UTF8.self).dropFirst("subject=".count).dropLast()
            let request = try OpenSSLCommand.output(
                ["req", "-new", "-key", folder.file("device.key"), "-subj", "\(name)"]
                    + ["-addext", "basicConstraints=critical,CA:TRUE,pathlen:0"]
                    + ["-addext", "keyUsage=critical,keyCertSign,cRLSign"]
            )
            let certificate = try OpenSSLCommand.output(
                ["x509", "-req", "-days", "1825", "-copy_extensions", "copy", "-set_serial", "0x4123456789ABCDEF"]
                    + ["-CA", folder.file("ca.pem"), "-CAkey", folder.file("ca.key")],
                input: request
            )
            try folder.write(certificate, to: "device.pem")
            // The command minted it now, which on a busy machine is a while after the other certificates.
            let pki = try folder.open(now: Int64(Date.now.timeIntervalSince1970) + 60)
            #expect(pki.changes == [])
            #expect(try CertificateSerial(ofFirstIn: certificate).description == "4123456789ABCDEF")
            let verdict = try Self.ask(pki, folder, "device", of: "ca")
            #expect(verdict.text.contains("device.pem: good\n"), "\(verdict.text) \(verdict.errors)")
        }
    }

    @Test func `an authority of somebody else's is unknown`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open(now: Self.now)
            try PKITestFolder.with { other in
                try other.open(now: Self.now)
                let request = try Self.request(other, "server", of: "service")
                let text = try Self.text(of: Self.answer(pki, request))
                #expect(text.contains("OCSP Response Status: successful (0x0)"), "\(text)")
                #expect(text.contains("Cert Status: unknown"), "\(text)")
            }
        }
    }

    @Test func `several certificates are answered in one response`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open(now: Self.now)
            let leaf = try folder.sign("localhost", with: .service)
            let verdict = try Self.ask(pki, folder, "server", of: "service", ["-cert", leaf])
            #expect(verdict.text.contains("server.pem: good\n"), "\(verdict.text)")
            #expect(verdict.text.contains("leaf.pem: unknown\n"), "\(verdict.text)")
        }
    }

    @Test func `an answer counts from an hour ago until tomorrow, at whatever moment it is asked for`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let request = try Self.request(folder, "server", of: "service")
            let text = try Self.text(of: Self.answer(pki, request, now: mintingTime + days(300)))
            #expect(text.contains("Produced At: Nov 11 08:00:00 2027 GMT"), "\(text)")
            #expect(text.contains("This Update: Nov 11 07:00:00 2027 GMT"), "\(text)")
            #expect(text.contains("Next Update: Nov 12 08:00:00 2027 GMT"), "\(text)")
        }
    }

    @Test func `an answer for two clocks counts from an hour before the earlier until a day after the later`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let request = try Self.request(folder, "server", of: "service")
            let responder = try pki.publication(now: mintingTime).responder
            let moments = mintingTime...(mintingTime + days(300))
            let text = try Self.text(of: responder.answer(request.span, spanning: moments))
            #expect(text.contains("Produced At: Jan 15 08:00:00 2027 GMT"), "\(text)")
            #expect(text.contains("This Update: Jan 15 07:00:00 2027 GMT"), "\(text)")
            #expect(text.contains("Next Update: Nov 12 08:00:00 2027 GMT"), "\(text)")
        }
    }

    @Test func `many threads ask one responder at once`() async throws {
        let (request, responder) = try PKITestFolder.with { folder in
            let pki = try folder.open()
            return (
                try Self.request(folder, "server", of: "service", ["-no_nonce"]),
                try pki.publication(now: mintingTime).responder
            )
        }
        let sizes = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<200 { group.addTask { responder.answer(request.span, now: mintingTime).count } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(sizes.count == 200 && sizes.allSatisfy { $0 > 100 })
    }

    @Test func `a sibling of an authority at a lab's time is good, and so is what it issued`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open(now: Self.now)
            let chain = try pki.identity(at: Self.now + days(2000)).chain
            let blocks = String(decoding: chain, as: UTF8.self).components(separatedBy: "-----END CERTIFICATE-----\n")
            for (block, issuer) in zip(blocks, ["service", "ca"]) {
                let file = "\(folder.path)/one.pem"
                try Data((block + "-----END CERTIFICATE-----\n").utf8).write(to: URL(fileURLWithPath: file))
                let verdict = try Self.ask(pki, folder, at: file, of: issuer)
                #expect(verdict.text.contains(": good\n"), "\(verdict.text) \(verdict.errors)")
            }
        }
    }

    @Test func `every truncation of a request is malformed, and so is anything behind it`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let request = try Self.request(folder, "server", of: "service", ["-nonce"])
            let responder = try pki.publication(now: mintingTime).responder
            let malformed: [UInt8] = [0x30, 0x03, 0x0A, 0x01, 0x01]
            for length in 0..<request.count {
                #expect(
                    responder.answer(Array(request.prefix(length)).span, now: mintingTime) == malformed,
                    "\(length)"
                )
            }
            #expect(responder.answer((request + [0]).span, now: mintingTime) == malformed)
            #expect(responder.answer(request.span, now: mintingTime).count > 100)
            #expect(try Self.text(of: malformed).contains("Responder Error: malformedrequest (1)"))
        }
    }

    @Test func `a request with any one byte changed gets an answer`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let request = try Self.request(folder, "server", of: "service", ["-nonce"])
            let responder = try pki.publication(now: mintingTime).responder
            for index in request.indices {
                for mask in [0x01, 0x80, 0xFF] as [UInt8] {
                    var changed = request
                    changed[index] ^= mask
                    let answer = responder.answer(changed.span, now: mintingTime)
                    #expect(answer.first == 0x30, "\(index)")
                    // Whatever it is taken for: nothing fails inside.
                    #expect(answer != [0x30, 0x03, 0x0A, 0x01, 0x02], "\(index)")
                }
            }
        }
    }

    @Test(arguments: [
        [0x30, 0x00], [0x30, 0x04, 0x30, 0x02, 0x30, 0x00], [0x05, 0x00], [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF],
    ])
    func `what asks nothing is malformed`(request: [UInt8]) throws {
        try PKITestFolder.with { folder in
            let responder = try folder.open().publication(now: mintingTime).responder
            #expect(responder.answer(request.span, now: mintingTime) == [0x30, 0x03, 0x0A, 0x01, 0x01])
        }
    }

    @Test func `a request that asks about too many certificates, or is too long, is malformed`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let responder = try pki.publication(now: mintingTime).responder
            for (count, isAnswered) in [(16, true), (17, false)] {
                let serials = (1..<count).flatMap { ["-serial", "\($0)"] }
                let request = try Self.request(folder, "server", of: "service", serials)
                #expect((responder.answer(request.span, now: mintingTime).count > 5) == isAnswered, "\(count)")
            }
            let long = [UInt8](repeating: 0x30, count: OCSPResponder.requestLimit + 1)
            #expect(responder.answer(long.span, now: mintingTime).count == 5)
        }
    }

    // MARK: The openssl command's side

    private static func request(
        _ folder: PKITestFolder,
        at file: String? = nil,
        _ name: String = "",
        of issuer: String,
        _ options: [String] = []
    ) throws -> [UInt8] {
        let path = "\(folder.path)/request.der"
        try OpenSSLCommand.output(
            ["ocsp"] + options.filter { $0.hasPrefix("-sha") } + ["-issuer", folder.file("\(issuer).pem")]
                + ["-cert", file ?? folder.file("\(name).pem")] + options.filter { !$0.hasPrefix("-sha") }
                + ["-reqout", path]
        )
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private static func answer(
        _ pki: PKI,
        _ request: [UInt8],
        revoking revoked: [Revocation] = [],
        now: Int64 = now
    ) throws -> [UInt8] {
        try pki.publication(revoking: revoked, now: now).responder.answer(request.span, now: now)
    }

    private static func text(of answer: [UInt8]) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("fauxguard-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(answer).write(to: URL(fileURLWithPath: path))
        return try OpenSSLCommand.run(["ocsp", "-noverify", "-resp_text", "-respin", path]).text
    }

    /// Makes a request, has it answered, and lets the command judge the answer.
    private static func ask(
        _ pki: PKI,
        _ folder: PKITestFolder,
        at file: String? = nil,
        _ name: String = "",
        of issuer: String,
        _ options: [String] = [],
        revoking revoked: [Revocation] = []
    ) throws -> OpenSSLCommand {
        let request = try request(folder, at: file, name, of: issuer, options)
        let answer = "\(folder.path)/answer.der"
        try Data(Self.answer(pki, request, revoking: revoked)).write(to: URL(fileURLWithPath: answer))
        return try OpenSSLCommand.run(
            ["ocsp", "-respin", answer, "-no_nonce", "-CAfile", folder.file("ca.pem")]
                + options.filter { $0.hasPrefix("-sha") } + ["-issuer", folder.file("\(issuer).pem")]
                + ["-cert", file ?? folder.file("\(name).pem")]
                + options.filter { !$0.hasPrefix("-sha") && !$0.hasSuffix("nonce") }
        )
    }
}
