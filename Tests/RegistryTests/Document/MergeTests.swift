import SoftToken
import Testing

@testable import Registry

/// Parts of a registry merged into one, over dictionaries and in a file.
@Suite("Merging", .timeLimit(.minutes(1))) struct MergeTests {
    private func merged(_ text: String, into registry: MemoryRegistry) throws -> Result<MemoryRegistry, DocumentError> {
        let draft = try RegistryDocument.readPart(text)
        return draft.changes(in: registry, Chance(seed: 1))
            .map { changes in
                var registry = registry
                registry.make(changes)
                return registry
            }
    }

    @Test func `what is listed replaces or joins what is there, and the rest stays`() throws {
        let sample = try Sample()
        let text = """
            devices:
              - { serial: FG-A, registered: false, model: old }
              - { serial: FG-N, registered: true }
            licenses:
              - { number: EFTM000000000001, code: 1111-1111-1111-1111-1111, size: 4, owner: FG-N }
              - { number: EFTM000000000009, code: 9999-9999-9999-9999-9999, size: 2, owner: FG-B }
            tokens:
              - { serial: FTKMOB00000000FF, license: EFTM000000000009 }
            """
        let after = try merged(text, into: sample.registry).get()
        #expect(after.devices[sample.a] == Device(serial: sample.a, isRegistered: false, model: "old"))
        #expect(after.devices.count == 5)
        let replaced = try #require(after.licenses[sample.new.number])
        let owner = try serial("FG-N")
        #expect(replaced.size == 4 && replaced.owner == owner && replaced.validUntil == nil)
        #expect(after.tokenSerials(of: sample.new.number).count == 4, "made up to its size")
        #expect(after.tokenSerials(of: sample.new.number).prefix(3).elementsEqual(sample.tokens(sample.new)))
        let added = try number("EFTM000000000009")
        #expect(after.tokenSerials(of: added).count == 2)
        #expect(after.licenses[sample.pair.number] == sample.pair)
        // The result is a document that loads.
        let document = try RegistryDocument.read(after.document.yaml(now: 0), chance: Chance(seed: 1))
        #expect(document == after.document)
    }

    @Test(
        arguments: [
            (
                "licenses: [{ number: EFTM000000000009, code: 1111-1111-1111-1111-1111, size: 1 }]", "licenses[0]",
                "same code"
            ),
            (
                "licenses: [{ number: EFTM000000000002, code: 2222-2222-2222-2222-2222, size: 1 }]", "licenses[0]",
                "2 tokens"
            ),
            (
                "licenses: [{ number: EFTM000000000009, code: 9999-9999-9999-9999-9999, size: 1, owner: FG-Q }]",
                "licenses[0]", "FG-Q is no device"
            ),
            ("tokens: [{ serial: FTKMOB00000000FF, license: EFTM000000000009 }]", "tokens[0]", "is no license"),
            ("tokens: [{ serial: FTKMOB00000000FF, license: EFTM000000000002 }]", "tokens", "3 tokens"),
            (
                "tokens: [{ serial: FTKMOB00000000A0, license: EFTM000000000002 }]", "tokens[0]",
                "is a token of EFTM000000000001"
            ),
        ]
    )
    func `what does not fit is refused by its place, and nothing is changed`(
        text: String,
        path: String,
        words: String
    ) async throws {
        let sample = try Sample()
        guard case .failure(let error) = try merged(text, into: sample.registry) else {
            Issue.record("merged")
            return
        }
        #expect(error.path == path)
        #expect(error.reason.contains(words), "\(error)")
        let workspace = try Workspace()
        let store = try RegistryStore.open(path: workspace.path)
        try await store.load(sample.registry.document)
        let outcome = try await store.merge(try RegistryDocument.readPart(text), chance: Chance(seed: 1))
        #expect(outcome == .refused(error))
        #expect(try store.export() == sample.registry.document)
    }

    @Test func `a second trial of a unit is refused`() throws {
        var sample = try Sample()
        _ = try sample.activate(.trial, by: sample.a)
        let text = "licenses: [{ number: FTMTRIAL00000001, size: 2, owner: FG-A }]"
        guard case .failure(let error) = try merged(text, into: sample.registry) else {
            Issue.record("merged")
            return
        }
        #expect(error.reason.contains("has a trial already"))
    }

    @Test func `a file merges as dictionaries do, and an export merged into itself changes nothing`() async throws {
        var random = SplitMix(seed: 3)
        for _ in 0..<10 {
            let (base, part) = (try DocumentGenerator.document(&random), try DocumentGenerator.document(&random))
            let workspace = try Workspace()
            let store = try RegistryStore.open(path: workspace.path)
            try await store.load(base)
            #expect(
                try await store.merge(RegistryDocument.readPart(base.json(now: 0)), chance: Chance(seed: 1)) == .merged
            )
            #expect(try store.export() == base)
            let text = part.yaml(now: 0)
            let outcome = try await store.merge(try RegistryDocument.readPart(text), chance: Chance(seed: 1))
            switch try merged(text, into: MemoryRegistry(base)) {
            case .success(let registry):
                #expect(outcome == .merged)
                #expect(try store.export() == registry.document)
            case .failure(let error): #expect(outcome == .refused(error))
            }
        }
    }

    @Test func `a registry is replaced whole, facts aside`() async throws {
        let workspace = try Workspace()
        let store = try RegistryStore.open(path: workspace.path)
        try await store.load(try Sample().registry.document)
        try await store.setFact("clock", "kept")
        var random = SplitMix(seed: 9)
        let other = try DocumentGenerator.document(&random)
        try await store.replace(with: other)
        #expect(try store.export() == other)
        #expect(try store.fact("clock") == "kept")
    }
}
