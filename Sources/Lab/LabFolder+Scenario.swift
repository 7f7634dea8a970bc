import FoundationEssentials
import IO
package import Registry

/// The scenario that runs in a lab, and the lab as it was before.
///
/// Both are kept with the lab, so that a scenario that a restart cut short can still be ended.
extension LabFolder {
    private func stateBefore(_ lab: Lab) -> String { "\(folder(of: lab.name))/before-scenario.sqlite" }

    /// The name of the scenario that runs in the lab; nil where none does.
    ///
    /// It blocks its caller's thread for a read of the file.
    package func scenario(of lab: Lab) throws(StoreError) -> String? { try lab.store.fact(Fact.scenario) }

    /// Keeps the lab as it is, and notes that this scenario runs in it from now on.
    ///
    /// The note comes first behind the copy, so that a kill at any time leaves a lab that can be put back.
    package func beginScenario(_ name: String, in lab: Lab) async throws {
        let (store, file) = (lab.store, stateBefore(lab))
        try await IO.Thread.perform(named: "snapshot") { try store.snapshot(to: file) }
        try await lab.store.setFact(Fact.scenario, name)
    }

    /// Puts the lab back to what it was before its scenario, its clock included; the journal goes on.
    ///
    /// Throws where that was not kept or can't be read; then nothing has changed, and the scenario still runs.
    package func endScenario(in lab: Lab) async throws {
        let listen = try listenFact(of: lab)
        try await lab.store.restore(
            from: stateBefore(lab),
            facts: [Fact.listen: listen, Fact.origin: nil, Fact.scenario: nil]
        )
        try readClock(of: lab)
        forgetScenario(of: lab)
    }

    /// Removes what was kept for a scenario that does not run any more.
    func forgetScenario(of lab: Lab) {
        try? FileManager.default.removeItem(atPath: stateBefore(lab))
    }
}
