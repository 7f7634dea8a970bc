package import Registry

/// What a lab keeps in its registry beside the rows, under names, and what of it lasts.
///
/// Reading blocks its caller's thread for a read of the registry.
extension Lab {
    /// The names.
    enum Fact {
        static let seed = "seed"
        static let clock = "clock"
        static let certificates = "certificates"
        static let listen = "listen"
        static let origin = "origin"
        static let scenario = "scenario"
    }

    /// The name of the scenario that runs in the lab; nil where none does.
    package func runningScenario() throws(StoreError) -> String? { try store.fact(Fact.scenario) }

    /// The lab's own listener; nil for none.
    package func ownListener() throws(StoreError) -> LabListener? {
        try store.fact(Fact.listen).flatMap { LabListener(kept: $0) }
    }

    /// Keeps where the lab's own listener is, for good.
    package func keep(_ listener: LabListener) async throws(StoreError) {
        try await store.setFact(Fact.listen, listener.kept)
    }

    /// Sets the clock, for good.
    package func setClock(
        to setting: LabClock.Setting,
        certificates: LabClock.Certificates
    ) async throws(StoreError) {
        try await store.setFacts(Self.facts(setting, certificates))
        clock.set(setting)
        clock.set(certificates)
    }

    /// Puts the clock as it was kept.
    func readClock() throws(StoreError) {
        clock.set(try store.fact(Fact.clock).flatMap { LabClock.Setting($0) } ?? .host)
        clock.set(try store.fact(Fact.certificates).flatMap { LabClock.Certificates(rawValue: $0) } ?? .host)
    }

    /// How a clock is kept.
    static func facts(_ setting: LabClock.Setting, _ certificates: LabClock.Certificates) -> RegistryFacts {
        [Fact.clock: setting.text, Fact.certificates: certificates.rawValue]
    }

    /// What holds whatever state the lab is put back to: its listener is where it was, no first document is being loaded,
    /// and this scenario runs, or none.
    func lastingFacts(scenario: String?) throws(StoreError) -> RegistryFacts {
        [Fact.listen: try store.fact(Fact.listen), Fact.origin: nil, Fact.scenario: scenario]
    }
}
