import Foundation
import Journal
import Lab
import Registry
import RegistrySQLite
import SoftToken
import Synchronization
import TestKit
import Testing

/// The demo lab on a registry of its own, with a clock that the test moves.
final class LabWorld: Sendable {
    let lab: Lab
    let clock: MovableClock
    private let folder: TemporaryFolder

    /// A moment after everything in the demo lab: 2026-12-01.
    static let start: Int64 = 1_796_083_200

    init(seed: UInt64 = 1, wire: WireChoices = WireChoices(), errors: ErrorTable = ErrorTable()) async throws {
        let clock = MovableClock(Self.start)
        let folder = try TemporaryFolder()
        let store = try SQLiteStore.open(path: folder.path(of: "registry.sqlite"))
        lab = Lab(
            name: Lab.defaultName,
            seed: seed,
            clock: LabClock(over: { clock.now }),
            store: store,
            choices: Lab.Choices(writer: AnswerWriter(errors: errors, choices: wire), rules: RuleChoices())
        )
        self.clock = clock
        self.folder = folder
        try await store.load(
            try RegistryDocument.read(try Repository.text("Config/registry.yaml"), chance: Chance(seed: seed))
        )
    }

    deinit { lab.store.close() }
}

/// Seconds since 1970, as far as one lab is concerned.
final class MovableClock: Sendable {
    private let seconds: Atomic<Int64>

    init(_ start: Int64) { seconds = Atomic(start) }

    var now: Int64 { seconds.load(ordering: .relaxed) }

    func advance(_ seconds: Int64) { self.seconds.add(seconds, ordering: .relaxed) }
}

/// What a client gets to see, and what a record does.
struct Reply: Sendable, Equatable {
    var body: String
    var kind = Kind.answered
    var isRead = false
    var type: String?
    var serial: String?
    var code: Int?

    enum Kind: Sendable, Equatable {
        case answered
        case unreadable
        case unavailable(String)
    }
}

/// Stands for an event loop: a session never leaves it.
actor Desk {
    private let session: LabSession

    init(_ lab: Lab) throws {
        // Each change is a batch of its own.
        session = try LabSession(of: lab) { work in work() }
    }

    /// What a record tells of the answer.
    func note(_ body: String, to endpoint: Endpoint = .process) async throws -> ExchangeRecord {
        await exchange(body, to: endpoint).record
    }

    func post(_ body: String, to endpoint: Endpoint = .process) async -> Reply {
        let (reply, record) = await exchange(body, to: endpoint)
        var told = reply
        (told.type, told.serial, told.code) = (record.type, record.serial?.description, record.code)
        return told
    }

    private func exchange(_ body: String, to endpoint: Endpoint) async -> (reply: Reply, record: ExchangeRecord) {
        let bytes = Array(body.utf8)
        let decoded = RequestDecoder.decode(bytes.span, at: endpoint)
        var record = ExchangeRecord(connection: 1)
        var text: [UInt8] = []
        var isRead = true
        var kind = session.answer(decoded, into: &text, noting: &record)
        if kind == nil, case .request(let request) = decoded {
            isRead = false
            kind = session.write(await session.carryOut(request), into: &text, noting: &record)
        }
        var reply = Reply(body: String(decoding: text, as: UTF8.self), isRead: isRead)
        switch kind {
        case .unreadable: reply.kind = .unreadable
        case .unavailable(let reason): reply.kind = .unavailable(reason)
        case .answered, nil: break
        }
        return (reply, record)
    }
}

extension Reply {
    /// The values of this key, strings alone, in order.
    func values(of key: String) -> [String] {
        body.components(separatedBy: "\"\(key)\":\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }

    /// The one value of this key.
    func value(of key: String) throws -> String { try #require(values(of: key).first, "no \(key) in \(body)") }
}
