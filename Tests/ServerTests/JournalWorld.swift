import FoundationEssentials
import HTTP
import IO
import Journal
import Lab
import Logging
import Registry
import RegistrySQLite
import Server
import SoftToken
import TLS
import TestKit
import Testing

/// A data plane in this process, with two labs, a listener of the first and a clock of its own.
final class JournalWorld: Sendable {
    let labs: [Lab]
    let trust: [UInt8]
    let port: UInt16
    private let server: Server
    private let serving: Task<Void, Never>
    private let folder: TemporaryFolder

    /// 2026-12-01, after everything in the demo lab.
    static let now: Int64 = 1_796_083_200

    init(
        limits: JournalLimits = JournalLimits(),
        loops: Int = 2,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        clock now: @escaping @Sendable () -> Int64 = { JournalWorld.now },
        bounded change: (inout ServerLimits) -> Void = { _ in }
    ) async throws {
        let folder = try TemporaryFolder()
        var labs: [Lab] = []
        for name in ["default", "other"] {
            let store = try SQLiteStore.open(path: folder.path(of: "\(name).sqlite"))
            let choices = Lab.Choices(
                writer: AnswerWriter(errors: ErrorTable(), choices: WireChoices()),
                rules: RuleChoices()
            )
            let clock = LabClock(over: now)
            let lab = Lab(
                name: name,
                seed: 1,
                clock: clock,
                store: store,
                choices: choices,
                journal: limits,
                loops: loops
            )
            let document = try Repository.text("Config/registry.yaml")
            try await store.load(try RegistryDocument.read(document, chance: lab.chance))
            labs.append(lab)
        }
        let pki = try await Blocking.run {
            let path = try MintedCertificates.put(into: folder)
            return try PKI.open(at: path, names: [], now: Int64(Date.now.timeIntervalSince1970))
        }
        var serverLimits = ServerLimits()
        change(&serverLimits)
        let server = try Server(loops: loops, limits: serverLimits, grace: .seconds(2), logger: logger)
        try server.present(try Presentation(of: pki, at: Int64(Date.now.timeIntervalSince1970)))
        let listener = try Listener(
            at: try SocketAddress.resolve("127.0.0.1:0"),
            context: ListenerContext(
                name: "main",
                lab: labs[0],
                speaksTLS: true,
                service: SoftTokenService(lab: labs[0], labs: Labs(labs)),
                limits: serverLimits,
                log: ConnectionLog(logger)
            ),
            on: try #require(server.workers.first).loop,
            dealingTo: server.workers,
            census: server.census,
            logger: logger
        )
        self.labs = labs
        self.server = server
        self.folder = folder
        trust = pki.authority
        port = listener.address.port
        serving = Task { await listener.serve() }
    }

    /// The journal of the listener's lab.
    var journal: Journal { labs[0].journal }

    /// How many connections are open.
    var connectionCount: Int { server.census.count }

    /// Lets what is under way finish within the grace period.
    func drain() async { await server.drain() }

    /// Stops the server, after which every connection's end is recorded.
    func stop() async {
        await server.drain()
        await serving.value
        server.stop()
        for lab in labs { lab.store.close() }
    }

    /// Runs a client's story on a thread of its own.
    func client<Value: Sendable>(_ story: @escaping @Sendable (TestClient) throws -> Value) async throws -> Value {
        let (port, trust) = (port, trust)
        return try await Blocking.run {
            let client = try TestClient(
                port: port,
                trusting: try ClientContext(trustAnchors: trust),
                name: "globalftm.fortinet.net"
            )
            defer { client.close() }
            return try story(client)
        }
    }

    /// Waits for records that come after a client's part is over.
    func records(_ count: Int, _ query: [(key: String, value: String)] = []) async throws -> [JournalRecord] {
        let filter = try JournalFilter(query)
        let journal = self.journal
        return try await Deadline(in: .seconds(10))
            .wait(for: "\(count) records") {
                let records = journal.page(matching: filter, limit: 100).records
                return records.count >= count ? records : nil
            }
    }
}
