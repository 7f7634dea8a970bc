import Foundation
import IO
import Registry
import SoftToken
import Synchronization
import TestKit
import Testing

@testable import RegistrySQLite

@Suite(.timeLimit(.minutes(1))) struct Failures {
    let workspace: Workspace
    let sample: Sample

    init() throws {
        workspace = try Workspace()
        sample = try Sample()
    }

    private func trial(of unit: Serial) -> ActivationLicenseRequest {
        ActivationLicenseRequest(header: sample.header(unit), code: .trial)
    }

    @Test(arguments: ["", "SQLite format 3", "nothing like a database, but long enough to be looked at closely\n"])
    func `a file that is no database is refused and left alone`(text: String) throws {
        let contents = Data(String(repeating: text, count: 100).utf8)
        try contents.write(to: URL(filePath: workspace.path))
        guard !contents.isEmpty else {
            #expect(try SQLiteStore.open(path: workspace.path).isEmpty, "an empty file is a registry not begun")
            return
        }
        let error = #expect(throws: StoreError.self) { try SQLiteStore.open(path: workspace.path) }
        #expect(error?.kind == .foreign)
        #expect(error?.description.contains(workspace.path) == true)
        #expect(error?.description.contains("\n") == false)
        #expect(try Data(contentsOf: URL(filePath: workspace.path)) == contents)
    }

    @Test(arguments: [
        "CREATE TABLE notes (text)", "PRAGMA application_id = 1; PRAGMA user_version = 1",
        "PRAGMA user_version = 1",
    ])
    func `another program's database is refused and left alone`(statements: String) throws {
        try RegistryFile.createIfMissing(workspace.path)
        try SQLiteConnection(path: workspace.path, .readWrite).execute(statements, as: "prepare")
        let before = try Data(contentsOf: URL(filePath: workspace.path))
        let error = #expect(throws: StoreError.self) { try SQLiteStore.open(path: workspace.path) }
        #expect(error?.kind == .foreign)
        #expect(try Data(contentsOf: URL(filePath: workspace.path)) == before)
    }

    @Test func `a damaged file is refused and left alone`() async throws {
        let store = try SQLiteStore.open(path: workspace.path)
        try await store.load(sample.registry.document)
        store.close()
        let file = try FileHandle(forUpdating: URL(filePath: workspace.path))
        let length = try file.seekToEnd()
        try file.seek(toOffset: 4_096)
        try file.write(contentsOf: Data(repeating: 0xA5, count: Int(length) - 4_096))
        try file.close()
        let damaged = try Data(contentsOf: URL(filePath: workspace.path))
        let error = #expect(throws: StoreError.self) { try SQLiteStore.open(path: workspace.path) }
        #expect(error?.kind == .corrupt)
        #expect(try Data(contentsOf: URL(filePath: workspace.path)) == damaged)
    }

    @Test func `a folder that is missing is said to be`() throws {
        let path = workspace.path("nowhere/registry.sqlite")
        let error = #expect(throws: StoreError.self) { try SQLiteStore.open(path: path) }
        #expect(error?.description.contains("No such file or directory") == true)
    }

    @Test func `commits that would not be durable are refused`() throws {
        try RegistryFile.createIfMissing(workspace.path)
        let connection = try SQLiteConnection(path: workspace.path, .readWrite)
        try RegistryFile.prepare(connection, pageLimit: nil)
        try RegistryFile.requireDurable(connection)
        try connection.execute("PRAGMA synchronous = NORMAL", as: "weaken")
        let error = #expect(throws: StoreError.self) { try RegistryFile.requireDurable(connection) }
        #expect(error?.kind == .notDurable)
    }

    @Test func `one job that fails takes none of its batch with it`() async throws {
        let prepared = try SQLiteStore.open(path: workspace.path)
        try await prepared.load(sample.registry.document)
        prepared.close()
        let reports = Monitor<[StoreError]>([])
        let queue = WriterQueue(path: workspace.path)
        let tokens = sample.tokens(sample.pair)
        try await withThrowingTaskGroup { group in
            for token in tokens {
                let request = ProvisionRequest(header: sample.header(sample.a), tokens: [try sample.order(token)])
                let reader = try SQLiteConnection(path: workspace.path, .read)
                let session = try SQLiteSession(reader, queue) { $0.flush() }
                let context = sample.context
                group.addTask {
                    let ruling = try await session.decide(.provision(request), context)
                    #expect(ruling.outcome.message.refusal == nil)
                }
            }
            group.addTask {
                let error = await #expect(throws: StoreError.self) { try await queue.perform(.load([])) }
                #expect(error?.kind == .conflict)
            }
            // All three wait before the writer starts, so they are one batch.
            while queue.waiting.withLock(\.jobs.count) < 3 { await Task.yield() }
            let connection = try SQLiteConnection(path: workspace.path, .readWrite)
            try RegistryFile.prepare(connection, pageLimit: nil)
            let writer = try Writer(connection, queue) { error in reports.withLock { $0.append(error) } }
            let thread = try Thread(named: "registry") { writer.run() }
            try await group.waitForAll()
            queue.close()
            thread.join()
        }
        #expect(queue.commits.load(ordering: .relaxed) == 2, "each of the others ran alone")
        #expect(queue.failedJobs.load(ordering: .relaxed) == 1)
        #expect(queue.failure.withLock(\.self) == nil)
        #expect(reports.withLock(\.self).isEmpty)
        let after = try SQLiteStore.open(path: workspace.path)
        let pending = try after.export().tokens.filter { $0.provisioning != nil }.map(\.serial)
        #expect(pending == tokens)
    }

    @Test func `damage found at work takes the store offline, once said`() async throws {
        let prepared = try SQLiteStore.open(path: workspace.path)
        try await prepared.load(sample.registry.document)
        prepared.close()
        let connection = try SQLiteConnection(path: workspace.path, .readWrite)
        try RegistryFile.prepare(connection, pageLimit: nil)
        // What the check at opening has read would hide the damage.
        try connection.execute("PRAGMA shrink_memory", as: "test")
        let file = try FileHandle(forUpdating: URL(filePath: workspace.path))
        let length = try file.seekToEnd()
        try file.seek(toOffset: 4_096)
        try file.write(contentsOf: Data(repeating: 0xA5, count: Int(length) - 4_096))
        let reports = Monitor<[StoreError]>([])
        let queue = WriterQueue(path: workspace.path)
        let writer = try Writer(connection, queue) { error in reports.withLock { $0.append(error) } }
        let thread = try Thread(named: "registry") { writer.run() }
        let session = try SQLiteSession(SQLiteConnection(path: workspace.path, .read), queue) { $0.flush() }

        let order = try sample.order(sample.tokens(sample.pair)[0])
        let request = ProvisionRequest(header: sample.header(sample.a), tokens: [order])
        for kind in [.corrupt, .offline, .offline] as [StoreError.Kind] {
            let error = await #expect(throws: StoreError.self) {
                try await session.decide(.provision(request), sample.context)
            }
            #expect(error?.kind == kind)
        }
        queue.close()
        thread.join()
        try file.close()
        #expect(queue.failure.withLock(\.self)?.kind == .corrupt)
        #expect(reports.withLock(\.self).map(\.kind) == [.corrupt], "one line for the operator")
    }

    @Test func `a load whose rows contradict each other leaves the registry empty`() async throws {
        let store = try SQLiteStore.open(path: workspace.path)
        let document = sample.registry.document
        let orphan = Token(serial: try token("FTKMOB00000000FF"), license: try number("EFTM000000000099"))
        let error = await #expect(throws: StoreError.self) {
            try await store.load(
                RegistryDocument(
                    devices: document.devices,
                    licenses: document.licenses,
                    tokens: document.tokens + [orphan]
                )
            )
        }
        #expect(error?.kind == .conflict)
        #expect(try store.isEmpty)
        try await store.load(document)
        #expect(try store.export() == document)
    }

    @Test func `a full disk fails what needs room, once said, and nothing else`() async throws {
        let reports = Monitor<[StoreError]>([])
        let store = try SQLiteStore.open(path: workspace.path, pageLimit: 24) { error in
            reports.withLock { $0.append(error) }
        }
        let units = try (0..<2_000).map { Device(serial: try serial("FG-\($0)"), isRegistered: true) }
        try await store.load(
            RegistryDocument(
                devices: Array(units.prefix(400)) + sample.registry.document.devices,
                licenses: sample.registry.document.licenses,
                tokens: sample.registry.document.tokens
            )
        )
        let loop = try Loop(store)
        var refused = 0
        var granted: [LicenseNumber] = []
        // Each waits for the disk, of which others want something, too: a few refusals are as good as hundreds.
        for unit in units.prefix(400) where refused < 20 {
            do {
                let ruling = try await loop.activate(trial(of: unit.serial), sample.context)
                if case .granted(let license, _) = ruling.outcome { granted.append(license) }
            } catch let error as StoreError {
                #expect(error.kind == .full)
                refused += 1
            }
        }
        #expect(refused > 0)
        #expect(!granted.isEmpty)
        #expect(store.failure == nil)
        #expect(reports.withLock(\.self).map(\.kind) == [.full], "one line, not one a request")

        let order = try sample.order(sample.tokens(sample.pair)[0])
        let request = ProvisionRequest(header: sample.header(sample.a), tokens: [order])
        #expect(try await loop.provision(request, sample.context).outcome.refusal == nil, "what needs no room works")
        let trials = try store.export().licenses.filter(\.number.isTrial)
        #expect(trials.map(\.number) == granted.sorted(), "what was answered is there, and nothing else")
        #expect(try store.export().tokens.filter(\.license.isTrial).count == 2 * granted.count)
        store.close()

        let roomy = try SQLiteStore.open(path: workspace.path)
        let last = try #require(units.prefix(400).last)
        guard case .granted = try await Loop(roomy).activate(trial(of: last.serial), sample.context).outcome else {
            Issue.record("with room again, the trial was refused")
            return
        }
    }
}
