import Foundation
import TLS
import Testing

/// A PKI's folder over its life: modes, restarts, kills and what is lost.
@Suite struct ReopenedPKI {
    @Test func `the folder and its keys are their owner's alone`() throws {
        try PKITestFolder.with { folder in
            try folder.open()
            #expect(try folder.mode(of: ".") == 0o700)
            #expect(try Set(folder.contents().keys) == Set(PKITestFolder.files))
            for file in PKIFile.allCases {
                #expect(try folder.mode(of: file.key) == 0o600, "\(file.key)")
                #expect(try folder.mode(of: file.certificate) & 0o133 == 0, "\(file.certificate)")
            }
        }
    }

    @Test func `the first opening mints everything and says so`() throws {
        try PKITestFolder.with { folder in
            let pki = try folder.open()
            let expected = PKIFile.allCases.map { PKIChange(file: $0.certificate, action: .minted) }
            #expect(pki.changes == expected)
            #expect("\(try #require(pki.changes.first))" == "rsa.pem: minted")
        }
    }

    @Test func `a second opening changes no byte`() throws {
        try PKITestFolder.with { folder in
            let first = try folder.open(names: ["lab.example.org"])
            let before = try folder.contents()
            let second = try folder.open(names: ["lab.example.org"], now: mintingTime + days(20))
            #expect(second.changes == [])
            #expect(try folder.contents() == before)
            #expect(second.authority == first.authority)
            #expect(second.server.chain == first.server.chain)
        }
    }

    @Test func `a folder of an earlier version gets what it lacks, and keeps the rest`() throws {
        try PKITestFolder.with { folder in
            let first = try folder.open()
            // What there was before RSA chains and certificates without addresses: one root, alone in its file.
            let root = try OpenSSLCommand.output(["x509"], input: folder.read("ca.pem"))
            for name in ["rsa.key", "rsa.pem", "named.key", "named.pem"] { try folder.remove(name) }
            try folder.write(root, to: "ca.pem")
            let before = try folder.contents()
            let second = try folder.open()
            #expect(second.authorityFingerprint == first.authorityFingerprint)
            #expect(second.changes.map(\.file) == ["rsa.pem", "named.pem", "ca.pem"])
            #expect(second.changes.map(\.action) == [.minted, .minted, .joined])
            #expect("\(try #require(second.changes.last))".contains("trusted-rsa"))
            let kept = before.filter { $0.key != "ca.pem" }
            let after = try folder.contents()
            #expect(kept.allSatisfy { after[$0.key] == $0.value })
            #expect(after["ca.pem"]?.starts(with: root) == true)
        }
    }

    @Test func `two installations have different roots`() throws {
        let subjects = try (0..<2)
            .map { _ in
                try PKITestFolder.with { try #require(try $0.open().certificates.first).subject }
            }
        #expect(subjects[0] != subjects[1])
    }

    @Test func `openings at the same time agree on one root`() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("fauxguard-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let fingerprints = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<4 {
                group.addTask { try PKI.open(at: path, names: [], now: mintingTime).authorityFingerprint }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(fingerprints.count == 1)
    }

    @Test(arguments: 0...PKITestFolder.files.count)
    func `a first start that was killed after any file is completed`(written: Int) throws {
        try PKITestFolder.with { folder in
            try folder.open()
            for name in PKITestFolder.files.dropFirst(written) { try folder.remove(name) }
            // What a kill in the middle of a write leaves.
            for name in PKITestFolder.files { try folder.write(Array("half".utf8), to: ".\(name).new") }
            let before = try folder.contents().filter { !$0.key.hasPrefix(".") }
            try folder.open()
            let after = try folder.contents()
            #expect(Set(after.keys) == Set(PKITestFolder.files))
            #expect(before.allSatisfy { after[$0.key] == $0.value })
            let verdict = try folder.verifyServer()
            #expect(verdict.status == 0, "\(verdict.errors)")
        }
    }

    /// Each file, alone and with each of those behind it.
    static let pairs = PKITestFolder.files.enumerated()
        .flatMap { index, one in PKITestFolder.files[index...].map { (one, $0) } }

    @Test(arguments: pairs)
    func `any two lost files are made anew or missed by name`(one: String, other: String) throws {
        try PKITestFolder.with { folder in
            let first = try folder.open()
            for name in Set([one, other]) { try folder.remove(name) }
            let before = try folder.contents()
            guard one != "ca.key", other != "ca.key" else {
                let beside = [one, other].contains("ca.pem") ? "service.pem" : "ca.pem"
                #expect(throws: PKIError.refused(path: folder.file("ca.key"), .missing(beside: beside))) {
                    try folder.open()
                }
                #expect(try folder.contents() == before)
                return
            }
            let second = try folder.open()
            #expect(!second.changes.isEmpty)
            #expect(second.certificates.first?.subject == first.certificates.first?.subject)
            #expect(try folder.open().changes == [])
            let verdict = try folder.verifyServer()
            #expect(verdict.status == 0, "\(verdict.errors)")
        }
    }

    @Test(arguments: PKIFile.allCases)
    func `a key that others could read is taken from them and reported`(file: PKIFile) throws {
        try PKITestFolder.with { folder in
            try folder.open()
            try folder.setMode(0o644, of: file.key)
            let pki = try folder.open()
            #expect(pki.changes == [PKIChange(file: file.key, action: .tightened(mode: 0o644))])
            #expect(try folder.mode(of: file.key) == 0o600)
            #expect("\(try #require(pki.changes.first))".contains("(mode 0644)"))
        }
    }

    @Test func `a folder that others could enter is taken from them and reported`() throws {
        try PKITestFolder.with { folder in
            try folder.open()
            try folder.setMode(0o755, of: ".")
            #expect(try folder.open().changes == [PKIChange(file: ".", action: .tightened(mode: 0o755))])
            #expect(try folder.mode(of: ".") == 0o700)
        }
    }

    @Test func `a folder without a parent is an error that names it`() throws {
        try PKITestFolder.with { folder in
            let path = "\(folder.path)/absent/pki"
            let error = #expect(throws: PKIError.self) { try PKI.open(at: path, names: [], now: mintingTime) }
            #expect(error?.description == "\(path): mkdir: No such file or directory")
        }
    }
}
