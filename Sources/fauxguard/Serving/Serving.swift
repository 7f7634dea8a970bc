import Admin
import ArgumentParser
import FoundationEssentials
import IO
import Lab
import Logging
import Registry
import Server
import SoftToken
import Supplied
import TLS

/// One run of `serve`, from settings to exit: puts the house together, in the order in which it must stand.
struct Serving: Sendable {
    let settings: Settings
    let folder: DataFolder
    let readyFile: ReadyFile?
    let logger: Logger

    /// Serves until a signal; throws what keeps it from starting.
    static func run(_ settings: Settings) throws {
        // Before any thread: each inherits the mask, so that the signals reach nobody but their source.
        let signals = try SignalSource(SignalSource.termination)
        Process.keepFilesPrivate()
        let readyFile = try settings.readyFile.map { path throws(SettingsError) in try ReadyFile(path, of: settings) }
        let writer = try LineWriter(to: StandardStream.error)
        defer { writer.finish() }
        let logger = Logger(label: "fauxguard") { label in
            LineLogHandler(label: label, level: settings.logLevel, format: settings.logFormat, writer: writer)
        }
        let folder = try DataFolder.prepare(settings, logger)
        let serving = Serving(settings: settings, folder: folder, readyFile: readyFile, logger: logger)
        defer { serving.removeTraces() }
        let signal = try signals.watch {
            serving.removeTraces()
            Process.exitAtOnce(1)
        }
        try serving.serve(until: signal)
    }

    /// Removes what is there only while the server runs; any thread may ask, and again.
    func removeTraces() {
        readyFile?.remove()
        folder.removeIfTemporary()
    }

    private func serve(until signal: consuming OwnedDescriptor) throws {
        let source = DocumentSource.scenarios(for: settings)
        let scenarios = try scenarios(source)
        let profiles = DocumentSource.profiles(for: settings)
        let pki = try PKI.open(
            at: folder.pki,
            names: settings.names,
            publishedAt: settings.publicationAddress,
            now: LabClock.hostNow
        )
        for change in pki.changes { logger.notice("certificates: \(change)") }
        let server = try Server(
            loops: settings.loops,
            limits: settings.limits,
            grace: settings.shutdownGrace,
            logger: logger
        )
        let certificates = try Certificates(
            pki,
            profiles: try self.profiles(profiles),
            of: profiles.place(of: "pki.profiles"),
            on: server,
            logger: logger
        )
        let control = server.control.loop
        let signalChannel = LoopLocal(Channel(signal, on: control), on: control)
        defer { server.stop() }
        let labFolder = try labFolder()
        try control.block {
            let labs = try await openLabs(in: labFolder)
            defer { for lab in labs.all { lab.store.close() } }
            let plane = DataPlane(of: server, labs: labs, logger: logger)
            let readiness = Readiness()
            let installation = Installation(
                labs: labs,
                folder: labFolder,
                plane: plane,
                readiness: readiness,
                certificates: certificates,
                metrics: Metrics(of: server, labs: labs),
                scenarios: scenarios,
                scenarioPlace: source.place(of: "scenarios"),
                certificateFolder: folder.pki,
                seed: settings.seed,
                on: server
            ) { [logger] lab, reason in
                logger.error("the lab's fault rules were not kept", metadata: ["lab": "\(lab)", "reason": "\(reason)"])
            }
            let run = ServerRun(
                serving: self,
                server: server,
                certificates: certificates,
                plane: plane,
                readiness: readiness,
                installation: installation,
                signals: signalChannel
            )
            try await run.untilStopped()
        }
        logger.notice("stopped")
    }

    /// The scenarios of the folder that is set, or the binary's own.
    private func scenarios(_ source: DocumentSource) throws -> [Scenario] {
        try source.check("scenarios", isFolder: true)
        do throws(ScenarioFolderError) {
            guard case .path(let path, let origin) = source else {
                return try ScenarioFolder.read(SuppliedDocument.scenarios.map { (path: $0.path, bytes: $0.bytes) })
            }
            let scenarios = try ScenarioFolder.read(path)
            if scenarios.isEmpty {
                logger.warning(
                    "no scenarios: the folder has no .yaml file",
                    metadata: ["folder": "\(path)", "setting": "\(origin)"]
                )
            }
            return scenarios
        } catch {
            let origin = error.line.map { "\(error.file):\($0)" } ?? error.file
            throw SettingsError(origin: origin, name: "scenarios", reason: error.reason)
        }
    }

    /// Reads the profiles of the file that is set, or the binary's own.
    ///
    /// A file is read at once, so that what is wrong with it keeps the server from starting.
    private func profiles(_ source: DocumentSource) throws -> @Sendable () throws -> [CertificateProfile] {
        try source.check("pki.profiles", isFolder: false)
        guard case .path(let path, _) = source else {
            return { try ProfilesFile.read(SuppliedDocument.profiles) }
        }
        let profiles = try ProfilesFile.read(path)
        return { profiles }
    }

    private func labFolder() throws -> LabFolder {
        let errors = try ErrorTable(overrides: settings.errors)
        let logger = self.logger
        return LabFolder(
            path: try folder.labs(),
            choices: Lab.Choices(
                writer: AnswerWriter(errors: errors, choices: settings.wire),
                rules: settings.rules
            ),
            journal: settings.journal,
            loops: settings.loopCount,
            seed: settings.seed
        ) { lab, error in logger.error("\(error)", metadata: ["lab": "\(lab)"]) }
    }
}
