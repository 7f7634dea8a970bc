import IO
package import Journal
package import Registry
package import RegistrySQLite
package import SoftToken

/// One whole world: a registry, a clock, a seed, rules, a journal.
///
/// Nothing leaks between two labs. A lab is shared by every loop and never changes but inside its store, so there is
/// nothing to lock.
package final class Lab: Sendable {
    /// The lab that always exists.
    package static let defaultName = "default"

    /// What the lab decides for itself.
    package struct Choices: Sendable {
        /// The codes and texts of refusals, and the switchable parts of the wire.
        package var writer: AnswerWriter
        /// How the registry's rules decide what is unpublished.
        package var rules: RuleChoices

        /// Joins both.
        package init(writer: AnswerWriter, rules: RuleChoices) {
            self.writer = writer
            self.rules = rules
        }
    }

    /// Its name.
    package let name: String
    /// Where the lab's chance comes from.
    package let chance: Chance
    /// Its time.
    package let clock: LabClock
    /// Its devices, licenses and tokens, for whoever need not know in what they are kept.
    package var store: some RegistryStore { registry }
    /// The same, for what a loop's polls go through.
    let registry: SQLiteStore
    /// What it decides for itself.
    package let choices: Choices
    /// What happened in it.
    package let journal: Journal
    /// Its fault rules.
    package let faults: LabFaults

    /// Puts a lab together around an open store; so many loops write into its journal.
    package init(
        name: String,
        seed: UInt64,
        clock: LabClock,
        store: SQLiteStore,
        choices: Choices,
        journal limits: JournalLimits = JournalLimits(),
        loops: Int = 1
    ) {
        self.name = name
        chance = Chance(seed: seed)
        faults = LabFaults(seed: seed, clock: clock)
        self.clock = clock
        registry = store
        self.choices = choices
        journal = Journal(lab: name, limits: limits, shards: loops) { clock.now }
    }

    /// What the registry's rules need to know at this moment, `certificate` being the unit that a client certificate
    /// names.
    package func ruleContext(certificate: Serial? = nil) -> RuleContext {
        RuleContext(now: clock.now, choices: choices.rules, certificateSerial: certificate, chance: chance)
    }
}

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

    /// What holds whatever state the lab is put back to: its listener is where it was, no first document is being
    /// loaded, and this scenario runs, or none.
    func lastingFacts(scenario: String?) throws(StoreError) -> RegistryFacts {
        [Fact.listen: try store.fact(Fact.listen), Fact.origin: nil, Fact.scenario: scenario]
    }
}

/// The labs of one server, by name; they come and go while it runs.
///
/// Any thread may ask. What a name meant when it was looked up stays good for the exchange that looked it up.
package final class Labs: Sendable {
    private let byName: Monitor<[String: Lab]>

    /// Collects labs; of two with one name the later stays.
    package init(_ labs: [Lab] = []) {
        byName = Monitor(Dictionary(labs.map { ($0.name, $0) }) { $1 })
    }

    /// The lab of this name.
    package subscript(name: String) -> Lab? { byName.withLock { $0[name] } }

    /// All of them, by name.
    package var all: [Lab] { byName.withLock { Array($0.values) }.sorted { $0.name < $1.name } }

    /// Adds a lab; false where the name is taken.
    package func add(_ lab: Lab) -> Bool {
        byName.withLock { labs in
            guard labs[lab.name] == nil else { return false }
            labs[lab.name] = lab
            return true
        }
    }

    /// Takes a lab out, so that no new exchange finds it; nil where there is none.
    package func remove(_ name: String) -> Lab? {
        byName.withLock { $0.removeValue(forKey: name) }
    }
}
