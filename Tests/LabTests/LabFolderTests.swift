import Foundation
import Journal
import Lab
import Registry
import SoftToken
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct LabFolders {
    let temporary: TemporaryFolder
    let folder: LabFolder
    let document: RegistryDocument

    init() throws {
        temporary = try TemporaryFolder()
        folder = LabFolder(
            path: temporary.path,
            choices: Lab.Choices(
                writer: AnswerWriter(errors: ErrorTable(), choices: WireChoices()),
                rules: RuleChoices()
            ),
            journal: JournalLimits(),
            loops: 1,
            seed: 7
        ) { _, _ in }
        document = try Sample().registry.document
    }

    /// A lab that holds the sample's registry, loaded as an operator's first document is.
    private func loaded(_ name: String = "one") async throws -> Lab {
        let lab = try await folder.make(name, seed: 3, listen: nil)
        try await lab.store.replace(with: document, facts: folder.originFacts(of: lab))
        try await folder.keepOrigin(of: lab)
        return lab
    }

    private static let empty = RegistryDocument(devices: [], licenses: [], tokens: [])
    private static let frozen = LabClock.Setting(mode: .frozen, seconds: 1_800_000_000)

    @Test func `a lab keeps its seed, its clock and its listener`() async throws {
        let listener = try #require(LabListener("127.0.0.1:0"))
        let lab = try await folder.make("one", seed: 3, listen: listener)
        try await lab.setClock(to: Self.frozen, certificates: .lab)
        try await lab.keep(listener.listening(at: try #require(LabListener("127.0.0.1:4711")).address))
        lab.store.close()

        let again = try await folder.open("one")
        defer { again.store.close() }
        #expect(again.chance.seed == 3)
        #expect(again.clock.setting == Self.frozen)
        #expect(again.clock.certificates == .lab)
        #expect(try again.ownListener()?.port == 4711)
        #expect(folder.names == ["one"])
    }

    @Test func `a lab without a seed of its own has the folder's, until it is given one`() async throws {
        let lab = try await folder.open("one")
        #expect(lab.chance.seed == 7)
        lab.store.close()
        try await folder.open("one", seed: 9).store.close()
        let again = try await folder.open("one")
        defer { again.store.close() }
        #expect(again.chance.seed == 9)
    }

    @Test func `a name is a lab's once, and no path`() async throws {
        let lab = try await folder.make("one", seed: 3, listen: nil)
        defer { lab.store.close() }
        for name in ["one", "", ".one", "One", "a/b", String(repeating: "a", count: 64)] {
            await #expect(throws: LabFolderError.self) { _ = try await folder.make(name, seed: 3, listen: nil) }
        }
        #expect(LabFolder.isSnapshotName("Before-1.2"))
        #expect(!LabFolder.isSnapshotName("../one"))
    }

    @Test func `a snapshot brings rows and clock back, and neither listener nor scenario`() async throws {
        let lab = try await loaded()
        defer { lab.store.close() }
        try await lab.setClock(to: Self.frozen, certificates: .host)
        try await folder.beginScenario("then", in: lab)
        let made = try await folder.makeSnapshot("kept", of: lab)
        try await folder.endScenario(in: lab)

        let listener = try #require(LabListener("127.0.0.1:4711"))
        try await lab.keep(listener)
        try await lab.setClock(to: .host, certificates: .host)
        try await lab.store.replace(with: Self.empty, facts: [:])
        try await folder.restore("kept", of: lab)
        #expect(try lab.store.export() == document)
        #expect(lab.clock.setting == Self.frozen)
        #expect(try lab.ownListener() == listener)
        #expect(try lab.runningScenario() == nil)

        #expect(folder.snapshots(of: lab) == [made])
        try folder.removeSnapshot("kept", of: lab)
        #expect(folder.snapshots(of: lab).isEmpty)
        await #expect(throws: LabFolderError.self) { try await folder.restore("kept", of: lab) }
    }

    @Test func `a reset comes back to the first document, whatever was loaded since`() async throws {
        let lab = try await loaded()
        defer { lab.store.close() }
        try await lab.setClock(to: Self.frozen, certificates: .lab)
        try await lab.store.replace(with: Self.empty, facts: folder.originFacts(of: lab))
        try await folder.keepOrigin(of: lab)
        try await folder.reset(lab)
        #expect(try lab.store.export() == document)
        #expect(lab.clock.setting == .host)
        #expect(lab.clock.certificates == .host)
    }

    @Test func `a scenario ends with the lab as it was, once`() async throws {
        let lab = try await loaded()
        defer { lab.store.close() }
        try await folder.beginScenario("outage", in: lab)
        #expect(try lab.runningScenario() == "outage")
        try await lab.store.replace(with: Self.empty, facts: [:])
        try await folder.endScenario(in: lab)
        #expect(try lab.store.export() == document)
        #expect(try lab.runningScenario() == nil)
        await #expect(throws: StoreError.self) { try await folder.endScenario(in: lab) }
    }

    @Test func `a sweep removes what a kill left, and nothing else`() async throws {
        let lab = try await loaded()
        _ = try await folder.makeSnapshot("kept", of: lab)
        lab.store.close()
        let before = try files()
        for name in [".two.new", ".two.removed"] {
            try FileManager.default.createDirectory(
                atPath: temporary.path(of: name),
                withIntermediateDirectories: false
            )
        }
        for name in ["one/origin.sqlite.1.new", "one/snapshots/kept.sqlite.1.new"] {
            try temporary.write("half", to: name)
        }
        folder.sweep()
        #expect(try files() == before)
        try folder.remove("one")
        #expect(temporary.names.isEmpty)
    }

    private func files() throws -> Set<String> {
        Set(try FileManager.default.subpathsOfDirectory(atPath: temporary.path))
    }
}
