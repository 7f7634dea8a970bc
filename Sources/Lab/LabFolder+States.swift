import FoundationEssentials
import IO
import Journal
package import Registry

/// States of a lab that it can be put back to without a name: as it was first loaded, and as it was before a scenario.
extension LabFolder {
    /// Keeps the lab as it is in a file.
    func save(_ lab: Lab, to file: String) async throws {
        let store = lab.store
        try await IO.Thread.perform(named: "snapshot") { try store.snapshot(to: file) }
    }

    // MARK: - The registry as first loaded

    /// What to keep with a document that is loaded, so that it becomes what a reset comes back to if it is the first:
    /// kept in the load's own transaction, and so not lost to a kill before ``keepOrigin(of:)``.
    package func originFacts(of lab: Lab) -> RegistryFacts {
        FileManager.default.fileExists(atPath: origin(of: lab)) ? [:] : [Lab.Fact.origin: "due"]
    }

    /// Keeps the registry as it is now, to come back to, where the first document was just loaded.
    package func keepOrigin(of lab: Lab) async throws {
        guard try lab.store.fact(Lab.Fact.origin) != nil else { return }
        if try !lab.store.isEmpty { try await save(lab, to: origin(of: lab)) }
        try await lab.store.setFact(Lab.Fact.origin, nil)
    }

    /// Puts the lab back: the registry as first loaded, or empty where none ever was, a running clock, an empty
    /// journal.
    package func reset(_ lab: Lab) async throws(StoreError) {
        let facts = try lab.lastingFacts(scenario: nil).merging(Lab.facts(.host, .host)) { $1 }
        let origin = self.origin(of: lab)
        if FileManager.default.fileExists(atPath: origin) {
            try await lab.store.restore(from: origin, facts: facts)
        } else {
            try await lab.store.replace(with: RegistryDocument(devices: [], licenses: [], tokens: []), facts: facts)
        }
        try lab.readClock()
        forgetScenario(of: lab)
        lab.journal.clear()
    }

    // MARK: - The lab before its scenario

    /// Keeps the lab as it is, and notes that this scenario runs in it from now on.
    ///
    /// The note comes first behind the copy, so that a kill at any time leaves a lab that can be put back, also after a
    /// restart that cut the scenario short.
    package func beginScenario(_ name: String, in lab: Lab) async throws {
        try await save(lab, to: beforeScenario(of: lab))
        try await lab.store.setFact(Lab.Fact.scenario, name)
    }

    /// Puts the lab back to what it was before its scenario, its clock included; the journal goes on.
    ///
    /// Throws where that was not kept or can't be read; then nothing has changed, and the scenario still runs.
    package func endScenario(in lab: Lab) async throws {
        try await lab.store.restore(from: beforeScenario(of: lab), facts: lab.lastingFacts(scenario: nil))
        try lab.readClock()
        forgetScenario(of: lab)
    }

    /// Removes what was kept for a scenario that does not run any more.
    private func forgetScenario(of lab: Lab) {
        try? FileManager.default.removeItem(atPath: beforeScenario(of: lab))
    }
}
