import FoundationEssentials
import IO
package import Lab
package import Logging
package import TLS

/// What the server presents: the installation's own certificate, another to each lab whose certificates follow its
/// clock, and those that rules ask for.
///
/// Minting blocks, so it happens on a thread of its own while the caller waits.
package final class Certificates: Sendable {
    struct State: Sendable {
        var pki: PKI
        var publication: PKIPublication
        /// The number of the publication that was last begun.
        var number: Int64
        /// What profiles took back; it only grows, since clients may hold such a certificate.
        var revoked: [Revocation] = []
        /// The labs whose certificates follow their own clock.
        var labs: [String: Lab] = [:]
        var presented: Presentation
    }

    let server: Server
    let logger: Logger
    let state: Monitor<State>
    /// Reads the profiles that rules may ask for.
    let readProfiles: @Sendable () throws -> [CertificateProfile]
    /// Where they come from, for whoever asks for another.
    let profilePlace: String
    /// The same by name, once a rule has asked for one.
    let profiles = Monitor<[String: CertificateProfile]?>(nil)
    /// One thing at a time is made for labs: what a renewal mints must not come behind a later clock, or the lab's end.
    let turns = Turnstile()

    /// How often certificates are looked at.
    private static let renewalInterval = Duration.seconds(3600)
    /// After how many seconds an OCSP answer is made anew; each is good for a day or more.
    static let stapleLife: Int64 = 43_200

    /// Presents the installation's certificate on every loop; rules may ask for what `profiles` reads from
    /// `profilePlace`.
    ///
    /// They are read on a thread of their own with the first rule that asks, since a start need not wait for that.
    /// Blocks for a few signatures. Throws what keeps the certificates from being presented or published.
    package init(
        _ pki: PKI,
        profiles: @escaping @Sendable () throws -> [CertificateProfile] = { [] },
        of profilePlace: String = "none",
        on server: Server,
        logger: Logger
    ) throws {
        self.server = server
        self.logger = logger
        readProfiles = profiles
        self.profilePlace = profilePlace
        let now = LabClock.hostNow
        let presented = try Presentation(of: pki, at: now)
        let number = Self.firstNumber
        let publication = try pki.publication(spanning: now...now, number: number)
        state = Monitor(State(pki: pki, publication: publication, number: number, presented: presented))
        try server.present(presented)
    }

    /// The installation's certificates as they are now.
    package var pki: PKI { state.withLock { $0.pki } }

    /// Certificates of this server that are good at `moment`, in seconds since 1970; they are presented to nobody yet.
    ///
    /// Throws `PKIError` where none can be.
    package func identity(at moment: Int64) async throws -> Presentation {
        let pki = self.pki
        return try await IO.Thread.perform(named: "pki") { () throws(PKIError) in
            try Presentation(
                try pki.identity(at: moment),
                named: try pki.identity(at: moment, calling: .byName),
                of: pki,
                at: moment
            )
        }
    }

    /// Lets new connections to the lab's listeners see `presentation`, and lists and OCSP answers count by its clock
    /// too.
    package func present(_ presentation: Presentation, to lab: Lab) async throws(TLSError) {
        try await turns.pass { () throws(TLSError) in try await put(presentation, to: lab) }
    }

    private func put(_ presentation: Presentation, to lab: Lab) async throws(TLSError) {
        try server.present(presentation, to: lab)
        state.withLock { $0.labs[lab.name] = lab }
        await publishForClocks()
    }

    /// Presents to the lab what its clock asks for; what can't be is said in the log, and the host's clock then goes.
    package func follow(_ lab: Lab) async {
        await turns.pass {
            if lab.clock.certificates == .lab { await putWhatItsClockWants(to: lab) } else { await drop(lab) }
        }
    }

    /// Renews what a lab that follows its clock sees, unless it was let go of meanwhile.
    private func renew(_ lab: Lab) async {
        await turns.pass {
            guard state.withLock({ $0.labs[lab.name] === lab }) else { return }
            await putWhatItsClockWants(to: lab)
        }
    }

    private func putWhatItsClockWants(to lab: Lab) async {
        do {
            try await put(try await identity(at: lab.clock.now), to: lab)
        } catch {
            await drop(lab)
            logger.error(
                "the lab's certificates follow the host's clock",
                metadata: ["lab": "\(lab.name)", "reason": "\(error)"]
            )
        }
    }

    /// Presents the installation's certificate to the lab's listeners again.
    package func forget(_ lab: Lab) async {
        await turns.pass { await drop(lab) }
    }

    private func drop(_ lab: Lab) async {
        let isHeld = state.withLock { state in
            guard state.labs[lab.name] === lab else { return false }
            state.labs[lab.name] = nil
            return true
        }
        guard isHeld else { return }
        server.presentNothingElse(to: lab)
        await publishForClocks()
    }

    /// Renews what is due, now and then, until the task is cancelled.
    package func keepRenewed() async {
        while (try? await Task.sleep(for: Self.renewalInterval)) != nil {
            do {
                try await renew()
                for lab in state.withLock({ Array($0.labs.values) }) { await renew(lab) }
                await renewProfiles()
                try await publish()
            } catch {
                logger.error("certificates were not renewed", metadata: ["reason": "\(error)"])
            }
        }
    }

    private func renew() async throws {
        let (held, presented) = state.withLock { ($0.pki, $0.presented) }
        let now = LabClock.hostNow
        let (pki, next) = try await IO.Thread.perform(named: "pki") {
            let renewed = try held.renewed(at: now)
            // Who has a ticket keeps it where only the OCSP answer is new.
            let next: Presentation? =
                if !renewed.changes.isEmpty {
                    try Presentation(of: renewed, at: now)
                } else if presented.made + Self.stapleLife < now {
                    try Presentation(of: renewed, at: now, keeping: presented.ticketKeys)
                } else {
                    nil
                }
            return (renewed, next)
        }
        state.withLock { $0.pki = pki }
        for change in pki.changes { logger.notice("certificates: \(change)") }
        guard let next else { return }
        try server.present(next)
        state.withLock { $0.presented = next }
    }
}

