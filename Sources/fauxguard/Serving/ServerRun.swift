import Admin
import Faults
import IO
import Lab
import Logging
import Registry
import Server
import TLS

/// The server while it serves: the data plane, the admin plane, the CA's listener, signals, renewal.
struct ServerRun: Sendable {
    let serving: Serving
    let server: Server
    let certificates: Certificates
    let plane: DataPlane
    let readiness: Readiness
    let installation: Installation
    let signals: LoopLocal<Channel>

    private var settings: Settings { serving.settings }
    private var logger: Logger { serving.logger }
    private var labs: Labs { installation.labs }

    /// Opens every listener, says so, serves, and returns when a signal has been obeyed.
    func untilStopped() async throws {
        do {
            let data = try await openDataPlane()
            try await addFaults()
            await resumeScenarios()
            await bringBackRules()
            let admin = try openAdminPlane()
            let authority = try openAuthority()
            let announcement = Announcement(
                listeners: data.map { ($0.name, $0.address, $0.lab) },
                proxies: settings.listeners.first?.proxies ?? TrustedProxies(),
                admin: (admin.address, speaksTLS: admin.context.speaksTLS),
                tokenFile: settings.adminTokenFile,
                authorityListener: authority?.address,
                authority: serving.folder.pki + "/ca.pem",
                fingerprint: certificates.pki.authorityFingerprint,
                data: serving.folder.path,
                seed: settings.seed,
                example: try labs[data.first?.lab ?? Lab.defaultName].map { try BannerExample(for: $0) } ?? .nobody
            )
            try await serve(admin, authority, announcing: announcement)
        } catch {
            await server.drain()
            await plane.finish()
            throw error
        }
    }

    private func serve(
        _ admin: Listener<AdminService>,
        _ authority: Listener<AuthorityService>?,
        announcing announcement: Announcement
    ) async throws {
        var failure: (any Error)?
        await withTaskGroup { group in
            group.addTask { await admin.serve() }
            if let authority { group.addTask { await authority.serve() } }
            readiness.set(true)
            announcement.print()
            do {
                try self.serving.readyFile?.write(announcement.document())
                Process.letGoOfCode()
                // It may end a moment later than all else, and must not hold what reads a registry until then.
                let renewal = Task { [certificates] in await certificates.keepRenewed() }
                await self.obeySignals()
                renewal.cancel()
            } catch {
                // Whoever waits for the file would wait for ever.
                failure = error
                await server.drain()
            }
            await plane.finish()
        }
        if let failure { throw failure }
    }

    /// Opens the listeners of the configuration, then those that labs have of their own.
    private func openDataPlane() async throws -> [DataPlane.Entry] {
        var entries: [DataPlane.Entry] = []
        for setting in settings.listeners {
            guard let lab = labs[setting.lab] else { preconditionFailure("the labs of all listeners were opened") }
            let address = try Self.resolve(setting.address, for: "listen")
            entries.append(
                try await plane.open(setting.name ?? "main", at: address, for: lab, behind: setting.proxies)
            )
        }
        for lab in labs.all {
            guard let listener = try lab.ownListener(), await !plane.hasListener(named: lab.name) else { continue }
            do {
                entries.append(try await open(listener, of: lab))
            } catch {
                // The lab is there all the same, and can be reached through another listener.
                tell("the lab's own listener was not opened", of: lab, error)
            }
        }
        for lab in labs.all where lab.clock.certificates == .lab { await certificates.follow(lab) }
        return entries
    }

    /// Opens a lab's own listener where it was.
    ///
    /// A port that was asked for is that or none. One that the kernel chose may be somebody else's by now: then another
    /// is as good, and the log says so.
    private func open(_ listener: LabListener, of lab: Lab) async throws -> DataPlane.Entry {
        func open(at address: SocketAddress) async throws(SystemError) -> DataPlane.Entry {
            try await plane.open(lab.name, at: address, for: lab, isOwn: true, behind: listener.proxies)
        }
        let entry: DataPlane.Entry
        do throws(SystemError) {
            entry = try await open(at: listener.address)
        } catch {
            guard listener.port != nil else { throw error }
            entry = try await open(at: listener.asked)
            logger.warning(
                "the lab's own listener has another port: the one that it had is taken",
                metadata: ["lab": "\(lab.name)", "was": "\(listener.address)", "address": "\(entry.address)"]
            )
        }
        let kept = listener.listening(at: entry.address)
        if kept != listener { try await lab.keep(kept) }
        return entry
    }

