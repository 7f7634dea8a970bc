/// What happens to the records of one handshake that leave.
///
/// Each intervention meets the first record of its label, once. Two that end the output can both stand in a plan; the
/// record that comes first decides. A record of ChangeCipherSpec goes with the record after it: it leaves before one
/// that is changed or cut, and does not leave before one that is kept back or replaced.
package struct RecordPlan: Sendable, Equatable {
    /// What happens to one record.
    package enum Intervention: Sendable, Equatable {
        /// It and everything after it is kept back for good.
        case stall
        /// So many of its bytes leave, header included, half of them for nil; then nothing more does.
        case truncate(bytes: Int?)
        /// One bit of it is changed: of a sealed record one in the middle, of one in clear one of its message's type.
        case corrupt
        /// A fatal alert leaves instead of it, and nothing after it.
        ///
        /// It is sealed where the record would have been. In TLS 1.2 and before, an alert instead of `finished` leaves
        /// in clear, before ChangeCipherSpec.
        case alert(AlertCode)
    }

    /// What happens, by the record that it happens to.
    package var interventions: [RecordLabel: Intervention]
    /// How long every record of the handshake waits before it leaves, tickets included; nil for no wait.
    ///
    /// The engine never waits: its owner does, as ``Wire/held`` says.
    package var gap: Duration?

    /// A plan.
    package init(interventions: [RecordLabel: Intervention] = [:], gap: Duration? = nil) {
        self.interventions = interventions
        self.gap = gap
    }

    /// Whether nothing happens at all.
    package var isEmpty: Bool { interventions.isEmpty && gap == nil }
}