/// What is told of the certificates to anyone, by every clock that they follow.
extension Certificates {
    /// The root, the lists of what was revoked, and what OCSP needs.
    package var publication: PKIPublication { state.withLock { $0.publication } }

    /// What the clocks say that certificates follow, the earliest and the latest, in Unix seconds.
    ///
    /// They are the host's, and those of the labs that asked for certificates of their own time. A client may ask by
    /// any of them, and nothing in its question says by which; so lists and answers count from the earliest to the
    /// latest.
    package var moments: ClosedRange<Int64> { state.withLock { Self.moments(of: $0.labs.values) } }

    private static func moments(of labs: some Sequence<Lab>) -> ClosedRange<Int64> {
        let host = LabClock.hostNow
        return labs.reduce(host...host) { span, lab in
            let own = lab.clock.now
            return min(span.lowerBound, own)...max(span.upperBound, own)
        }
    }

    /// The number of the first publication at the present: above those of every run before, with room for 128 in a
    /// millisecond.
    ///
    /// By seconds, a server that was started again within the second in which it had published more than once would
    /// have begun below.
    static var firstNumber: Int64 { Int64(max(0, Date.now.timeIntervalSince1970) * 1000) << 7 }

    /// Publishes anew, as things were revoked and as the clocks are.
    ///
    /// Of two that overlap, the one that saw more stays. Throws ``PKIError`` where signing fails; then the one before
    /// stays.
    func publish() async throws {
        let (pki, revoked, moments, number) = state.withLock { state in
            state.number = max(state.number + 1, Self.firstNumber)
            return (state.pki, state.revoked, Self.moments(of: state.labs.values), state.number)
        }
        let publication = try await IO.Thread.perform(named: "pki") { () throws(PKIError) in
            try pki.publication(revoking: revoked, spanning: moments, number: number)
        }
        state.withLock { state in
            if state.publication.number < number { state.publication = publication }
        }
    }

    /// Publishes anew where another clock than before is followed; what can't be is said in the log.
    func publishForClocks() async {
        do {
            try await publish()
        } catch {
            logger.error("revocation lists were not signed anew", metadata: ["reason": "\(error)"])
        }
    }
}
