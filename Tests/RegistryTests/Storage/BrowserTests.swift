import SoftToken
import Testing

@testable import Registry

/// Pages, names like a wrong one, and the streamed export.
@Suite("Browsing", .timeLimit(.minutes(1))) struct BrowserTests {
    let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private func store(_ document: RegistryDocument) async throws -> RegistryStore {
        let store = try RegistryStore.open(path: workspace.path)
        try await store.load(document)
        return store
    }

    @Test func `pages of any size hold everything once, in order`() async throws {
        let document = try Sample().registry.document
        let browser = try await store(document).makeBrowser()
        for limit in 1...5 {
            var devices: [Device] = []
            while true {
                let page = try browser.devices(after: devices.last?.serial, limit: limit)
                devices += page
                if page.count < limit { break }
            }
            #expect(devices == document.devices)
            var licenses: [License] = []
            while true {
                let page = try browser.licenses(after: licenses.last?.number, limit: limit)
                licenses += page
                if page.count < limit { break }
            }
            #expect(licenses == document.licenses)
            var tokens: [Token] = []
            while true {
                let page = try browser.tokens(after: tokens.last?.serial, limit: limit, now: 0)
                tokens += page
                if page.count < limit { break }
            }
            #expect(tokens == document.tokens.sorted { $0.serial < $1.serial })
        }
        #expect(try browser.counts() == .init(devices: 4, licenses: 3, tokens: 6))
    }

    @Test func `filters narrow a page, and a state is what the rules make of it`() async throws {
        var sample = try Sample()
        let pair = sample.tokens(sample.pair)
        _ = sample.provision([try sample.order(pair[0]), try sample.order(pair[1])], by: sample.a)
        _ = sample.operate(.lock(sample.tokens(sample.peer)[0]))
        _ = sample.operate(.transferLicense(sample.pair.number, to: sample.c, graceSeconds: 7200))
        let claim = try #require(sample.registry.tokens[pair[0]]?.provisioning?.code.claim)
        _ = sample.claim(claim, phone: "P")
        let browser = try await store(sample.registry.document).makeBrowser()
        #expect(try browser.devices(after: nil, limit: 9, registered: false).map(\.serial) == [sample.u])
        #expect(try browser.licenses(after: nil, limit: 9, owner: sample.c).map(\.number) == [sample.pair.number])
        #expect(try browser.licenses(ownedBy: sample.c) == [sample.pair.number])
        // Pending and provisioned, then expired, then lapsed.
        for later in [0, 3600, 7200] as [Int64] {
            let now = sample.context.now + later
            var found = 0
            for state in TokenState.allCases {
                let page = try browser.tokens(after: nil, limit: 9, state: state, now: now)
                let expected = sample.registry.tokens.values.filter { $0.state(at: now) == state }.map(\.serial)
                    .sorted()
                #expect(page.map(\.serial) == expected, "\(state) after \(later)")
                found += page.count
            }
            #expect(found == sample.registry.tokens.count)
        }
        let both = try browser.tokens(
            after: nil,
            limit: 9,
            license: sample.pair.number,
            state: .pending,
            now: sample.context.now
        )
        #expect(both.map(\.serial) == [pair[1]])
    }

    @Test func `names like a wrong one are found`() async throws {
        let browser = try await store(try Sample().registry.document).makeBrowser()
        #expect(try browser.names(near: "EFTM000000000009", of: .licenses).count == 3)
        #expect(try browser.names(near: "EFTM00000000002", of: .licenses).first == "EFTM000000000002")
        #expect(try browser.names(near: "FG-Q", of: .devices).count == 3)
        #expect(try browser.names(near: "SOMETHING-ELSE", of: .devices).isEmpty)
    }

    @Test func `an export in pieces is the document, byte for byte`() async throws {
        var random = SplitMix(seed: 7)
        for _ in 0..<10 {
            let workspace = try Workspace()
            let document = try DocumentGenerator.document(&random)
            let store = try RegistryStore.open(path: workspace.path)
            try await store.load(document)
            for (format, whole) in [
                (RegistryDocument.Format.json, document.json(now: 5)), (.yaml, document.yaml(now: 5)),
            ] {
                let export = try store.makeExport(format, now: 5)
                var bytes: [UInt8] = []
                while try export.next(into: &bytes) {}
                #expect(String(decoding: bytes, as: UTF8.self) == whole)
            }
        }
    }

    @Test func `an export is one state, whatever is written meanwhile`() async throws {
        let sample = try Sample()
        let store = try await store(sample.registry.document)
        for index in 0..<1_200 {
            let device = Device(serial: try serial("FG-\(index)"), isRegistered: true)
            _ = try await store.perform(.addDevice(device), sample.context)
        }
        let whole = try store.export().json(now: 0)
        let export = try store.makeExport(.json, now: 0)
        var bytes: [UInt8] = []
        var pieces = 1
        while try export.next(into: &bytes) {
            pieces += 1
            _ = try await store.perform(.removeLicense(sample.new.number), sample.context)
        }
        #expect(pieces > 3)
        #expect(String(decoding: bytes, as: UTF8.self) == whole)
    }
}
