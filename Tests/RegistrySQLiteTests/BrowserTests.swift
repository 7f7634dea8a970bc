import Documents
import Registry
import RegistrySQLite
import SoftToken
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct Browsers {
    let workspace: Workspace
    let sample: Sample
    let store: SQLiteStore

    init() async throws {
        workspace = try Workspace()
        sample = try Sample()
        store = try SQLiteStore.open(path: workspace.path)
        try await store.load(sample.registry.document)
    }

    /// Every item of a list, page by page.
    private func all<Item, Key>(_ page: (Key?) throws -> RegistryPage<Item, Key>) throws -> (items: [Item], pages: Int)
    {
        var items: [Item] = []
        var after: Key?
        var pages = 0
        repeat {
            let next = try page(after)
            items += next.items
            after = next.next
            pages += 1
        } while after != nil
        return (items, pages)
    }

    @Test(arguments: 1...5)
    func `pages of any size hold each row once, in order`(limit: Int) throws {
        let browser = try store.makeBrowser()
        let document = sample.registry.document
        let devices = try all { try browser.devices(after: $0, limit: limit) }
        #expect(devices.items == document.devices)
        #expect(devices.pages == (document.devices.count + limit - 1) / limit, "no page is empty")
        #expect(try all { try browser.licenses(after: $0, limit: limit) }.items == document.licenses)
        let tokens = try all { try browser.tokens(after: $0, limit: limit, now: 0) }
        #expect(tokens.items.map(\.serial) == document.tokens.map(\.serial).sorted())
    }

    @Test func `lists are filtered`() async throws {
        let browser = try store.makeBrowser()
        #expect(try browser.devices(limit: 9, registered: false).items.map(\.serial) == [sample.u])
        #expect(
            try browser.devices(limit: 9, registered: true).items.map(\.serial) == [sample.a, sample.b, sample.c]
        )
        #expect(try browser.licenses(limit: 9, owner: sample.a).items == [sample.pair])
        #expect(try browser.licenses(limit: 9, owner: sample.c).items.isEmpty)
        let tokens = sample.tokens(sample.pair)
        #expect(try browser.tokens(limit: 9, license: sample.pair.number, now: 0).items.map(\.serial) == tokens)
        _ = try await store.perform(.lock(tokens[1]), sample.context)
        #expect(try browser.tokens(limit: 9, state: .locked, now: 0).items.map(\.serial) == [tokens[1]])
        let free = try all { try browser.tokens(after: $0, limit: 2, state: .available, now: 0) }
        #expect(free.items.map(\.serial) == sample.registry.tokens.keys.sorted().filter { $0 != tokens[1] })
        #expect(
            try browser.tokens(limit: 9, license: sample.pair.number, state: .available, now: 0).items.map(\.serial)
                == [tokens[0]]
        )
    }

    @Test func `a state that few tokens have is found in bounded steps`() async throws {
        guard
            case .license(_, let tokens) = try await store.perform(
                .issueLicense(LicenseDraft(size: 25_000)),
                sample.context
            )
        else {
            Issue.record("the license was refused")
            return
        }
        let last = try #require(tokens.last)
        _ = try await store.perform(.lock(last), sample.context)
        let browser = try store.makeBrowser()
        let first = try browser.tokens(limit: 100, state: .locked, now: 0)
        #expect(first.items.isEmpty)
        #expect(first.next != nil, "a page that ended early has a next one")
        let found = try all { try browser.tokens(after: $0, limit: 100, state: .locked, now: 0) }
        #expect(found.items.map(\.serial) == [last])
        #expect(found.pages == 3)
    }

    @Test func `single rows are found, and what a commit made of them`() async throws {
        let browser = try store.makeBrowser()
        #expect(try browser.device(sample.a)?.licenses == [sample.pair.number])
        #expect(try browser.device(sample.unknown) == nil)
        #expect(try browser.license(sample.pair.number) == sample.pair)
        #expect(try browser.counts() == RegistryCounts(devices: 4, licenses: 3, tokens: 6))
        let token = sample.tokens(sample.pair)[0]
        _ = try await store.perform(.lock(token), sample.context)
        #expect(try browser.token(token)?.isLocked == true)
        _ = try await store.perform(.removeLicense(sample.pair.number), sample.context)
        #expect(try browser.license(sample.pair.number) == nil)
        #expect(try browser.counts() == RegistryCounts(devices: 4, licenses: 2, tokens: 4))
    }

    @Test func `a name that is nearly right finds the right one`() async throws {
        for name in ["FGT60FTK20000001", "FGT60FTK20000002", "FGT60FTK20000011", "FAC-VM0000000001"] {
            let device = Device(serial: try serial(name), isRegistered: true)
            _ = try await store.perform(.addDevice(device), sample.context)
        }
        let browser = try store.makeBrowser()
        let near = try browser.names(near: "fgt60ftk2000001", of: .device)
        #expect(near.prefix(2) == ["FGT60FTK20000001", "FGT60FTK20000011"])
        #expect(near.count == 3, "at most three")
        #expect(try browser.names(near: "FGT60FTK20000OO2", of: .device).first == "FGT60FTK20000002")
        #expect(try browser.names(near: "FAC", of: .device) == ["FAC-VM0000000001"])
        #expect(try browser.names(near: "EFTM000000000O02", of: .license).first == "EFTM000000000002")
        #expect(try browser.names(near: "FTKMOB00000000A9", of: .token).count == 3)
        for text in ["", "X", "ZZZZZZZZZZZZZZZZ", String(repeating: "é", count: 1_000)] {
            #expect(try browser.names(near: text, of: .device).isEmpty, "\(text)")
        }
    }

    @Test(arguments: 0..<6 as Range<UInt64>, DocumentFormat.allCases)
    func `an export in pieces is the document byte for byte`(seed: UInt64, format: DocumentFormat) async throws {
        var random = SeededRandom(seed: seed)
        let document =
            seed == 0
            ? RegistryDocument(devices: [], licenses: [], tokens: []) : try RegistryGenerator.document(&random)
        try await store.replace(with: document)
        let now = Int64.random(in: 0...4_000_000_000, using: &random)
        let export = try store.makeExport(as: format, now: now)
        var bytes: [UInt8] = []
        while try export.next(into: &bytes) {}
        #expect(String(decoding: bytes, as: UTF8.self) == document.text(as: format, now: now))
        #expect(try !export.next(into: &bytes), "an end stays one")
    }

    @Test func `an export is one state, whatever is committed between its pieces`() async throws {
        _ = try await store.perform(.issueLicense(LicenseDraft(size: 2_000)), sample.context)
        let before = try store.export()
        let export = try store.makeExport(as: .json, now: 0)
        var bytes: [UInt8] = []
        var pieces = 0
        while try export.next(into: &bytes) {
            pieces += 1
            if pieces == 1 { try await store.replace(with: sample.registry.document) }
        }
        #expect(pieces > 3)
        #expect(String(decoding: bytes, as: UTF8.self) == before.text(as: .json, now: 0))
        #expect(try store.export() == sample.registry.document)
    }
}
