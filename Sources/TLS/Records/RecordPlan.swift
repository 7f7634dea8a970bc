package import TLSNames

/// What happens to the records of one handshake that leave.
///
/// Each intervention meets the first record of its label, once. Two that end the output can both stand in a plan; the
/// record that comes first decides. A record of ChangeCipherSpec goes with the record after it: it leaves before one
/// that is changed or cut, and does not leave before one that is kept back or replaced.
package struct RecordPlan: Sendable, Equatable {
    /// What happens, by the record that it happens to.
    package var interventions: [RecordLabel: RecordIntervention]
    /// How long every record of the handshake waits before it leaves, tickets included; nil for no wait.
    ///
    /// The engine never waits: its owner does, as ``Wire/held`` says.
    package var gap: Duration?

    /// A plan.
    package init(interventions: [RecordLabel: RecordIntervention] = [:], gap: Duration? = nil) {
        self.interventions = interventions
        self.gap = gap
    }

    /// Whether nothing happens at all.
    package var isEmpty: Bool { interventions.isEmpty && gap == nil }
}