    /// Puts the configuration's fault rules into the default lab, once its listeners are there for rules to name.
    private func addFaults() async throws {
        guard let lab = labs[Lab.defaultName] else { preconditionFailure("the default lab always exists") }
        var defects: [SettingsError] = []
        for setting in settings.faults {
            do throws(RuleDefect) {
                let state = try await installation.faults.add(setting.rule, to: lab, isKept: false)
                logger.notice("fault rule in force", metadata: ["rule": "\(state.rule.name)", "lab": "\(lab.name)"])
                for note in state.notes {
                    logger.warning(
                        "a note on a fault rule",
                        metadata: ["rule": "\(state.rule.name)", "note": "\(note)"]
                    )
                }
            } catch {
                defects.append(SettingsError(error, of: setting))
            }
        }
        // All at once: whoever mends the first is not to meet the second at the next start.
        if !defects.isEmpty { throw SettingsError(all: defects) }
    }

    /// A scenario that ran when the server ended still has its rows and its clock, and gets its rules again.
    private func resumeScenarios() async {
        for lab in labs.all {
            do {
                try await installation.resumeScenario(of: lab)
            } catch {
                tell("the scenario's rules are not in force again", of: lab, error)
            }
        }
    }

    /// Puts the rules that people had added into force again, where that is wanted, and otherwise says that they are
    /// gone.
    ///
    /// What can't be read or can't act any more keeps nobody from starting.
    private func bringBackRules() async {
        for lab in labs.all {
            do {
                let rules = try installation.shelf.rules(of: lab)
                guard !rules.isEmpty else { continue }
                var fields: Logger.Metadata = ["lab": "\(lab.name)"]
                guard settings.keepsRules else {
                    fields["rules"] = "\(rules.map(\.name).joined(separator: " "))"
                    logger.notice("fault rules ended with the run before: faults.persistent is false", metadata: fields)
                    try installation.shelf.keep([], of: lab)
                    continue
                }
                for (rule, defect) in await installation.faults.bringBack(rules, to: lab) {
                    fields["rule"] = "\(rule.name)"
                    fields["reason"] = defect.map { "\($0)" }
                    let isThere = defect == nil
                    logger.log(
                        level: isThere ? .notice : .error,
                        isThere ? "fault rule in force again" : "the fault rule is not in force again",
                        metadata: fields
                    )
                }
            } catch {
                tell("the lab's fault rules can't be read", of: lab, error)
            }
        }
    }

    private func tell(_ what: Logger.Message, of lab: Lab, _ error: any Error) {
        logger.error(what, metadata: ["lab": "\(lab.name)", "reason": "\(error)"])
    }

    /// The address that a setting gives; asks the resolver for a name.
    private static func resolve(_ text: String, for setting: String) throws(SettingsError) -> SocketAddress {
        do throws(AddressError) {
            return try SocketAddress.resolve(text)
        } catch {
            throw SettingsError(origin: "address \"\(text)\"", name: setting, reason: error.reason)
        }
    }

    private func openAdminPlane() throws -> Listener<AdminService> {
        let address = try Self.resolve(settings.admin, for: "admin")
        func refusal(_ reason: String, at origin: String) -> SettingsError {
            SettingsError(origin: origin, name: "adminTokenFile", reason: reason)
        }
        var token: BearerToken?
        if let path = settings.adminTokenFile {
            let text: String
            do throws(SystemError) { text = try File.readText(path) } catch { throw refusal(error.reason, at: path) }
            token = TokenFile.token(in: text).flatMap { BearerToken($0) }
            guard token != nil else {
                throw refusal("holds no token of at least \(BearerToken.minimumLength) visible characters", at: path)
            }
        }
        guard address.isLoopback || token != nil else {
            throw refusal("other machines reach this address, so a token is needed", at: "admin \(address)")
        }
        return try Listener(
            at: address,
            context: ListenerContext(
                name: "admin",
                lab: nil,
                speaksTLS: !address.isLoopback,
                service: AdminService(of: installation, at: address, token: token),
                limits: settings.limits.forDocuments(of: RegistryDocument.sizeLimit),
                log: ConnectionLog(logger, for: .administration)
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
            at: try Self.resolve(text, for: "pkiListener"),
            context: ListenerContext(
                name: "pki",
                lab: nil,
                speaksTLS: false,
                service: AuthorityService(spanning: { [certificates] in certificates.moments }) { [certificates] in
                    certificates.publication
                },
                limits: settings.limits,
                log: ConnectionLog(logger)
            ),
            on: server.control.loop,
            dealingTo: [server.control],
            census: server.publicCensus,
            logger: logger
        )
    }

    /// Drains at the first signal; a second one ends the process at once, on a thread of its own, whatever still waits.
    private func obeySignals() async {
        // The loop holds whoever waits on it, and the channel holds the loop.
        defer { signals.value.close() }
        guard let signal = await signals.value.nextSignal() else { return }
        logger.notice("draining", metadata: ["signal": "\(signal)"])
        readiness.set(false)
        await plane.stopReopening()
        await server.drain()
    }
}
