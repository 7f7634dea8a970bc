package import Journal
package import Registry
package import RegistrySQLite
package import SoftToken

/// One whole world: a registry, a clock, a seed, rules, a journal.
///
/// Nothing leaks between two labs. A lab is shared by every loop and never changes but inside its store, so there is nothing to lock.
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

    /// What the registry's rules need to know at this moment, `certificate` being the unit that a client certificate names.
    package func ruleContext(certificate: Serial? = nil) -> RuleContext {
        RuleContext(now: clock.now, choices: choices.rules, certificateSerial: certificate, chance: chance)
    }

    /// A loop's session with this lab; it stays on the loop.
    ///
    /// `atEndOfTurn` puts work off to the end of the loop's turn, so that all that one turn asks to be written goes to
    /// the writer at once. Throws where the registry cannot be read.
    package func session(atEndOfTurn: @escaping @Sendable (@escaping () -> Void) -> Void) throws(StoreError)
        -> LabSession
    {
        try LabSession(of: self, atEndOfTurn: atEndOfTurn)
    }
}
