import Foundation
import Registry
import RegistrySQLite
import SoftToken
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct StoredOperations {
    let workspace: Workspace
    let sample: Sample
    let store: SQLiteStore

    init() async throws {
        workspace = try Workspace()
        sample = try Sample()
        store = try SQLiteStore.open(path: workspace.path)
        try await store.load(sample.registry.document)
    }

    /// A document over the sample's, with everything a token can have.
    private func other() throws -> RegistryDocument {
        var random = SeededRandom(seed: 3)
        return try RegistryGenerator.document(&random)
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `a store does as the rules do, operation by operation`(seed: UInt64) async throws {
        var sample = sample
        var random = SeededRandom(seed: seed)
        let loop = try Loop(store)
        for step in 0..<60 {
            sample.context.now += 600
            let operation = try OperationGenerator.operation(on: sample, &random)
            let outcome = try await store.perform(operation, sample.context)
            #expect(sample.perform(operation) == outcome, "step \(step): \(operation)")
            let unit = try #require([sample.a, sample.b, sample.c].randomElement(using: &random))
            let tokens = Array(sample.registry.tokens.keys.sorted().prefix(20))
            let request = PollingRequest(header: sample.header(unit), tokens: tokens.map { .token($0) })
            #expect(try await loop.poll(request, sample.context) == sample.poll(tokens, by: unit), "step \(step)")
            let entries = try tokens.prefix(3).map { try sample.order($0) }
            let order = ProvisionRequest(header: sample.header(unit), tokens: entries)
            #expect(
                try await loop.provision(order, sample.context) == sample.provision(entries, by: unit),
                "step \(step)"
            )
        }
        #expect(try store.export() == sample.registry.document)
        store.close()
        #expect(try SQLiteStore.open(path: workspace.path).export() == sample.registry.document)
    }

    @Test func `a refused operation commits nothing`() async throws {
        let before = store.metrics
        #expect(
            try await store.perform(.removeDevice(sample.a), sample.context)
                == .refused(.conflict("device FG-A is named by license EFTM000000000002"))
        )
        #expect(store.metrics == before)
    }

    @Test func `what is asked of a closed store fails`() async throws {
        store.close()
        let draft = try DocumentDraft.read("{}")
        let asked: [@Sendable () async throws -> Void] = [
            { [store, sample] in _ = try await store.perform(.removeDevice(sample.u), sample.context) },
            { [store, sample] in try await store.replace(with: sample.registry.document) },
            { [store, sample] in _ = try await store.merge(draft, sample.context.chance) },
            { [store] in try await store.setFact("clock", nil) }, { [store] in try await store.restore(from: "") },
        ]
        for ask in asked {
            let error = await #expect(throws: StoreError.self) { try await ask() }
            #expect(error?.kind == .closed)
        }
    }

    @Test func `a token that vanished with its license is forgotten by every session`() async throws {
        let loop = try Loop(store)
        let tokens = sample.tokens(sample.pair)
        let poll = PollingRequest(header: sample.header(sample.a), tokens: tokens.map { .token($0) })
        #expect(try await loop.poll(poll, sample.context).outcome.states == [.available, .available])
        let order = ProvisionRequest(header: sample.header(sample.a), tokens: [try sample.order(tokens[0])])
        _ = try await loop.provision(order, sample.context)
        #expect(try await store.perform(.removeLicense(sample.pair.number), sample.context) == .removed)
        #expect(try await loop.poll(poll, sample.context).outcome.states == [nil, nil])
        #expect(try await loop.provision(order, sample.context).outcome.refusals == [.tokenOfOtherProduct])
    }

    @Test func `a registry becomes another document's, and chance starts over`() async throws {
        let loop = try Loop(store)
        let order = ProvisionRequest(
            header: sample.header(sample.a),
            tokens: [try sample.order(sample.tokens(sample.pair)[0])]
        )
        let first = try await loop.provision(order, sample.context).outcome.codes
        try await store.setFact("clock", "frozen")
        let other = try other()
        #expect(
            try await store.replace(with: other)
                == RegistryCounts(
                    devices: other.devices.count,
                    licenses: other.licenses.count,
                    tokens: other.tokens.count
                )
        )
        #expect(try store.export() == other)
        #expect(try await loop.provision(order, sample.context).outcome.refusal == .productNotRegistered)
        try await store.replace(with: sample.registry.document)
        #expect(try await loop.provision(order, sample.context).outcome.codes == first)
        #expect(try store.fact("clock") == "frozen")
    }

    @Test func `a document that can't be kept changes nothing`() async throws {
        let document = sample.registry.document
        let orphan = Token(serial: try token("FTKMOB00000000FF"), license: try number("EFTM000000000099"))
        let loop = try Loop(store)
        let tokens = sample.tokens(sample.pair)
        let poll = PollingRequest(header: sample.header(sample.a), tokens: tokens.map { .token($0) })
        _ = try await loop.poll(poll, sample.context)
        let error = await #expect(throws: StoreError.self) {
            try await store.replace(
                with: RegistryDocument(
                    devices: document.devices,
                    licenses: document.licenses,
                    tokens: document.tokens + [orphan]
                )
            )
        }
        #expect(error?.kind == .conflict)
        #expect(try store.export() == document)
        #expect(try await loop.poll(poll, sample.context).outcome.states == [.available, .available])
        let order = ProvisionRequest(header: sample.header(sample.a), tokens: [try sample.order(tokens[0])])
        #expect(try await loop.provision(order, sample.context).outcome.refusal == nil)
    }

    /// A lab's clock was two facts in two transactions, and its listener followed a restore in a third: a kill or a
    /// full disk in between left half of a change.
    @Test func `facts that belong together, and to a restore, are one transaction`() async throws {
        let snapshot = workspace.path("kept.sqlite")
        try store.snapshot(to: snapshot)
        let before = store.metrics.commits
        try await store.setFacts(["clock": "frozen 7", "certificates": "lab"])
        #expect(store.metrics.commits == before + 1)
        try await store.restore(from: snapshot, facts: ["clock": "running 0", "listen": "127.0.0.1:0"])
        #expect(store.metrics.commits == before + 2)
        #expect(try store.fact("clock") == "running 0")
        #expect(try store.fact("certificates") == nil)
        #expect(try store.fact("listen") == "127.0.0.1:0")
        try await store.replace(with: other(), facts: ["listen": nil, "seed": "7"])
        #expect(store.metrics.commits == before + 3)
        #expect(try store.fact("listen") == nil)
        #expect(try store.fact("seed") == "7")
        #expect(try store.fact("clock") == "running 0")
    }

    @Test func `facts are kept, changed and dropped, and outlive the store`() async throws {
        #expect(try store.fact("clock") == nil)
        try await store.setFact("clock", "running")
        try await store.setFact("clock", "frozen")
        try await store.setFact("seed", "7")
        #expect(try store.fact("clock") == "frozen")
        store.close()
        let reopened = try SQLiteStore.open(path: workspace.path)
        #expect(try reopened.fact("clock") == "frozen")
        try await reopened.setFact("clock", nil)
        #expect(try reopened.fact("clock") == nil)
        #expect(try reopened.fact("seed") == "7")
        #expect(try reopened.export() == sample.registry.document)
    }
}
