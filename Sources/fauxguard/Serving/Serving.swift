import Admin
import ArgumentParser
import FoundationEssentials
import IO
import Lab
import Logging
import Registry
import Server
import SoftToken
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
        try serving.serve(until: signals)
    }

    /// Removes what is there only while the server runs; any thread may ask, and again.
    func removeTraces() {
        readyFile?.remove()
        folder.removeIfTemporary()
    }

    private func serve(until signals: consuming SignalSource) throws {
        let scenarios = try scenarios()
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
            profiles: try profiles(),
            on: server,
            logger: logger
        )
        let control = server.control.loop
        let signalChannel = LoopLocal(signals.channel(on: control), on: control)
        defer { server.stop() }
        let labFolder = try labFolder()
        try control.block {
            let labs = try await openLabs(in: labFolder)
            defer { for lab in labs.all { lab.store.close() } }
            let run = ServerRun(
                serving: self,
                server: server,
                labs: labs,
                folder: labFolder,
                certificates: certificates,
                scenarios: scenarios,
                signals: signalChannel
            )
            try await run.untilStopped()
        }
        logger.notice("stopped")
    }

    /// Reads the profiles of the file that is set; none where nobody set one and there is no file, which a rule that wants
    /// one says.
    ///
    /// A file that somebody set is read at once, so that what is wrong with it keeps the server from starting.
    private func profiles() throws -> @Sendable () throws -> [CertificateProfile] {
        let path = InstalledFiles.profiles(for: settings)
        guard settings.profiles == Settings().profiles else {
            let profiles = try ProfilesFile.read(path)
            return { profiles }
        }
        return { FileManager.default.fileExists(atPath: path) ? try ProfilesFile.read(path) : [] }
    }

    /// The scenarios of the folder that is set; none where nobody set one and there is no folder.
    private func scenarios() throws -> [Scenario] {
        let path = InstalledFiles.scenarios(for: settings)
        if settings.scenarios == Settings().scenarios, !FileManager.default.fileExists(atPath: path) { return [] }
        do throws(ScenarioFolderError) {
            return try ScenarioFolder.read(path)
        } catch {
            let origin = error.line.map { "\(error.file):\($0)" } ?? error.file
            throw SettingsError(origin: origin, name: "scenarios", reason: error.reason)
        }
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

    /// Opens the default lab, those that the listeners name, and those that were made before.
    private func openLabs(in labFolder: LabFolder) async throws -> Labs {
        let labs = Labs()
        labFolder.sweep()
        let opening = LabOpening(folder: labFolder, settings: settings, logger: logger)
        do {
            for name in Set(labFolder.names + settings.listeners.map(\.lab)).union([Lab.defaultName]).sorted() {
                _ = labs.add(try await opening.open(name))
            }
            // Every registry is locked by now, so that what is swept is no other server's.
            labFolder.sweep()
            return labs
        } catch {
            for lab in labs.all { lab.store.close() }
            throw error
        }
    }
}
