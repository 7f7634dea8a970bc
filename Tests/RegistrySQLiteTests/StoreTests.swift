import Foundation
import Registry
import RegistrySQLite
import SoftToken
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct Store {
    let workspace: Workspace
    let sample: Sample

    init() throws {
        workspace = try Workspace()
        sample = try Sample()
    }

    private func loaded() async throws -> SQLiteStore {
        let store = try SQLiteStore.open(path: workspace.path)
        try await store.load(sample.registry.document)
        return store
    }

    private func provision(_ token: TokenSerial, seed digit: Character = "A") throws -> ProvisionRequest {
        ProvisionRequest(header: sample.header(sample.a), tokens: [try sample.order(token, seed: digit)])
    }

    @Test func `a new file is empty, private, and takes a document once`() async throws {
        let store = try SQLiteStore.open(path: workspace.path)
        #expect(try store.isEmpty)
        #expect(try store.export() == RegistryDocument(devices: [], licenses: [], tokens: []))
        try await store.load(sample.registry.document)
        #expect(try !store.isEmpty)
        #expect(try store.export() == sample.registry.document)
        for name in ["registry.sqlite", "registry.sqlite-wal", "registry.sqlite-shm", "registry.sqlite.lock"] {
            #expect(try workspace.mode(name) == 0o600, "\(name)")
        }
        await #expect(throws: StoreError.self) { try await store.load(sample.registry.document) }
        #expect(try store.export() == sample.registry.document)
    }

    @Test func `what was answered is there when the file is opened again`() async throws {
        let store = try await loaded()
        let loop = try Loop(store)
        let tokens = sample.tokens(sample.pair)
        let provisioned = try await loop.provision(provision(tokens[0]), sample.context)
        let code = try #require(provisioned.outcome.codes.first)
        let claim = MobileProvisionRequest(mobileID: "phone", claim: code.claim, registrationID: "id")
        #expect(
            try await loop.claim(claim, sample.context).outcome == .granted(token: tokens[0], seed: try seed())
        )
        let activation = ActivationLicenseRequest(
            header: sample.header(sample.a, [sample.b]),
            code: try #require(sample.new.code)
        )
        _ = try await loop.activate(activation, sample.context)
        let trial = ActivationLicenseRequest(header: sample.header(sample.c), code: .trial)
        _ = try await loop.activate(trial, sample.context)
        let before = try store.export()
        store.close()

        let reopened = try SQLiteStore.open(path: workspace.path)
        #expect(try reopened.export() == before)
        let stored = try #require(before.tokens.first { $0.serial == tokens[0] })
        #expect(stored.provisioning?.phone == Token.Phone(mobileID: "phone", registrationID: "id"))
        #expect(before.licenses.first { $0.number == sample.new.number }?.cluster == [sample.a, sample.b])
        #expect(before.licenses.contains { $0.owner == sample.c && $0.number.isTrial })

        let next = try await Loop(reopened).provision(provision(tokens[1]), sample.context)
        #expect(
            next.outcome.codes.map(\.claim) == [sample.context.chance.draw(.activationCodes, 1)],
            "chance goes on where it stopped"
        )
    }

    @Test func `a store answers as the rules do, request by request`() async throws {
        var sample = sample
        let store = try await loaded()
        defer { store.close() }
        let loop = try Loop(store)
        var random = SeededRandom(seed: 5)
        let units = [sample.a, sample.b, sample.c, sample.u]
        let tokens = sample.registry.tokens.keys.sorted()
        for step in 0..<200 {
            let unit = try #require(units.randomElement(using: &random))
            let list = units.filter { _ in Bool.random(using: &random) }
            sample.context.now += 600
            switch step % 4 {
            case 0:
                let code = [sample.new.code, sample.pair.code, .trial].randomElement(using: &random) ?? nil
                let request = ActivationLicenseRequest(
                    header: sample.header(unit, list),
                    code: try #require(code)
                )
                let ruling = try await loop.activate(request, sample.context)
                #expect(try sample.activate(code, by: unit, with: list) == ruling, "step \(step)")
            case 1:
                let entries = try tokens.filter { _ in Bool.random(using: &random) }.map { try sample.order($0) }
                let request = ProvisionRequest(header: sample.header(unit, list), tokens: entries)
                let ruling = try await loop.provision(request, sample.context)
                #expect(sample.provision(entries, by: unit, with: list) == ruling, "step \(step)")
            case 2:
                let request = PollingRequest(
                    header: sample.header(unit, list),
                    tokens: tokens.map { .token($0) }
                )
                let ruling = try await loop.poll(request, sample.context)
                #expect(sample.poll(tokens, by: unit, with: list) == ruling, "step \(step)")
            default:
                let token = tokens.randomElement(using: &random)
                let claim = token.flatMap { sample.registry.tokens[$0]?.provisioning?.code.claim }
                let request = MobileProvisionRequest(mobileID: "\(unit)", claim: claim)
                let ruling = try await loop.claim(request, sample.context)
                #expect(sample.claim(claim, phone: "\(unit)") == ruling, "step \(step)")
            }
        }
    }

    @Test func `jobs that are handed over together share one commit`() async throws {
        let store = try await loaded()
        let loop = try Loop(store, flushing: false)
        let before = store.metrics
        let tokens = sample.tokens(sample.pair)
        let jobs = 50
        try await withThrowingTaskGroup { group in
            for index in 0..<jobs {
                let request = try provision(tokens[index % 2])
                group.addTask { _ = try await loop.provision(request, sample.context) }
            }
            // The loop's turn ends once all of them are collected.
            while await loop.pendingJobs < jobs { await Task.yield() }
            await loop.flush()
            try await group.waitForAll()
        }
        #expect(store.metrics.commits == before.commits + 1)
        #expect(store.metrics.committedJobs == before.committedJobs + UInt64(jobs))
        #expect(await loop.asked == 1, "a turn asks for one flush")
    }

    @Test func `a batch that changes nothing commits nothing`() async throws {
        let store = try await loaded()
        let loop = try Loop(store)
        let before = store.metrics
        let ruling = try await loop.provision(provision(sample.tokens(sample.peer)[0]), sample.context)
        #expect(ruling.outcome.refusal == .noValidToken)
        #expect(store.metrics == before)
    }

    @Test func `a closed store fails what is handed over, and can be closed twice`() async throws {
        let store = try await loaded()
        let loop = try Loop(store)
        store.close()
        store.close()
        let request = try provision(sample.tokens(sample.pair)[0])
        let error = await #expect(throws: StoreError.self) { try await loop.provision(request, sample.context) }
        #expect(error?.kind == .closed)
    }

    @Test func `a second store can't open the file until the first is closed`() async throws {
        let store = try await loaded()
        let error = #expect(throws: StoreError.self) { try SQLiteStore.open(path: workspace.path) }
        #expect(error?.kind == .inUse)
        store.close()
        #expect(try SQLiteStore.open(path: workspace.path).export() == sample.registry.document)
    }
}
