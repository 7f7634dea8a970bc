import Foundation
import Glibc
import SoftToken
import Testing

@testable import Registry

/// Copies of a registry, and the way back to one.
@Suite("Snapshots", .timeLimit(.minutes(1))) struct SnapshotTests {
    let workspace: Workspace
    let sample: Sample

    init() throws {
        workspace = try Workspace()
        sample = try Sample()
    }

    private func open() async throws -> RegistryStore {
        let store = try RegistryStore.open(path: workspace.path)
        try await store.load(sample.registry.document)
        return store
    }

    @Test func `a registry comes back as it was kept, facts and draws included, and sessions see it`() async throws {
        let store = try await open()
        let file = workspace.path("kept")
        try await store.setFact("clock", "frozen 7")
        let before = try await store.perform(.issueLicense(LicenseDraft(size: 2)), sample.context)
        guard case .license(let issued, _) = before else {
            Issue.record("not issued")
            return
        }
        try store.snapshot(to: file)
        #expect(try workspace.mode("kept") == 0o600)
        let kept = try store.export()
        let loop = try Loop(store)
        let tokens = sample.tokens(sample.pair)
        _ = try await loop.provision(
            ProvisionRequest(header: sample.header(sample.a), tokens: [try sample.order(tokens[0])]),
            sample.context
        )
        _ = try await store.perform(.removeLicense(issued.number), sample.context)
        try await store.setFact("clock", "running 0")
        #expect(try store.export() != kept)
        try await store.restore(store.stage(snapshot: file))
        #expect(try store.export() == kept)
        #expect(try store.fact("clock") == "frozen 7")
        let files = try FileManager.default.contentsOfDirectory(atPath: workspace.folder.path)
        #expect(!files.contains { $0.contains("restore") }, "nothing is left over: \(files)")
        let poll = PollingRequest(header: sample.header(sample.a), tokens: [.token(tokens[0])])
        #expect(try await loop.poll(poll, sample.context).outcome.states == [.available])
        // The draws went back too: the next license is the one that came after the snapshot.
        let next = try await store.perform(.issueLicense(LicenseDraft(size: 2)), sample.context)
        #expect(next != before)
    }

    @Test func `a snapshot taken while others write is one state`() async throws {
        let store = try await open()
        let files = (0..<5).map { workspace.path("kept-\($0)") }
        try await withThrowingTaskGroup { group in
            let (sample, units) = (sample, try (0..<400).map { try serial("FG-\($0)") })
            group.addTask {
                // Each batch adds a device and then a license, so that a half of one would show.
                for unit in units {
                    _ = try await store.perform(.addDevice(Device(serial: unit, isRegistered: true)), sample.context)
                    _ = try await store.perform(.issueLicense(LicenseDraft(size: 1)), sample.context)
                }
            }
            for file in files { try store.snapshot(to: file) }
            try await group.waitForAll()
        }
        var counts: [Int] = []
        for file in files {
            let copy = try RegistryStore.open(path: file)
            let document = try copy.export()
            #expect(
                [0, 1].contains(document.devices.count - sample.registry.devices.count - document.licenses.count + 3)
            )
            #expect(document.tokens.count == document.licenses.reduce(0) { $0 + $1.size })
            counts.append(document.licenses.count)
        }
        #expect(counts == counts.sorted())
    }

    @Test func `what is no snapshot is refused, and nothing has changed`() async throws {
        let store = try await open()
        let before = try store.export()
        let text = workspace.path("text")
        try Data("no database".utf8).write(to: URL(filePath: text))
        for file in [text, workspace.path("missing")] {
            await #expect(throws: StoreError.self) { try await store.restore(store.stage(snapshot: file)) }
        }
        let other = workspace.path("other")
        let connection = try makeDatabase(other)
        try connection.execute("CREATE TABLE devices (a); PRAGMA user_version = 1", as: "test")
        let error = await #expect(throws: StoreError.self) { try await store.restore(store.stage(snapshot: other)) }
        #expect(error?.kind == .foreign)
        #expect(try store.export() == before)
        #expect(store.failure == nil, "the store goes on")
        _ = try await store.perform(.removeLicense(sample.new.number), sample.context)
    }

    private func makeDatabase(_ path: String) throws -> Connection {
        try RegistryFile.createIfMissing(path)
        return try Connection(path: path, .readWrite)
    }

    @Test func `a snapshot of an older layout is brought to the newest`() async throws {
        let old = workspace.path("old")
        let connection = try makeDatabase(old)
        try Migration.bringUpToDate(connection, through: Array(Migration.all.prefix(1)))
        try connection.execute(
            """
            INSERT INTO devices VALUES ('FG-A', 1, NULL);
            INSERT INTO licenses VALUES ('EFTM000000000001', '1111-1111-1111-1111-1111', 1, NULL, 'FG-A', 0, 5, NULL, NULL, 0);
            INSERT INTO members VALUES ('EFTM000000000001', 0, 'FG-A');
            INSERT INTO tokens VALUES ('FTKMOB0000000001', 'EFTM000000000001', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                NULL, NULL, NULL);
            """,
            as: "test"
        )
        let store = try await open()
        try await store.restore(store.stage(snapshot: old))
        let document = try store.export()
        #expect(document.devices.map(\.serial.description) == ["FG-A"])
        #expect(document.licenses.first?.owner == sample.a && document.licenses.first?.activatedAt == 5)
        #expect(document.tokens.first?.isLocked == true)
        #expect(try connection.number("PRAGMA user_version", as: "test") == 1, "the snapshot itself stays as it is")
    }
}
