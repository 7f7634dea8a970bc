import IO
package import Lab
package import Logging
package import TLS

/// What the server presents: the installation's own certificate, and another to each lab whose certificates follow its
/// clock.
///
/// Minting blocks, so it happens on a thread of its own while the caller waits.
package final class Certificates: Sendable {
    private struct State: Sendable {
        var pki: PKI
        var publication: PKIPublication
        var labs: [String: Lab] = [:]
    }

    private let server: Server
    private let logger: Logger
    private let state: Monitor<State>

    /// How often certificates are looked at.
    private static let renewalInterval = Duration.seconds(3600)

    /// Presents the installation's certificate on every loop.
    ///
    /// Blocks for a few signatures. Throws what keeps the certificates from being presented or published.
    package init(_ pki: PKI, on server: Server, logger: Logger) throws {
        self.server = server
        self.logger = logger
        state = Monitor(State(pki: pki, publication: try pki.publication(now: LabClock.hostNow)))
        try server.present(pki.server)
    }

    /// The installation's certificates as they are now.
    package var pki: PKI { state.withLock { $0.pki } }

    /// What is told of them to anyone: the root, the lists of what was revoked, and what OCSP needs.
    package var publication: PKIPublication { state.withLock { $0.publication } }

    /// Lets new connections to the lab's listeners see a certificate that is good at `moment`, in seconds since 1970.
    ///
    /// Throws `PKIError` where none can be, and then nothing has changed.
    package func present(to lab: Lab, at moment: Int64) async throws {
        try present(try await identity(at: moment), to: lab)
    }

    /// A certificate of this server that is good at `moment`, in seconds since 1970; it is presented to nobody yet.
    package func identity(at moment: Int64) async throws -> Identity {
        let pki = self.pki
        return try await IO.Thread.perform(named: "pki") { try pki.identity(at: moment) }
    }

    /// Lets new connections to the lab's listeners see `identity`.
    package func present(_ identity: Identity, to lab: Lab) throws(TLSError) {
        try server.present(identity, to: lab)
        state.withLock { $0.labs[lab.name] = lab }
    }

    /// Presents to the lab what its clock asks for; what can't be is said in the log, and the host's clock then goes.
    package func follow(_ lab: Lab) async {
        guard lab.clock.certificates == .lab else { return forget(lab) }
        do {
            try await present(to: lab, at: lab.clock.now)
        } catch {
            forget(lab)
            logger.error(
                "the lab's certificates follow the host's clock",
                metadata: ["lab": "\(lab.name)", "reason": "\(error)"]
            )
        }
    }

    /// Presents the installation's certificate to the lab's listeners again.
    package func forget(_ lab: Lab) {
        guard state.withLock({ $0.labs.removeValue(forKey: lab.name) }) != nil else { return }
        server.presentNothingElse(to: lab)
    }

    private func isFollowing(_ lab: Lab) -> Bool { state.withLock { $0.labs[lab.name] === lab } }

    /// Renews what is due, now and then, until the task is cancelled.
    package func keepRenewed() async {
        while (try? await Task.sleep(for: Self.renewalInterval)) != nil {
            do {
                let held = pki
                let (current, publication) = try await IO.Thread.perform(named: "pki") {
                    let renewed = try held.renewed(at: LabClock.hostNow)
                    return (renewed, try renewed.publication(now: LabClock.hostNow))
                }
                state.withLock { ($0.pki, $0.publication) = (current, publication) }
                if !current.changes.isEmpty {
                    try server.present(current.server)
                    for change in current.changes { logger.notice("certificates: \(change)") }
                }
                for lab in state.withLock({ Array($0.labs.values) }) where isFollowing(lab) { await follow(lab) }
            } catch {
                logger.error("certificates were not renewed", metadata: ["reason": "\(error)"])
            }
        }
    }
}
