import Registry
import RegistrySQLite
import SoftToken
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct Sessions {
    let workspace: Workspace
    let sample: Sample
    let store: SQLiteStore

    init() async throws {
        workspace = try Workspace()
        sample = try Sample()
        store = try SQLiteStore.open(path: workspace.path)
        try await store.load(sample.registry.document)
    }

    private func state(_ token: TokenSerial, on loop: Loop) async throws -> TokenState? {
        let request = PollingRequest(header: sample.header(sample.a), tokens: [.token(token)])
        guard case .found(let polled) = try await loop.poll(request, sample.context).outcome.tokens.first else {
            return nil
        }
        return polled.state
    }

    @Test func `a session sees its own change, and so does every other`() async throws {
        let one = try Loop(store)
        let other = try Loop(store)
        let token = sample.tokens(sample.pair)[0]
        for loop in [one, other] {
            #expect(try await state(token, on: loop) == .available)
            #expect(try await state(token, on: loop) == .available, "from the rows that were kept")
        }
        let order = ProvisionRequest(header: sample.header(sample.a), tokens: [try sample.order(token)])
        let code = try #require(try await one.provision(order, sample.context).outcome.codes.first)
        for loop in [one, other] {
            #expect(try await state(token, on: loop) == .pending)
        }
        _ = try await other.claim(MobileProvisionRequest(mobileID: "phone", claim: code.claim), sample.context)
        for loop in [one, other] {
            #expect(try await state(token, on: loop) == .provisioned)
        }
    }

    @Test func `a row that was absent is found once it is there`() async throws {
        let loop = try Loop(store)
        let importing = ActivationLicenseRequest(header: sample.header(sample.a), code: .trial)
        let expected = Rules(sample.registry, sample.context).activate(importing)
        guard case .granted(_, let tokens) = expected.outcome else {
            Issue.record("the trial was refused")
            return
        }
        #expect(try await state(tokens[0], on: loop) == nil)
        #expect(try await loop.activate(importing, sample.context) == expected)
        #expect(try await state(tokens[0], on: loop) == .available)
    }

    @Test func `activating a code again is answered without the writer`() async throws {
        let loop = try Loop(store)
        let request = ActivationLicenseRequest(
            header: sample.header(sample.a, [sample.a, sample.b]),
            code: try #require(sample.pair.code)
        )
        let before = store.metrics
        let ruling = try await loop.activate(request, sample.context)
        #expect(ruling.outcome == .granted(license: sample.pair.number, tokens: sample.tokens(sample.pair)))
        #expect(await loop.asked == 0)
        #expect(store.metrics == before)
    }

    @Test func `one code redeemed by two units at once goes to one of them`() async throws {
        let loops = [try Loop(store), try Loop(store)]
        let units = [sample.a, sample.c]
        let code = try #require(sample.new.code)
        let outcomes = try await withThrowingTaskGroup(of: ActivationOutcome.self) { group in
            for (loop, unit) in zip(loops, units) {
                let request = ActivationLicenseRequest(header: sample.header(unit), code: code)
                group.addTask { try await loop.activate(request, sample.context).outcome }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.filter { $0 == .refused(.licenseOfOtherProduct) }.count == 1)
        let owner = try store.export().licenses.first { $0.number == sample.new.number }?.owner
        #expect(owner == sample.a || owner == sample.c)
    }

    @Test func `four loops that write and read at once lose nothing`() async throws {
        let sample = sample
        let store = store
        let rounds = 100
        let tokens = sample.tokens(sample.pair)
        let claims = try await withThrowingTaskGroup(of: [UInt64].self) { group in
            for index in 0..<4 {
                let loop = try Loop(store)
                group.addTask {
                    var claims: [UInt64] = []
                    for _ in 0..<rounds {
                        let order = try sample.order(tokens[index % 2])
                        let request = ProvisionRequest(header: sample.header(sample.a), tokens: [order])
                        let ruling = try await loop.provision(request, sample.context)
                        claims += ruling.outcome.codes.map(\.claim)
                        #expect(try await state(tokens[index % 2], on: loop) == .pending)
                    }
                    return claims
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(claims).count == 4 * rounds, "every answer had a code of its own")
        #expect(store.metrics.committedJobs >= UInt64(4 * rounds))
        let kept = try store.export().tokens.compactMap { $0.provisioning?.code.claim }
        #expect(kept.count == 2)
        #expect(Set(kept).isSubset(of: claims))
    }

    @Test func `jobs that are handed over after the store closed fail`() async throws {
        let store = store
        let sample = sample
        let request = ProvisionRequest(
            header: sample.header(sample.a),
            tokens: [try sample.order(sample.tokens(sample.pair)[0])]
        )
        let error = await #expect(throws: StoreError.self) {
            let loop = try Loop(store, flushing: false)
            store.close()
            async let ruling = loop.provision(request, sample.context)
            while await loop.asked == 0 { await Task.yield() }
            await loop.flush()
            _ = try await ruling
        }
        #expect(error?.kind == .closed)
    }
}
