import Foundation
import Glibc
import IO
import Registry
import RegistrySQLite
import SoftToken
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct Snapshots {
    let workspace: Workspace
    let sample: Sample
    let store: SQLiteStore

    init() async throws {
        workspace = try Workspace()
        sample = try Sample()
        store = try SQLiteStore.open(path: workspace.path)
        try await store.load(sample.registry.document)
    }

    private func provision(_ digit: Character = "A") throws -> ProvisionRequest {
        let order = try sample.order(sample.tokens(sample.pair)[0], seed: digit)
        return ProvisionRequest(header: sample.header(sample.a), tokens: [order])
    }

    @Test func `a snapshot brings everything back, chance and facts included`() async throws {
        let loop = try Loop(store)
        _ = try await loop.provision(provision(), sample.context)
        try await store.setFact("clock", "frozen")
        let before = try store.export()
        let path = workspace.path("a snapshot #1.sqlite")
        try store.snapshot(to: path)
        #expect(try workspace.mode("a snapshot #1.sqlite") == 0o600)
        let next = try await loop.provision(provision("B"), sample.context).outcome.codes
        try await store.setFact("clock", "running")
        try await store.setFact("seed", "7")

        let poll = PollingRequest(
            header: sample.header(sample.a),
            tokens: sample.tokens(sample.pair).map { .token($0) }
        )
        _ = try await store.perform(.removeLicense(sample.pair.number), sample.context)
        #expect(try await loop.poll(poll, sample.context).outcome.states == [nil, nil])
        for _ in 0..<2 {
            try await store.restore(from: path)
            #expect(try store.export() == before)
            #expect(try store.fact("clock") == "frozen")
            #expect(try store.fact("seed") == nil)
            #expect(try await loop.poll(poll, sample.context).outcome.states == [.pending, .available])
            #expect(try await loop.provision(provision("B"), sample.context).outcome.codes == next)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: workspace.folder.path).sorted()
        #expect(
            names == [
                "a snapshot #1.sqlite", "registry.sqlite", "registry.sqlite-shm", "registry.sqlite-wal",
                "registry.sqlite.lock",
            ]
        )
    }

    @Test func `a snapshot is one state while the registry is written to`() async throws {
        let store = store
        let sample = sample
        let loop = try Loop(store)
        let path = workspace.path("snapshot.sqlite")
        try await withThrowingTaskGroup { group in
            group.addTask {
                // Both tokens in one request, so one state never has just one of them pending.
                for round in 0..<60 {
                    let tokens = sample.tokens(sample.pair)
                    let entries = try tokens.map { try sample.order($0) }
                    _ = try await loop.provision(
                        ProvisionRequest(header: sample.header(sample.a), tokens: entries),
                        sample.context
                    )
                    guard round.isMultiple(of: 2) else { continue }
                    let license = LicenseDraft(size: 1)
                    _ = try await store.perform(.issueLicense(license), sample.context)
                }
            }
            for _ in 0..<10 {
                try store.snapshot(to: path)
                let copy = workspace.path("copy.sqlite")
                try? FileManager.default.removeItem(atPath: copy)
                try FileManager.default.copyItem(atPath: path, toPath: copy)
                let opened = try SQLiteStore.open(path: copy)
                let document = try opened.export()
                #expect(document.tokens.filter { $0.provisioning != nil }.count.isMultiple(of: 2))
                for license in document.licenses {
                    #expect(document.tokens.filter { $0.license == license.number }.count == license.size)
                }
                opened.close()
            }
            try await group.waitForAll()
        }
    }

    @Test func `a snapshot of an older layout is restored, and stays as it was`() async throws {
        let path = workspace.path("old.sqlite")
        try OldRegistry.write(to: path)
        let before = try Data(contentsOf: URL(filePath: path))
        try await store.restore(from: path)
        #expect(try store.export() == OldRegistry.document())
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
        #expect(
            try !FileManager.default.contentsOfDirectory(atPath: workspace.folder.path)
                .contains { $0.contains("restoring") }
        )
    }

    @Test func `what is no snapshot is refused, and the registry goes on`() async throws {
        let loop = try Loop(store)
        let damaged = workspace.path("damaged.sqlite")
        try store.snapshot(to: damaged)
        let file = try FileHandle(forUpdating: URL(filePath: damaged))
        let length = try file.seekToEnd()
        try file.seek(toOffset: 4_096)
        try file.write(contentsOf: Data(repeating: 0xA5, count: Int(length) - 4_096))
        try file.close()
        let text = workspace.path("text.sqlite")
        try Data(String(repeating: "text\n", count: 1_000).utf8).write(to: URL(filePath: text))
        let foreign = workspace.path("foreign.sqlite")
        try OldRegistry.execute("CREATE TABLE notes (text)", on: foreign)
        let newer = workspace.path("newer.sqlite")
        try store.snapshot(to: newer)
        try OldRegistry.execute("PRAGMA user_version = 1000", on: newer)
        let cases: [(String, StoreError.Kind)] = [
            (damaged, .foreign), (text, .foreign), (foreign, .foreign), (newer, .newer),
            (workspace.path("missing.sqlite"), .foreign), (workspace.folder.path, .foreign),
            (workspace.path, .foreign),
        ]
        for (path, kind) in cases {
            let error = await #expect(throws: StoreError.self) { try await store.restore(from: path) }
            #expect(error?.kind == kind, "\(path)")
            #expect(error?.path == path)
            #expect(error?.message.isEmpty == false)
            #expect(store.failure == nil)
            #expect(try store.export() == sample.registry.document)
        }
        #expect(try await loop.provision(provision(), sample.context).outcome.refusal == nil)
    }

    @Test func `a restore that finds no room leaves the registry as it was`() async throws {
        let large = workspace.path("large.sqlite")
        _ = try await store.perform(.issueLicense(LicenseDraft(size: 5_000)), sample.context)
        try store.snapshot(to: large)
        store.close()
        let small = try SQLiteStore.open(path: workspace.path("small.sqlite"), pageLimit: 40)
        try await small.load(sample.registry.document)
        let error = await #expect(throws: StoreError.self) { try await small.restore(from: large) }
        #expect(error?.kind == .full)
        #expect(try small.export() == sample.registry.document)
        let loop = try Loop(small)
        #expect(try await loop.provision(provision(), sample.context).outcome.refusal == nil)
    }

    @Test func `a snapshot that can't be written leaves what stood there`() throws {
        let missing = workspace.path("nowhere/snapshot.sqlite")
        let error = #expect(throws: StoreError.self) { try store.snapshot(to: missing) }
        #expect(error?.path == missing)
        let folder = workspace.path("folder")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        #expect(throws: StoreError.self) { try store.snapshot(to: folder) }
        let names = try FileManager.default.contentsOfDirectory(atPath: workspace.folder.path)
        #expect(!names.contains { $0.hasSuffix(".new") })
    }

    @Test func `a process killed while it restores leaves the old state or the new one`() async throws {
        // The child finds its folder by the environment, which an exit test inherits.
        _ = try await store.perform(.issueLicense(LicenseDraft(size: 20_000)), sample.context)
        let new = try store.export()
        try store.snapshot(to: workspace.path("snapshot.sqlite"))
        try await store.replace(with: sample.registry.document)
        store.close()
        for delay in [1, 20, 60, 120, 250] {
            unsafe setenv("RESTORE_FOLDER", workspace.folder.path, 1)
            unsafe setenv("RESTORE_DELAY", "\(delay)", 1)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                let environment = ProcessInfo.processInfo.environment
                let folder = environment["RESTORE_FOLDER"] ?? ""
                let delay = UInt32(environment["RESTORE_DELAY"] ?? "") ?? 0
                let store = try SQLiteStore.open(path: folder + "/registry.sqlite")
                let killer = try Thread(named: "killer") {
                    usleep(delay * 1_000)
                    kill(getpid(), SIGKILL)
                }
                killer.detach()
                while true { try await store.restore(from: folder + "/snapshot.sqlite") }
            }
            let reopened = try SQLiteStore.open(path: workspace.path)
            let found = try reopened.export()
            #expect(found == new || found == sample.registry.document, "after \(delay) ms")
            try await reopened.replace(with: sample.registry.document)
            reopened.close()
        }
    }
}
