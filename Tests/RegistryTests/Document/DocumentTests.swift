import Documents
import Foundation
import Notation
import Registry
import SoftToken
import TestKit
import Testing

@Suite struct RegistryDocuments {
    private static let chance = Chance(seed: 9)

    private static let complete = """
        devices:
          - { serial: FG-A, registered: true, model: "AT&T's: 'unit' #1" }
          - { serial: FG-B, registered: true }
          - { serial: FG-C }
          - serial: "-"
        licenses:
          - number: EFTM000000000002
            code: 1a2b-3C4D-5E6F-7081-92A3
            size: 3
            validUntil: 2027-11-21
            owner: FG-A
            cluster: [FG-B, FG-A]
            activatedAt: 2026-11-21T08:00:00+01:00
            grace: { to: FG-C, until: 2027-01-01T00:00:00Z }
            revoked: true
          - { number: EFTM000000000001, code: 0000-0000-0000-0000-0001, size: 1 }
          - { number: FTMTRIAL02062407, owner: FG-B, stale: true }
        tokens:
          - { serial: FTKMOB0000000001, license: EFTM000000000002, seed: A84E2CAAD3BCEA970E05DC1A9B7BD2D562622F4A,
              type: hotp, period: 30, digits: 8, activationCode: EEIOTCU3LENEDJMR,
              activationExpires: 2026-11-24T08:00:00Z, mobileID: "é\\u0007\\"😀 *a &b", regID: "x", osVersion: 5.4.2_IOS,
              state: provisioned }
          - { serial: FTKMOB0000000002, license: EFTM000000000002, state: locked }
          - { serial: FTKMOB83F91CD33B, license: FTMTRIAL02062407, state: available }

        """

    @Test func `every field is read`() throws {
        // What looks like an alias is none in quotes.
        let document = try RegistryDocument.read(Self.complete, chance: Self.chance)
        #expect(document.devices.map(\.serial.description) == ["-", "FG-A", "FG-B", "FG-C"])
        #expect(document.devices.map(\.isRegistered) == [false, true, true, false])
        #expect(document.devices[1].model == "AT&T's: 'unit' #1")
        #expect(document.licenses.map(\.number.description).last == "FTMTRIAL02062407")
        let license = document.licenses[1]
        #expect(license.code?.text == "1A2B-3C4D-5E6F-7081-92A3")
        #expect(license.cluster.map(\.description) == ["FG-B", "FG-A"])
        #expect(license.activatedAt == 1_795_244_400)
        #expect(license.grace?.unit.description == "FG-C")
        #expect(license.isRevoked)
        #expect(license.validUntil?.description == "2027-11-21")
        #expect(document.licenses[0].validUntil == nil)
        #expect(document.licenses[2].cluster.map(\.description) == ["FG-B"])
        #expect(document.licenses[2].isStale)
        #expect(document.tokens.count == 6)
        let token = try #require(document.tokens.first { $0.serial.description == "FTKMOB0000000001" })
        #expect(token.provisioning?.parameters == TokenParameters(kind: .hotp, period: 30, digits: 8))
        #expect(token.provisioning?.phone?.mobileID == "é\u{7}\"😀 *a &b")
        #expect(token.provisioning?.phone?.osVersion == "5.4.2_IOS")
        #expect(document.tokens.filter(\.isLocked).map(\.serial.description) == ["FTKMOB0000000002"])
    }

