import Documents
import Faults
import Foundation
import IO
import Journal
import Lab
import Logging
import Registry
import SoftToken
import TLS
import TestKit

@testable import Admin
@testable import Server

/// A whole installation in this process, whose services are asked directly: no socket, no TLS, no process.
///
/// It shows what the admin plane and the labs answer. What a connection does (faults, the journal, metrics), and what a
/// start, a signal or a restart does, is for tests with a server of their own.
struct ServiceWorld: Sendable {
    /// The admin plane.
    let admin: AdminPlane
    /// Where the labs' folders are.
    let labsPath: String
    private let operators: ServiceCaller<AdminService>
    private let units: ServiceCaller<SoftTokenService>
    private let strangers: ServiceCaller<AuthorityService>

    /// Runs `body` in a world whose default lab has this registry document, the demo lab's without one.
    ///
    /// It has a listener `main`, for rules to name, that nobody connects to.
    static func run(registry: String? = nil, _ body: (ServiceWorld) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = try Server(loops: 1, limits: ServerLimits(), grace: .seconds(2), logger: logger)
        let labs = Labs()
        let plane = DataPlane(of: server, labs: labs, logger: logger)
        let result: Result<Void, any Error>
        do {
            let certificates = try await Blocking.run {
                let path = try MintedCertificates.put(into: folder)
                let pki = try PKI.open(at: path, names: [], now: LabClock.hostNow)
                return try Certificates(pki, profiles: profiles, on: server, logger: logger)
            }
            let labFolder = try labFolder(in: folder, loops: 1)
            let document = try registry ?? Repository.text("Config/registry.yaml")
            let lab = try await open(labFolder, document)
            _ = labs.add(lab)
            _ = try await plane.open("main", at: .resolve("127.0.0.1:0"), for: lab)
            let readiness = Readiness()
            let installation = Installation(
                labs: labs,
                folder: labFolder,
                plane: plane,
                readiness: readiness,
                certificates: certificates,
                metrics: Metrics(of: server, labs: labs),
                scenarios: try scenarios.get(),
                scenarioPlace: Repository.path("Config/scenarios"),
                certificateFolder: folder.path(of: "pki"),
                seed: 1,
                on: server
            ) { _, _ in }
            readiness.set(true)
            try await body(try world(of: installation, lab, on: server))
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await server.drain()
        await plane.finish()
        server.stop()
        for lab in labs.all { lab.store.close() }
        try result.get()
    }

    private static func world(of installation: Installation, _ lab: Lab, on server: Server) throws -> ServiceWorld {
        let service = AdminService(of: installation, at: try .resolve("127.0.0.1:8480"), token: nil)
        let limits = server.limits.forDocuments(of: RegistryDocument.sizeLimit)
        let operators = ServiceCaller(service, on: server.control, within: limits)
        let units = ServiceCaller(
            SoftTokenService(lab: lab, labs: installation.labs),
            of: lab,
            on: server.workers[0],
            within: server.limits
        )
        let certificates = installation.certificates
        let authority = AuthorityService(spanning: { certificates.moments }, { certificates.publication })
        let strangers = ServiceCaller(authority, on: server.control, within: server.limits)
        let admin = AdminPlane { call in
            let type = call.body.map { _ in ["Content-Type: \(call.type)"] } ?? []
            let line = "\(call.method) \(call.path)"
            let reply = try await operators.ask(line, fields: call.fields + type, body: call.body)
            let told = reply.value(of: "content-type") ?? ""
            return AdminPlane.Reply(status: reply.status, contentType: told, text: reply.body)
        }
        return ServiceWorld(
            admin: admin,
            labsPath: installation.folder.path,
            operators: operators,
            units: units,
            strangers: strangers
        )
    }

    /// Read once: it is a seventh of what a world costs under the thread sanitizer.
    private static let scenarios = Result { try ScenarioFolder.read(Repository.path("Config/scenarios")) }

    private static func profiles() throws -> [CertificateProfile] {
        let text = try Repository.text("Certs/profiles.yaml")
        return try DocumentDecoder.decode([CertificateProfile].self, from: .read(Array(text.utf8), as: .yaml))
    }

    private static func labFolder(in folder: TemporaryFolder, loops: Int) throws -> LabFolder {
        let path = folder.path(of: "labs")
        try File.makeFolder(path)
        let choices = Lab.Choices(
            writer: AnswerWriter(errors: ErrorTable(), choices: WireChoices()),
            rules: RuleChoices()
        )
        return LabFolder(path: path, choices: choices, journal: JournalLimits(), loops: loops, seed: 1) { _, _ in }
    }

    /// The default lab, begun with this document.
    private static func open(_ folder: LabFolder, _ document: String) async throws -> Lab {
        let lab = try await folder.open(Lab.defaultName, seed: 1)
        do {
            try await lab.store.setFacts(folder.originFacts(of: lab))
            try await lab.store.load(try RegistryDocument.read(document, chance: lab.chance))
            try await folder.keepOrigin(of: lab)
        } catch {
            lab.store.close()
            throw error
        }
        return lab
    }

    /// Asks the admin plane, and shows the answer with its head.
    func ask(_ method: String, _ path: String, _ body: String? = nil, fields: [String] = []) async throws -> Curl.Reply
    {
        try await operators.ask("\(method) \(path)", fields: fields, body: body)
    }

    /// Asks the listener of the certificates.
    func publish(_ method: String, _ path: String, _ body: String? = nil, fields: [String] = []) async throws
        -> Curl.Reply
    {
        try await strangers.ask("\(method) \(path)", fields: fields, body: body)
    }

    /// Asks the data plane.
    func send(_ method: String, _ path: String, _ body: String? = nil, fields: [String] = []) async throws
        -> Curl.Reply
    {
        try await units.ask("\(method) \(path)", fields: fields, body: body)
    }

    /// Posts a message to the default lab, or to the one that it names.
    func post(_ body: String, to path: String = Curl.process, lab: String? = nil) async throws -> Curl.Reply {
        let field = lab.map { ["X-FauxGuard-Lab: \($0)"] } ?? []
        return try await send("POST", path, body, fields: ["Content-Type: application/json"] + field)
    }
}
