import Foundation
import TLS
import TestKit
import Testing

@testable import fauxguard

/// The file of certificate profiles, read whole or refused in one line.
@Suite struct ProfilesFileTests {
    @Test func `the repository's own is read in its order`() throws {
        let profiles = try ProfilesFile.read(Repository.path("Certs/profiles.yaml"))
        #expect(profiles.first?.name == "trusted" && profiles.last?.name == "deep-chain")
        #expect(profiles.first?.differences == ProfileDifferences())
        let middle = try #require(profiles.first { $0.name == "expired-intermediate" })
        #expect(middle.differences.intermediate == .expired && middle.kind == .defect)
        #expect(middle.verifier.codes == [10] && middle.verifier.depth == 1 && middle.alert == "certificate_expired")
        let weak = profiles.filter { $0.differences.key == .rsa1024 || $0.differences.signature == .sha1 }
        #expect(weak.map(\.name) == ["weak-key", "sha1-signature"])
    }

    /// A first entry that is sound, and one below it, from line 4 on.
    private static let refusals: [(entry: String, line: Int, reason: String)] = [
        ("- name: a\n  class: good\n  summary: x\n", 4, "a: there are two of this name"),
        ("- name: B\n  class: good\n  summary: x\n", 4, "B: name: \"B\" is no name: 1 to 64 of a-z, 0-9 and -"),
        ("- name: b\n  summary: x\n", 4, "b: class is missing"),
        ("- name: b\n  class: fine\n  summary: x\n", 5, "b: class: \"fine\" is none of good, defect, tolerated"),
        (
            "- name: b\n  class: good\n  summary: x\n  colour: red\n", 7,
            "b: colour: no such key: known are name, class, summary, differs, verifier, alert"
        ),
        (
            "- name: b\n  class: defect\n  summary: x\n  differs:\n    key: rsa-512\n", 8,
            "b: differs.key: \"rsa-512\" is none of p-256, rsa-2048, rsa-1024"
        ),
        (
            "- name: b\n  class: defect\n  summary: x\n  differs:\n    keys: rsa-1024\n", 8,
            "b: differs.keys: no such key: known are key, signature, issuer, validity, intermediate, depth, order, "
                + "root, names, purpose, authority, revoked, keyOf"
        ),
        (
            "- name: b\n  class: defect\n  summary: x\n  differs: { issuer: dpi }\n", 7,
            "b: differs.issuer: \"dpi\" is none of service, rsa, inspection, stranger, constrained, self"
        ),
        (
            "- name: b\n  class: defect\n  summary: x\n  differs: { depth: 33 }\n", 7,
            "b: differs.depth: 33 is not from 1 to 32"
        ),
        (
            "- name: b\n  class: defect\n  summary: x\n  differs: { issuer: self, depth: 2 }\n", 7,
            "b: differs.depth: only a chain of the issuer service can be deep"
        ),
        (
            "- name: b\n  class: defect\n  summary: x\n  differs: { issuer: stranger, intermediate: missing }\n", 7,
            "b: differs.intermediate: only the issuer service has one"
        ),
        (
            "- name: b\n  class: defect\n  summary: x\n  differs: { issuer: self, revoked: true }\n", 7,
            "b: differs.revoked: only the issuer service keeps a list"
        ),
        (
            "- name: b\n  class: defect\n  summary: x\n  differs: { issuer: self, root: sent }\n", 7,
            "b: differs.root: what signs itself has none"
        ),
        (
            "- name: b\n  class: defect\n  summary: x\n  differs: { order: reversed }\n", 7,
            "b: differs.order: one issuer has no order: give a depth of 2 or more"
        ),
        (
            "- name: b\n  class: defect\n  summary: x\n  differs: { keyOf: another, key: rsa-2048 }\n", 7,
            "b: differs.keyOf: only a P-256 key can be made of two"
        ),
        (
            "- name: b\n  class: good\n  summary: x\n  verifier: { codes: [10] }\n", 7,
            "b: verifier: a good one has no codes"
        ),
        (
            "- name: b\n  class: defect\n  summary: x\n  alert: unknown\n", 7,
            "b: alert: \"unknown\" is no alert's name"
        ),
    ]

    @Test(arguments: refusals)
    func `what is no profile is refused with its line and why`(entry: String, line: Int, reason: String) throws {
        let folder = try TemporaryFolder()
        let text = "- name: a\n  class: good\n  summary: x\n" + entry
        let path = try folder.write(text, to: "profiles.yaml")
        let error = #expect(throws: SettingsError.self) { try ProfilesFile.read(path) }
        #expect(error?.description == "\(path):\(line): \(reason)")
    }

    @Test(arguments: [
        ("", "profiles: is no list of profiles"),
        ("name: a\n", "profiles: is no list of profiles"),
    ])
    func `what is no list is refused`(text: String, reason: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, to: "profiles.yaml")
        let error = #expect(throws: SettingsError.self) { try ProfilesFile.read(path) }
        #expect(error?.description.hasPrefix("\(path): \(reason)") == true, "\(String(describing: error))")
        #expect(error?.description.contains("\n") == false)
    }

    @Test func `what is no YAML is refused with its line`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("- [\n", to: "profiles.yaml")
        let error = #expect(throws: SettingsError.self) { try ProfilesFile.read(path) }
        #expect(
            error?.description.hasPrefix("\(path):2: profiles: no valid YAML: ") == true,
            "\(String(describing: error))"
        )
    }

    @Test(arguments: ["- 1\n", "- [a]\n", "- name: b\n  class: defect\n  summary: x\n  verifier: { codes: [x] }\n"])
    func `an entry of another shape is refused in one line`(text: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, to: "profiles.yaml")
        let error = #expect(throws: SettingsError.self) { try ProfilesFile.read(path) }
        let description = try #require(error?.description)
        #expect(description.hasPrefix("\(path):") && !description.contains("\n"), "\(description)")
        #expect(description.contains(":\(text.split(separator: "\n").count): "), "\(description)")
    }

    @Test func `a file that is not there is named`() throws {
        let error = #expect(throws: SettingsError.self) { try ProfilesFile.read("/nowhere/profiles.yaml") }
        #expect(error?.description.hasPrefix("/nowhere/profiles.yaml: profiles: ") == true)
    }
}
