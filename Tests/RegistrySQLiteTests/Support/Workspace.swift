import Foundation
import IO
import Registry
import SoftToken

@testable import RegistrySQLite

/// A folder of one test's own, removed with it.
final class Workspace: Sendable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "registry-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// The registry's file.
    var path: String { folder.appending(path: "registry.sqlite").path }

    /// A file of the folder.
    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// The permission bits of a file of the folder.
    func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
    }
}

/// Stands for an event loop: its session never leaves it, and jobs are handed over only when it says so.
actor Loop {
    private let session: SQLiteSession
    private let flushes = Monitor(0)
    /// With `flushing`, every job is handed over at once.
    init(_ store: SQLiteStore, flushing: Bool = true) throws {
        session = try store.makeSession { [flushes] session in
            flushes.withLock { $0 += 1 }
            if flushing { session.flush() }
        }
    }

    /// How often the session asked to be flushed.
    var asked: Int { flushes.withLock(\.self) }

    /// How many jobs wait for the end of the turn.
    var pendingJobs: Int { session.pending.count }

    func flush() {
        session.flush()
    }

    func poll(_ request: PollingRequest, _ context: RuleContext) throws -> Ruling<PollingOutcome> {
        var ruling = Ruling(outcome: PollingOutcome(tokens: [], refusal: nil))
        try session.poll(request, context, into: &ruling)
        return ruling
    }

    func activate(_ request: ActivationLicenseRequest, _ context: RuleContext) async throws -> Ruling<ActivationOutcome>
    {
        let ruling = try await session.decide(.activation(request), context)
        guard case .activation(let outcome) = ruling.outcome else { preconditionFailure("another type's outcome") }
        return Ruling(outcome: outcome, peers: ruling.peers, changes: ruling.changes)
    }

    func provision(_ request: ProvisionRequest, _ context: RuleContext) async throws -> Ruling<ProvisionOutcome> {
        let ruling = try await session.decide(.provision(request), context)
        guard case .provision(let outcome) = ruling.outcome else { preconditionFailure("another type's outcome") }
        return Ruling(outcome: outcome, peers: ruling.peers, changes: ruling.changes)
    }

    func claim(_ request: MobileProvisionRequest, _ context: RuleContext) async throws -> Ruling<MobileOutcome> {
        let ruling = try await session.decide(.mobile(request), context)
        guard case .mobile(let outcome) = ruling.outcome else { preconditionFailure("another type's outcome") }
        return Ruling(outcome: outcome, peers: ruling.peers, changes: ruling.changes)
    }
}