    @Test func `tokens that are not listed are made up, from the seed and the license alone`() throws {
        let text = """
            devices: [{ serial: FG-A, registered: true }, { serial: FG-B, registered: true }]
            licenses:
              - { number: EFTM000000000001, code: 0000-0000-0000-0000-0001, size: 4 }
              - { number: FTMTRIAL00000001, owner: FG-A }
              - { number: FTMTRIAL00000002, owner: FG-B }
            tokens:
              - { serial: FTKMOB83F91CD33B, license: FTMTRIAL00000002 }
            """
        let document = try RegistryDocument.read(text, chance: Self.chance)
        #expect(try RegistryDocument.read(text, chance: Self.chance) == document)
        #expect(try RegistryDocument.read(text, chance: Chance(seed: 10)) != document)
        for license in document.licenses {
            let tokens = document.tokens.filter { $0.license == license.number }
            #expect(tokens.count == license.size)
            guard license.number.isTrial else { continue }
            #expect(Set(tokens.map { String($0.serial.description.prefix(8)) }).count == 1, "\(license.number)")
        }
        #expect(document.tokens.filter { $0.serial.description.hasPrefix("FTKMOB83") }.count == 2)

        let more = text.replacing(
            "licenses:",
            with: "licenses:\n  - { number: EFTM000000000000, code: 0000-0000-0000-0000-0002, size: 7 }"
        )
        let others = try RegistryDocument.read(more, chance: Self.chance).tokens
        #expect(others.count == document.tokens.count + 7)
        #expect(document.tokens.allSatisfy { others.contains($0) }, "other licenses leave a license's tokens alone")
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func `what is written is read back equal, in YAML and in JSON`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let document = try RegistryGenerator.document(&random)
        let now = Int64.random(in: 0...4_000_000_000, using: &random)
        let yaml = document.text(as: .yaml, now: now)
        #expect(try RegistryDocument.read(yaml, chance: Self.chance) == document, "\(yaml)")
        let json = document.text(as: .json, now: now)
        #expect(try RegistryDocument.read(json, chance: Self.chance) == document, "\(json)")
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: [[String: Any]]]
        #expect(object?["tokens"]?.count == document.tokens.count)
        #expect(yaml == document.text(as: .yaml, now: now))
    }

    /// Windows' editors write a byte order mark, which made the first key of YAML stand one column to the right of all
    /// others, and was no JSON at all.
    @Test func `a byte order mark before a document is skipped, in YAML and in JSON`() throws {
        let document = try RegistryDocument.read(Self.complete, chance: Self.chance)
        for text in [Self.complete, document.text(as: .yaml, now: 0), document.text(as: .json, now: 0)] {
            #expect(try RegistryDocument.read("\u{FEFF}" + text, chance: Self.chance) == document)
        }
        let empty = RegistryDocument(devices: [], licenses: [], tokens: [])
        #expect(try DocumentDraft.read("\u{FEFF}{\"devices\":[]}", as: .json).completed(Self.chance) == empty)
    }

    /// YAML's core schema has three forms of each truth value, and five of null.
    @Test func `truth values and null have the forms of YAML's core schema`() throws {
        let text = """
            devices:
              - { serial: FG-A, registered: True }
              - { serial: FG-B, registered: TRUE, model: Null }
              - { serial: FG-C, registered: False, model: NULL }
              - { serial: TRUE, registered: FALSE, model: ~ }
            licenses: null
            tokens:
            """
        let document = try RegistryDocument.read(text, chance: Self.chance)
        #expect(document.devices.map(\.isRegistered) == [true, true, false, false])
        #expect(document.devices.map(\.model) == [nil, nil, nil, nil])
    }

    @Test func `a serial that YAML takes for null is written in quotes`() throws {
        let text = "devices: [{ serial: \"NULL\", registered: true }]"
        let document = try RegistryDocument.read(text, chance: Self.chance)
        #expect(try RegistryDocument.read(document.text(as: .yaml, now: 0), chance: Self.chance) == document)
    }

    @Test func `a reading that nobody wants any more ends`() {
        for format in DocumentFormat.allCases {
            let error = #expect(throws: DocumentError.self) {
                try DocumentDraft.read(utf8: Array("{}".utf8), as: format, while: { false })
            }
            #expect(error?.kind == .stopped)
        }
    }

    @Test func `an empty registry is written and read`() throws {
        let empty = RegistryDocument(devices: [], licenses: [], tokens: [])
        #expect(try RegistryDocument.read(empty.text(as: .yaml, now: 0), chance: Self.chance) == empty)
        #expect(try RegistryDocument.read(empty.text(as: .json, now: 0), chance: Self.chance) == empty)
        #expect(try RegistryDocument.read("{}", chance: Self.chance) == empty)
    }

    @Test func `a file is read, and says what it holds`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "registry.yaml")
        let text = try RegistryDocument.read(Self.complete, chance: Self.chance).text(as: .yaml, now: 0)
        try Data(text.utf8).write(to: URL(filePath: path))
        #expect(text.hasPrefix("# A lab's whole registry. It holds secrets"))
        #expect(try RegistryDocument.read(file: path, chance: Self.chance).text(as: .yaml, now: 0) == text)
        #expect(throws: DocumentError.self) {
            try RegistryDocument.read(file: folder.path(of: "missing.yaml"), chance: Self.chance)
        }
        try Data([0x64, 0xFF, 0xFE]).write(to: URL(filePath: path))
        let encoding = #expect(throws: DocumentError.self) {
            try RegistryDocument.read(file: path, chance: Self.chance)
        }
        #expect(encoding?.reason.contains("UTF-8") == true)
    }
}
