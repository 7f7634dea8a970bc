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
    let logger: Logger

    /// Serves until a signal; throws what keeps it from starting.
    static func run(_ settings: Settings) throws {
        // Before any thread: each inherits the mask, so that the signals reach nobody but their source.
        let signals = try SignalSource(SignalSource.termination)
        let folder = try DataFolder.prepare(settings)
        defer { folder.removeIfTemporary() }
        let writer = try LineWriter(to: StandardStream.error)
        defer { writer.finish() }
        let logger = Logger(label: "fauxguard") { label in
            LineLogHandler(label: label, level: settings.logLevel, format: settings.logFormat, writer: writer)
        }
        try Serving(settings: settings, folder: folder, logger: logger).serve(until: signals)
    }

    private func serve(until signals: consuming SignalSource) throws {
        let pki = try PKI.open(
            at: folder.pki,
            names: settings.names,
            publishedAt: settings.publicationAddress,
            now: LabClock.host.now
        )
        for change in pki.changes { logger.notice("certificates: \(change)") }
        let board = PublicationBoard(try pki.publication(now: LabClock.host.now))
        let server = try Server(
            loops: settings.loops,
            limits: settings.limits,
            grace: settings.shutdownGrace,
            logger: logger
        )
        guard let ticketKeys = TicketKeys(SecureRandom.bytes(TicketKeys.size)) else {
            preconditionFailure("ticket keys have a fixed size")
        }
        try server.present(pki.server, ticketKeys: ticketKeys)
        let control = server.control.loop
        let signalChannel = LoopLocal(signals.channel(on: control), on: control)
        defer { server.stop() }
        try control.block {
            let labs = try await openLabs()
            defer { for lab in labs.all { lab.store.close() } }
            let run = ServerRun(
                serving: self,
                server: server,
                labs: labs,
                pki: pki,
                board: board,
                ticketKeys: ticketKeys,
                signals: signalChannel
            )
            try await run.untilStopped()
        }
        logger.notice("stopped")
    }

    private func openLabs() async throws -> Labs {
        let errors = try ErrorTable(overrides: settings.errors)
        let choices = Lab.Choices(
            writer: AnswerWriter(errors: errors, choices: settings.wire),
            rules: settings.rules
        )
        let lab = try await LabOpening(folder: folder, settings: settings, logger: logger)
            .open(Lab.defaultName, choices)
        return Labs([lab])
    }
}
