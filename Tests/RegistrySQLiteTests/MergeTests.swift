import Documents
import Registry
import RegistrySQLite
import SoftToken
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct Merges {
    let workspace: Workspace
    let sample: Sample
    let store: SQLiteStore

    init() async throws {
        workspace = try Workspace()
        sample = try Sample()
        store = try SQLiteStore.open(path: workspace.path)
        try await store.load(sample.registry.document)
    }

    private func merge(_ text: String) async throws -> MergeOutcome {
        try await store.merge(DocumentDraft.read(text), sample.context.chance)
    }

    @Test func `what is listed joins what is there`() async throws {
        let outcome = try await merge(
            """
            devices: [{ serial: FG-D, registered: true }]
            licenses:
              - { number: EFTM000000000008, code: 8888-8888-8888-8888-8888, size: 3, owner: FG-D, cluster: [FG-A, FG-D] }
            tokens: [{ serial: FTKMOB00000000F1, license: EFTM000000000008 }]
            """
        )
        #expect(outcome == .merged(RegistryCounts(devices: 5, licenses: 4, tokens: 9)))
        let after = try store.export()
        #expect(sample.registry.document.devices.allSatisfy { after.devices.contains($0) })
        #expect(sample.registry.document.licenses.allSatisfy { after.licenses.contains($0) })
        #expect(sample.registry.document.tokens.allSatisfy { after.tokens.contains($0) })
        let license = try #require(after.licenses.first { $0.number.description == "EFTM000000000008" })
        #expect(license.cluster == [sample.a, try serial("FG-D")])
        #expect(after.tokens.filter { $0.license == license.number }.count == 3, "the others are made up")
        #expect(try store.makeBrowser().counts() == RegistryCounts(devices: 5, licenses: 4, tokens: 9))
    }

    @Test func `what is listed replaces what is there, and only that`() async throws {
        let loop = try Loop(store)
        let tokens = sample.tokens(sample.pair)
        let poll = PollingRequest(header: sample.header(sample.a), tokens: tokens.map { .token($0) })
        _ = try await loop.poll(poll, sample.context)
        let outcome = try await merge(
            """
            devices: [{ serial: FG-B, registered: false, model: x }]
            licenses: [{ number: EFTM000000000002, code: 2222-2222-2222-2222-2222, size: 3, owner: FG-C }]
            tokens: [{ serial: \(tokens[0]), license: EFTM000000000002, locked: true }]
            """
        )
        #expect(outcome == .merged(RegistryCounts(devices: 4, licenses: 3, tokens: 7)))
        let after = try store.export()
        #expect(after.devices.map(\.isRegistered) == [true, false, true, false])
        #expect(after.licenses.first { $0.number == sample.pair.number }?.owner == sample.c)
        #expect(after.tokens.filter { $0.license == sample.pair.number }.count == 3)
        #expect(after.tokens.filter(\.isLocked).map(\.serial) == [tokens[0]])
        #expect(try await loop.poll(poll, sample.context).outcome.states == [nil, nil])
    }

    @Test func `an export merged into its own registry changes nothing`() async throws {
        let loop = try Loop(store)
        let entries = try sample.tokens(sample.pair).map { try sample.order($0) }
        _ = try await loop.provision(
            ProvisionRequest(header: sample.header(sample.a), tokens: entries),
            sample.context
        )
        let before = try store.export()
        let commits = store.metrics.commits
        guard case .merged = try await merge(before.text(as: .json, now: 0)) else {
            Issue.record("the export was refused")
            return
        }
        #expect(try store.export() == before)
        #expect(store.metrics.commits == commits)
    }

    @Test func `two entries may exchange what has to be unique`() async throws {
        let loop = try Loop(store)
        let tokens = sample.tokens(sample.pair)
        let order = ProvisionRequest(
            header: sample.header(sample.a),
            tokens: try tokens.map { try sample.order($0) }
        )
        _ = try await loop.provision(order, sample.context)
        let before = try store.export()
        let codes = before.tokens.compactMap { $0.provisioning?.code }
        func entry(_ token: TokenSerial, _ code: ActivationCode) -> String {
            """
            { serial: \(token), license: EFTM000000000002, seed: \(String(repeating: "B", count: 40)),
              activationCode: \(String(decoding: code.base32, as: UTF8.self)), activationExpires: 2030-01-01T00:00:00Z }
            """
        }
        let outcome = try await merge(
            """
            licenses:
              - { number: EFTM000000000001, code: 2222-2222-2222-2222-2222, size: 3 }
              - { number: EFTM000000000002, code: 1111-1111-1111-1111-1111, size: 2, owner: FG-A }
            tokens: [\(entry(tokens[0], codes[1])), \(entry(tokens[1], codes[0]))]
            """
        )
        #expect(outcome == .merged(RegistryCounts(devices: 4, licenses: 3, tokens: 6)))
        let after = try store.export()
        #expect(after.licenses.prefix(2).map(\.code) == [sample.pair.code, sample.new.code])
        #expect(after.tokens.compactMap { $0.provisioning?.code } == codes.reversed())
    }

    static let refusals: [(text: String, path: String, reason: String)] = [
        (
            "licenses: [{ number: EFTM000000000009, code: 2222-2222-2222-2222-2222, size: 1 }]", "licenses[0].code",
            "another license has the same"
        ),
        (
            "licenses: [{ number: EFTM000000000009, code: 9999-2222-2222-2222-2222, size: 1, owner: FG-X }]",
            "licenses[0].owner", "FG-X is no listed device, nor is it in the registry"
        ),
        (
            "licenses: [{ number: EFTM000000000001, code: 1111-1111-1111-1111-1111, size: 2 }]", "licenses[0].size",
            "EFTM000000000001 has 3 tokens already"
        ),
        (
            "tokens: [{ serial: FTKMOB00000000F1, license: EFTM000000000001 }]", "tokens[0].license",
            "is of size 3, and this is one token more"
        ),
        (
            "tokens: [{ serial: FTKMOB00000000F1, license: EFTM000000000009 }]", "tokens[0].license",
            "no listed license, nor is it in the registry"
        ),
        (
            """
            licenses: [{ number: EFTM000000000009, code: 9999-2222-2222-2222-2222, size: 1 }]
            tokens: [{ serial: FTKMOB00000000A0, license: EFTM000000000009 }]
            """, "tokens[0].license", "is a token of EFTM000000000001"
        ),
        (
            """
            licenses:
              - { number: FTMTRIAL00000001, owner: FG-A }
              - { number: FTMTRIAL00000002, owner: FG-A }
            """, "licenses[1].owner", "FG-A has two trials"
        ),
    ]

    @Test(arguments: refusals)
    func `a merge that leaves a contradiction is refused whole`(text: String, path: String, reason: String) async throws
    {
        let device = "devices: [{ serial: FG-Z }]\n"
        let before = store.metrics
        guard case .refused(let error) = try await merge(device + text) else {
            Issue.record("\(text) was merged")
            return
        }
        #expect(error.path == path)
        #expect(error.line != nil)
        #expect(error.reason.contains(reason), "\(error)")
        #expect(store.metrics == before)
        #expect(try store.export() == sample.registry.document)
    }

    @Test func `a claim or a trial that another entry of the registry has is refused`() async throws {
        let loop = try Loop(store)
        let tokens = sample.tokens(sample.pair)
        let order = ProvisionRequest(header: sample.header(sample.a), tokens: [try sample.order(tokens[0])])
        let code = try #require(try await loop.provision(order, sample.context).outcome.codes.first)
        _ = try await loop.activate(
            ActivationLicenseRequest(header: sample.header(sample.a), code: .trial),
            sample.context
        )
        let claim = try await merge(
            """
            tokens:
              - serial: \(tokens[1])
                license: EFTM000000000002
                seed: \(String(repeating: "B", count: 40))
                activationCode: \(String(decoding: code.base32, as: UTF8.self))
                activationExpires: 2030-01-01T00:00:00Z
            """
        )
        #expect(
            claim
                == .refused(
                    DocumentError(
                        path: "tokens[0].activationCode",
                        line: 5,
                        reason: "another token has the same"
                    )
                    .asContradiction
                )
        )
        let trial = try await merge("licenses: [{ number: FTMTRIAL00000001, owner: FG-A }]")
        #expect(
            trial
                == .refused(
                    DocumentError(
                        path: "licenses[0].owner",
                        line: 1,
                        reason: "FG-A has two trials"
                    )
                    .asContradiction
                )
        )
    }
}
