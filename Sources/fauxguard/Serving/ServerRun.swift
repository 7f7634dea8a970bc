import Admin
import IO
import Lab
import Logging
import Server
import TLS

/// The server while it serves: listeners, the admin plane, signals, renewal.
struct ServerRun: Sendable {
    let serving: Serving
    let server: Server
    let labs: Labs
    let pki: PKI
    let board: PublicationBoard
    let ticketKeys: TicketKeys
    let signals: LoopLocal<Channel>

    private var settings: Settings { serving.settings }
    private var logger: Logger { serving.logger }

    /// How often certificates are looked at.
    private static let renewalInterval = Duration.seconds(3600)

    /// Opens every listener, says so, serves, and returns when a signal has been obeyed.
    func untilStopped() async throws {
        let readiness = Readiness()
        let data = try openDataPlane()
        let admin = try openAdminPlane(readiness)
        let authority = try openAuthority()
        let announcement = Announcement(
            listeners: data.map { ($0.context.name, $0.address) },
            admin: (admin.address, speaksTLS: admin.context.speaksTLS),
            authorityListener: authority?.address,
            authority: serving.folder.pki + "/ca.pem",
            fingerprint: pki.authorityFingerprint,
            data: serving.folder.path,
            seed: settings.seed
        )
        await withTaskGroup { group in
            for listener in data { group.addTask { await listener.serve() } }
            group.addTask { await admin.serve() }
            if let authority { group.addTask { await authority.serve() } }
            readiness.set(true)
            announcement.print()
            if let path = settings.readyFile {
                do {
                    try announcement.write(to: path)
                } catch {
                    logger.error("\(error)")
                }
            }
            let renewal = Task { await self.renewCertificates() }
            await self.obeySignals(readiness)
            renewal.cancel()
        }
    }

    private func openDataPlane() throws -> [Listener<SoftTokenService>] {
        try settings.listeners.map { setting in
            guard let lab = labs[setting.lab] else {
                throw SettingsError(
                    origin: "listener \(setting.name ?? "")",
                    name: "listen",
                    reason: "no lab is named \"\(setting.lab)\""
                )
            }
            guard let loop = server.workers.first?.loop else { preconditionFailure("a server has a loop") }
            return try Listener(
                at: try SocketAddress.resolve(setting.address),
                context: ListenerContext(
                    name: setting.name ?? "main",
                    lab: lab,
                    speaksTLS: true,
                    service: SoftTokenService(lab: lab, labs: labs),
                    limits: settings.limits,
                    log: ConnectionLog(logger)
                ),
                on: loop,
                dealingTo: server.workers,
                census: server.census,
                logger: logger
            )
        }
    }

    private func openAdminPlane(_ readiness: Readiness) throws -> Listener<AdminService> {
        let address = try SocketAddress.resolve(settings.admin)
        var token: BearerToken?
        if let path = settings.adminTokenFile {
            let text = try File.readText(path)
            token = text.split(whereSeparator: \.isWhitespace).first.flatMap { BearerToken(String($0)) }
            guard token != nil else {
                throw SettingsError(
                    origin: path,
                    name: "adminTokenFile",
                    reason: "holds no token of at least \(BearerToken.minimumLength) visible characters"
                )
            }
        }
        guard address.isLoopback || token != nil else {
            throw SettingsError(
                origin: "admin \(address)",
                name: "adminTokenFile",
                reason: "other machines reach this address, so a token is needed"
            )
        }
        return try Listener(
            at: address,
            context: ListenerContext(
                name: "admin",
                lab: nil,
                speaksTLS: !address.isLoopback,
                service: AdminService(token: token, readiness: readiness),
                limits: settings.limits,
                log: ConnectionLog(logger)
            ),
            on: server.control.loop,
            dealingTo: [server.control],
            census: server.controlCensus,
            logger: logger
        )
    }

    /// Opens the listener that serves the CA, its lists and OCSP, where one is asked for.
    private func openAuthority() throws -> Listener<AuthorityService>? {
        guard let text = settings.authorityListener else { return nil }
        return try Listener(
            at: try SocketAddress.resolve(text),
            context: ListenerContext(
                name: "pki",
                lab: nil,
                speaksTLS: false,
                service: AuthorityService(board) { LabClock.host.now },
                limits: settings.limits,
                log: ConnectionLog(logger)
            ),
            on: server.control.loop,
            dealingTo: [server.control],
            census: server.controlCensus,
            logger: logger
        )
    }

    /// Drains at the first signal; a second one ends the process at once, whatever still waits.
    private func obeySignals(_ readiness: Readiness) async {
        // The loop holds whoever waits on it, and the channel holds the loop.
        defer { signals.value.close() }
        guard let signal = await signals.value.nextSignal() else { return }
        logger.notice("draining", metadata: ["signal": "\(signal)"])
        readiness.set(false)
        await withTaskGroup { group in
            group.addTask {
                guard await self.signals.value.nextSignal() != nil else { return }
                self.serving.folder.removeIfTemporary()
                Process.exitAtOnce(1)
            }
            // Ends with the grace period at the latest, and then so does the wait for a second signal.
            group.addTask { await self.server.drain() }
        }
    }

    private func renewCertificates() async {
        var current = pki
        while (try? await Task.sleep(for: Self.renewalInterval)) != nil {
            do {
                let held = current
                current = try await IO.Thread.perform(named: "pki") { try held.renewed(at: LabClock.host.now) }
                if !current.changes.isEmpty {
                    try server.present(current.server, ticketKeys: ticketKeys)
                    for change in current.changes { logger.notice("certificates: \(change)") }
                }
                let renewed = current
                let publication = try await IO.Thread.perform(named: "pki") {
                    try renewed.publication(now: LabClock.host.now)
                }
                board.replace(with: publication)
            } catch {
                logger.error("certificates were not renewed", metadata: ["reason": "\(error)"])
            }
        }
    }
}
