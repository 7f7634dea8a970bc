package import Faults
import IO
package import Lab
import Logging
import Notation
import TLS
import TLSNames

/// What rules ask for, made before they come into force.
extension Certificates {
    /// Makes what a rule's handshakes will need, and checks what it names.
    ///
    /// Throws a ``RuleDefect`` where there is no such profile, suite or group, or no certificate can be made; then
    /// nothing is different.
    package func prepare(_ rule: Rule, for lab: Lab) async throws(RuleDefect) {
        try await turns.pass { () throws(RuleDefect) in try await make(rule, for: lab) }
    }

    private func make(_ rule: Rule, for lab: Lab) async throws(RuleDefect) {
        let plan = rule.trial.handshake
        do throws(TLSError) {
            if !plan.cipherSuites.isEmpty { _ = try CipherList(plan.cipherSuites) }
            if !plan.groups.isEmpty { _ = try GroupList(plan.groups) }
        } catch {
            throw RuleDefect("with.list", "\(error.cause)")
        }
        if let name = plan.profile {
            let profiles = try await knownProfiles()
            guard let profile = profiles[name] else {
                let near = NearNames.find(name, among: profiles.keys)
                let known = profiles.keys.sorted().joined(separator: ", ")
                throw RuleDefect(
                    "with.profile",
                    known.isEmpty
                        ? "there are no profiles in \(profilePlace)"
                        : "no profile is called \"\(name)\" in \(profilePlace)"
                            + (near.isEmpty ? "; there are \(known)" : Wording.suggestion(near))
                )
            }
            try await prepare(profile, for: lab)
        }
        if plan.staple != nil { try await prepare(nil, for: lab) }
        if plan.clientCertificate != nil { try prepareClientCertificates() }
    }

    /// The names of the profiles that a rule may name, in alphabetical order; none where they can't be read.
    package func profileNames() async -> [String] {
        guard let known = try? await knownProfiles() else { return [] }
        return known.keys.sorted()
    }

    /// The profiles by name, read now where nobody asked for one before.
    private func knownProfiles() async throws(RuleDefect) -> [String: CertificateProfile] {
        if let known = profiles.withLock({ $0 }) { return known }
        let read = readProfiles
        do {
            let list = try await IO.Thread.perform(named: "pki") { try read() }
            let known = Dictionary(list.map { ($0.name, $0) }) { $1 }
            profiles.withLock { $0 = known }
            return known
        } catch {
            throw RuleDefect("with.profile", "the profiles can't be read: \(error)")
        }
    }

    /// Makes what a lab's rules present anew where its clock has left what was made; what can't be is said in the log.
    package func followProfiles(of lab: Lab) async {
        for name in server.profiles.profiles(of: lab) { await renew(name, lab) }
    }

    /// Drops what was made for a lab that is gone.
    package func forgetProfiles(of lab: Lab) async {
        await turns.pass { server.profiles.removeAll(of: lab) }
    }

    /// Makes anew what is due.
    func renewProfiles() async {
        for lab in server.profiles.labs { await followProfiles(of: lab) }
    }

    private func renew(_ name: String?, _ lab: Lab) async {
        let profile = name.flatMap { name in profiles.withLock { $0?[name] } }
        guard name == nil || profile != nil else { return }
        do throws(RuleDefect) {
            try await turns.pass { () throws(RuleDefect) in
                // The lab may have gone meanwhile.
                guard server.profiles.prepared(name, for: lab) != nil else { return }
                try await prepare(profile, for: lab)
            }
        } catch {
            logger.error(
                "a certificate for rules was not made anew",
                metadata: ["lab": "\(lab.name)", "profile": "\(name ?? "-")", "reason": "\(error.reason)"]
            )
        }
    }

