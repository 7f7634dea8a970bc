import TLS
import Testing

/// What is minted anew, when, and what stays.
@Suite struct RenewedPKI {
    /// A moment, in days after minting, and the files that are due by then.
    static let schedule: [(day: Int64, files: [String])] = [
        (59, []),
        (62, ["inspection.pem"]),
        (260, ["inspection.pem"]),
        (270, ["server.pem", "named.pem", "inspection.pem"]),
        (1300, ["service.pem", "device.pem", "server.pem", "named.pem", "inspection.pem"]),
        (1826, ["service.pem", "device.pem", "server.pem", "named.pem", "inspection.pem"]),
    ]

    @Test(arguments: schedule)
    func `a certificate is renewed when less than a third of its time is left`(day: Int64, files: [String]) throws {
        try PKITestFolder.with { folder in
            let first = try folder.open()
            let before = try folder.contents()
            let renewed = try first.renewed(at: mintingTime + days(day))
            #expect(renewed.changes == files.map { PKIChange(file: $0, action: .renewed) })
            let changed = try folder.contents().filter { before[$0.key] != $0.value }.keys
            // Short-lived is what the inspection authority is for, so it alone gets a new key.
            #expect(Set(changed) == Set(files + (files.isEmpty ? [] : ["inspection.key"])))
            let verdict = try folder.verifyServer(at: mintingTime + days(day))
            #expect(verdict.status == 0, "\(verdict.errors)")
        }
    }

    @Test func `looked after every other month, a PKI serves until its root ends`() throws {
        try PKITestFolder.with { folder in
            var pki = try folder.open()
            for day in stride(from: Int64(0), through: 3649, by: 61) {
                pki = try pki.renewed(at: mintingTime + days(day))
                let verdict = try folder.verifyServer(at: mintingTime + days(day))
                #expect(verdict.status == 0, "day \(day): \(verdict.errors)")
            }
            let root = try #require(pki.certificates.first)
            #expect(pki.certificates.dropLast().allSatisfy { $0.notAfter <= root.notAfter })
        }
    }

    @Test func `a renewed authority leaves what it signed before in force`() throws {
        try PKITestFolder.with { folder in
            try folder.open()
            let leaf = try folder.sign("localhost", with: .device)
            try folder.open(now: mintingTime + days(1300))
            let verdict = try OpenSSLCommand.run(
                ["verify", "-no_check_time", "-CAfile", folder.file("ca.pem")]
                    + ["-untrusted", folder.file("device.pem"), leaf]
            )
            #expect(verdict.status == 0, "\(verdict.errors)")
        }
    }

    @Test func `a new name joins the certificate and the constraints, under the same root key`() throws {
        try PKITestFolder.with { folder in
            let first = try folder.open()
            let before = try folder.contents()
            let second = try folder.open(names: ["10.1.2.3", "proxy.example.org"])
            let expected: [PKIChange] = [
                PKIChange(file: "server.pem", action: .renamed), PKIChange(file: "named.pem", action: .renamed),
                PKIChange(file: "rsa.pem", action: .widened), PKIChange(file: "ca.pem", action: .widened),
                PKIChange(file: "inspection.pem", action: .renamed),
            ]
            #expect(second.changes == expected)
            #expect(second.certificates.first?.subject == first.certificates.first?.subject)
            for name in ["ca.key", "service.pem", "service.key", "device.pem", "device.key", "server.key"] {
                #expect(try folder.read(name) == before[name], "\(name)")
            }
            for option in [["-verify_hostname", "proxy.example.org"], ["-verify_ip", "10.1.2.3"]] {
                let verdict = try folder.verifyServer(at: mintingTime, option[0], option[1])
                #expect(verdict.status == 0, "\(verdict.errors)")
            }
            #expect(try folder.open(names: ["proxy.example.org", "10.1.2.3", "PROXY.example.org"]).changes == [])
        }
    }

    @Test func `a name that the root permits already leaves the root alone`() throws {
        try PKITestFolder.with { folder in
            try folder.open()
            let second = try folder.open(names: ["fac.lab.test", "127.9.9.9"])
            let files = ["server.pem", "named.pem"]
            #expect(second.changes == files.map { PKIChange(file: $0, action: .renamed) })
        }
    }

    @Test func `a name that goes leaves the certificate only`() throws {
        try PKITestFolder.with { folder in
            let first = try folder.open(names: ["proxy.example.org"])
            let second = try folder.open()
            let files = ["server.pem", "named.pem"]
            #expect(second.changes == files.map { PKIChange(file: $0, action: .renamed) })
            #expect(second.authority == first.authority)
            let verdict = try folder.verifyServer(at: mintingTime, "-verify_hostname", "proxy.example.org")
            #expect(verdict.errors.contains("error 62 "), "\(verdict.errors)")
        }
    }

    @Test func `an emulated name among the configured ones changes nothing`() throws {
        try PKITestFolder.with { folder in
            try folder.open()
            #expect(try folder.open(names: ["push.fortinet.com", "LOCALHOST", "::1"]).changes == [])
        }
    }

    @Test func `a widened root without its new server certificate is what a kill may leave, and is completed`() throws {
        try PKITestFolder.with { folder in
            try folder.open()
            let (root, inspection) = (try folder.read("ca.pem"), try folder.read("inspection.pem"))
            let inspectionKey = try folder.read("inspection.key")
            try folder.open(names: ["proxy.example.org"])
            try folder.write(root, to: "ca.pem")
            try folder.write(inspection, to: "inspection.pem")
            try folder.write(inspectionKey, to: "inspection.key")
            let pki = try folder.open(names: ["proxy.example.org"])
            #expect(pki.changes.map(\.file) == ["ca.pem", "inspection.pem"])
            let verdict = try folder.verifyServer()
            #expect(verdict.status == 0, "\(verdict.errors)")
        }
    }

    @Test func `a chain that lacks its intermediate is completed without a new certificate`() throws {
        try PKITestFolder.with { folder in
            try folder.open()
            let whole = try folder.read("server.pem")
            let leaf = try OpenSSLCommand.output(["x509"], input: whole)
            try folder.write(leaf, to: "server.pem")
            let pki = try folder.open()
            #expect(pki.changes == [PKIChange(file: "server.pem", action: .rechained)])
            #expect(pki.server.chain == whole)
        }
    }
}
