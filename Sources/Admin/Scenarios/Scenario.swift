import Documents
import Faults
import Lab
import Registry

/// A ready-made world for one published symptom: registry rows, operations, a clock, fault rules, and what is then seen.
package struct Scenario: Sendable {
    /// How a scenario sets the lab's clock.
    struct Clock: Sendable {
        /// Whether time passes; nil leaves it.
        let mode: LabClock.Mode?
        /// The moment that it shows, in seconds since 1970; nil leaves it.
        let now: Int64?
    }

    /// Its name, which is its file's.
    package let name: String
    /// What goes wrong, in a line.
    package let title: String
    /// The message or log line that was published.
    package let symptom: String
    /// Where it was published.
    package let published: String
    /// What is seen while it runs, in the order in which it has to be asked for.
    package let sights: [ScenarioSight]
    /// The rows that are merged, as the file has them.
    let registry: DocumentNode?
    /// The same, read.
    let draft: DocumentDraft?
    /// How the clock is set.
    let clock: Clock?
    /// What is done to the registry behind the merge.
    let steps: [ScenarioStep]
    /// The fault rules, each under a name that begins with the scenario's.
    let rules: [Rule]

    /// How large a scenario's file may be, in bytes.
    static let sizeLimit = 256 * 1024
}