    /// Makes what one profile, or for nil the usual certificate's OCSP answers, needs; what is still good stays.
    private func prepare(_ profile: CertificateProfile?, for lab: Lab) async throws(RuleDefect) {
        let (host, own) = (LabClock.hostNow, lab.clock.now)
        let moments = min(host, own)...max(host, own)
        if let made = server.profiles.prepared(profile?.name, for: lab)?.moments, Self.isStillGood(made, for: moments) {
            return
        }
        let pki = self.pki
        let usual = profile == nil ? usualIdentities(of: lab, in: pki) : nil
        do {
            let (prepared, revoked) = try await IO.Thread.perform(named: "pki") {
                do {
                    return try Self.make(profile, usual, pki, spanning: moments)
                } catch PKIError.outsideRoot where lab.clock.certificates == .host {
                    // The lab's clock is beyond what any certificate of the installation can say.
                    return try Self.make(profile, usual, pki, spanning: host...host)
                }
            }
            try await publish(revoked)
            server.profiles.put(prepared, as: profile?.name, for: lab)
        } catch {
            throw RuleDefect("with.profile", "it cannot be made: \(error)")
        }
    }

    /// Whether what was made for some moments still shows the same at others: within half a day of them.
    private static func isStillGood(_ made: ClosedRange<Int64>, for moments: ClosedRange<Int64>) -> Bool {
        made.lowerBound <= moments.lowerBound && moments.lowerBound <= made.lowerBound + stapleLife
            && made.upperBound <= moments.upperBound && moments.upperBound <= made.upperBound + stapleLife
    }

    /// What is presented anyway, to clients that ask for no name and to those that do.
    private func usualIdentities(of lab: Lab, in pki: PKI) -> (unnamed: Identity, named: Identity) {
        let usual = (unnamed: pki.server, named: pki.named)
        guard lab.clock.certificates == .lab else { return usual }
        let now = lab.clock.now
        guard let unnamed = try? pki.identity(at: now), let named = try? pki.identity(at: now, calling: .byName) else {
            return usual
        }
        return (unnamed, named)
    }

    private static func make(
        _ profile: CertificateProfile?,
        _ usual: (unnamed: Identity, named: Identity)?,
        _ pki: PKI,
        spanning moments: ClosedRange<Int64>
    ) throws -> (ProfileShelf.Prepared, [Revocation]) {
        guard let profile else {
            func variant(_ identity: Identity) throws -> ProfileShelf.Variant {
                let staples = try staples { try pki.staple($0, for: identity, spanning: moments) }
                return ProfileShelf.Variant(identity: nil, staples: staples)
            }
            let prepared = ProfileShelf.Prepared(
                unnamed: try variant(usual?.unnamed ?? pki.server),
                standard: try variant(usual?.named ?? pki.named),
                byName: [:],
                moments: moments
            )
            return (prepared, [])
        }
        let identities = try pki.mint(profile, spanning: moments)
        func variant(_ minted: MintedProfile) throws -> ProfileShelf.Variant {
            let staples = try staples { try minted.staple($0, spanning: moments) }
            let identity = try PresentedIdentity(minted.identity, staple: staples[minted.honestStaple])
            return ProfileShelf.Variant(identity: identity, staples: staples)
        }
        let prepared = ProfileShelf.Prepared(
            unnamed: try variant(identities.unnamed),
            standard: try variant(identities.standard),
            byName: try identities.byName.mapValues(variant),
            moments: moments
        )
        return (prepared, identities.revocations)
    }

    /// An OCSP answer of every kind that `make` makes one of.
    private static func staples(_ make: (StapleStatus) throws -> [UInt8]?) rethrows -> [StapleStatus: [UInt8]] {
        var staples: [StapleStatus: [UInt8]] = [:]
        for status in StapleStatus.allCases { staples[status] = try make(status) }
        return staples
    }

    /// Puts what a profile took back on the lists and into OCSP answers.
    private func publish(_ revoked: [Revocation]) async throws {
        guard !revoked.isEmpty else { return }
        state.withLock { $0.revoked += revoked }
        try await publish()
    }

    private func prepareClientCertificates() throws(RuleDefect) {
        let anchors = pki.deviceTrust
        do throws(TLSError) {
            server.profiles.put([
                try ClientCertificateRequest(isRequired: false, trustAnchors: anchors),
                try ClientCertificateRequest(isRequired: true, trustAnchors: anchors),
            ])
        } catch {
            throw RuleDefect("with.mode", "the device authority can't be used: \(error)")
        }
    }
}
