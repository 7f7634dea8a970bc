package import Faults
import IO
import Journal
package import Lab
import Notation

/// The one way by which fault rules come and go, whoever asks: the admin plane, the configuration, scenarios.
///
/// It refuses what only the listeners can tell, and does what must be done before a rule can act and after the rules
/// are others. One thing at a time is asked of one lab.
package final class FaultAdministration: Sendable {
    private let plane: DataPlane
    let certificates: Certificates
    private let keep: @Sendable (Lab, [RuleState]) async -> Void
    /// The rules that come back by themselves, by their labs' names.
    private let unkept = Monitor<[String: Set<String>]>([:])

    /// Administers the rules of every lab that the plane's listeners serve; `certificates` makes what rules present.
    ///
    /// `keep` is told the rules that people added to a lab when these are others than before.
    package init(
        of plane: DataPlane,
        presenting certificates: Certificates,
        keep: @escaping @Sendable (Lab, [RuleState]) async -> Void
    ) {
        self.plane = plane
        self.certificates = certificates
        self.keep = keep
    }

    /// Puts a rule behind the lab's others, and returns it as it is in force, under the name that it has there.
    ///
    /// `isKept` is false for what comes back without being kept: rules of the configuration and of scenarios. Throws a
    /// ``RuleDefect`` where it could not work or its name is taken; then nothing has changed. What looks like a slip
    /// and may be meant is taken, and noted in the state.
    package func add(_ rule: Rule, to lab: Lab, isKept: Bool = true) async throws(RuleDefect) -> RuleState {
        let added = try await putInForce(rule, in: lab)
        if isKept {
            await keepRules(of: lab)
        } else {
            unkept.withLock { _ = $0[lab.name, default: []].insert(added.rule.name) }
        }
        return added
    }

    /// Puts rules that were kept into force again, and returns each with the reason where it could not.
    package func bringBack(_ rules: [Rule], to lab: Lab) async -> [(rule: Rule, defect: RuleDefect?)] {
        var outcomes: [(rule: Rule, defect: RuleDefect?)] = []
        for rule in rules {
            do throws(RuleDefect) {
                _ = try await putInForce(rule, in: lab)
                outcomes.append((rule, nil))
            } catch {
                outcomes.append((rule, error))
            }
        }
        await keepRules(of: lab)
        return outcomes
    }

    private func keepRules(of lab: Lab) async {
        let others = unkept.withLock { $0[lab.name] ?? [] }
        await keep(lab, lab.faults.rules.filter { !others.contains($0.rule.name) })
    }

    private func putInForce(_ rule: Rule, in lab: Lab) async throws(RuleDefect) -> RuleState {
        try check(rule, in: lab, among: await plane.listeners)
        try await certificates.prepare(rule, for: lab)
        let needsPast = rule.needsBinding && !lab.faults.needsBindings
        let notes = notes(on: rule, in: lab)
        let name = try lab.faults.add(rule, notes: notes, knowing: needsPast ? await speakers(in: lab) : []).name
        let added = lab.faults.rules.first { $0.rule.name == name }
        await plane.followRefusals(of: lab)
        guard let added else { throw RuleDefect("for", "its time was over before it could act") }
        return added
    }

    /// Takes a rule away; false where the lab has none of this name.
    package func remove(_ name: String, from lab: Lab) async -> Bool {
        guard lab.faults.remove(name) else { return false }
        let wasKept = unkept.withLock { $0[lab.name]?.remove(name) == nil }
        if wasKept { await keepRules(of: lab) }
        await plane.followRefusals(of: lab)
        return true
    }

    /// Takes all of the lab's rules away.
    package func removeAll(from lab: Lab) async {
        lab.faults.removeAll()
        unkept.withLock { $0[lab.name] = nil }
        await keepRules(of: lab)
        await plane.followRefusals(of: lab)
    }

    /// Refuses what could never act for want of a listener.
    ///
    /// Before a request names its lab, a connection is of its listener's lab. A request may come through any listener.
    private func check(_ rule: Rule, in lab: Lab, among all: [DataPlane.Entry]) throws(RuleDefect) {
        let isOfListener = rule.stage < .request || rule.stage == .close
        let listeners = isOfListener ? all.filter { $0.lab == lab.name } : all
        guard !isOfListener || !listeners.isEmpty else {
            throw RuleDefect(
                "do",
                "\(rule.effect.name) acts where no request has named its lab, and the lab \(lab.name) has no listener",
                isConflict: true
            )
        }
        guard let name = rule.match.text(of: .listener), !listeners.contains(where: { $0.name == name }) else { return }
        let names = listeners.map(\.name).joined(separator: ", ")
        throw RuleDefect(
            "when.listener",
            "no listener that leads there has the name \(VisibleText.quoted(name, upTo: 64)); there are \(names)",
            isConflict: true
        )
    }

    /// Who spoke before; a full journal takes longer to copy than a loop may be held.
    private func speakers(in lab: Lab) async -> [(exchange: ExchangeFacts, address: SocketAddress.Host)] {
        let journal = lab.journal
        return (try? await IO.Thread.perform(named: "journal") { journal.speakers }) ?? journal.speakers
    }
}
