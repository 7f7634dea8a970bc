import Faults
import IO
import Lab
import SoftToken
import TLS
import TLSNames
import Transport

/// A handshake that rules made different.
extension Connection {
    /// Waits until what holds the handshake up lets it go on, or ends the connection where nothing will.
    func wait(out progress: Transport.HandshakeProgress) async throws(ConnectionEnd) {
        switch progress {
        case .held:
            if let gap = deviation?.handshake?.gap { try await pause(gap) }
            transport.release()
        case .stalled:
            throw .ordered(.silence(deviation?.handshake?.hold, under: deviation?.handshake?.holdTerm))
        case .ended: throw .ordered(.close)
        case .done, .wantsRead, .wantsWrite: break
        }
    }

    // MARK: What the rules want

    /// What the rules want different; nil for nothing.
    ///
    /// Throws where the TLS library does not take a list that it took when the rule was made.
    func handshakeOptions() throws(StreamFailure) -> HandshakeOptions? {
        guard let plan = deviation?.handshake, let lab = listener.lab else { return nil }
        var options = HandshakeOptions()
        // A session that is resumed would pass by what the rules want seen.
        options.acceptsTickets = false
        options.versions = plan.versions
        do throws(TLSError) {
            options.cipherSuites = plan.cipherSuites.isEmpty ? nil : try CipherList(plan.cipherSuites)
            options.groups = plan.groups.isEmpty ? nil : try GroupList(plan.groups)
        } catch {
            throw .tls(error)
        }
        present(plan, of: lab, in: &options)
        if let mode = plan.clientCertificate, mode != .none {
            options.clientCertificate = context.profiles.clientCertificate(isRequired: mode == .require)
            options.moment = lab.clock.certificates == .lab ? lab.clock.now : nil
        }
        let records = records(plan, of: lab)
        options.records = records.isEmpty ? nil : records
        return options
    }

    private func present(_ plan: HandshakePlan, of lab: Lab, in options: inout HandshakeOptions) {
        let variant = context.profiles.variant(of: plan.profile, in: lab, for: serverName)
        if plan.profile != nil { options.identity = variant?.identity }
        guard let status = plan.staple else { return }
        options.staple = variant?.staples[status].map { .bytes($0) } ?? .none
    }

    private func records(_ plan: HandshakePlan, of lab: Lab) -> RecordPlan {
        var records = RecordPlan(gap: plan.gap?.duration)
        var taken: Set<String> = []
        for step in plan.records {
            guard records.interventions[step.at] == nil else {
                let reason = "\(step.at.rawValue): another rule has that record"
                lab.faults.missed(step.rule, because: reason)
                deviation?.retract(step.rule, because: reason)
                taken.insert(step.rule)
                continue
            }
            records.interventions[step.at] = step.action
        }
        deviation?.handshake?.records.removeAll { taken.contains($0.rule) }
        return records
    }

    // MARK: What came of it

    /// Notes who the client said it was, and which records never came, and tells of the connection again where that was
    /// done before.
    func noteNegotiated() {
        guard let deviation else { return }
        defer { markAgain() }
        let version = transport.negotiation?.version ?? "this version"
        noteUnmetRecords("a handshake of \(version) had no such record")
        guard let plan = deviation.handshake, plan.clientCertificate != nil, let shown = transport.peerCertificate
        else { return }
        deviation.clientCertificate = shown.commonName
        guard plan.matchesSerial else { return }
        // A name that is no serial, as `FortiGate`, speaks for no unit (docs/protocol.md section 9).
        let names = [shown.commonName].compactMap(\.self) + shown.alternativeNames.compactMap { Self.host($0) }
        deviation.certificate = names.lazy.compactMap { Serial($0) }.first
    }

    private static func host(_ name: String) -> String? {
        name.hasPrefix("DNS:") ? String(name.dropFirst("DNS:".count)) : nil
    }

    /// Tells the rules whose records never came.
    func noteUnmetRecords(_ reason: String) {
        guard let deviation, let plan = deviation.handshake, let wire = transport.wire, let lab = listener.lab else {
            return
        }
        let unmet = wire.unmetInterventions
        for step in plan.records where unmet.contains(step.at) {
            lab.faults.missed(step.rule, because: "\(step.at.rawValue): \(reason)")
            deviation.retract(step.rule, because: "\(step.at.rawValue): \(reason)")
        }
        deviation.handshake?.records.removeAll()
    }
}
