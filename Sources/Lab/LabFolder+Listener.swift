package import Registry

/// The listener of its own that a lab may have, kept with it.
extension LabFolder {
    /// The lab's own listener; nil for none.
    ///
    /// It blocks its caller's thread for a read of the file.
    package func listener(of lab: Lab) throws(StoreError) -> LabListener? {
        try listenFact(of: lab).flatMap { LabListener(kept: $0) }
    }

    /// Keeps where the lab's own listener is, for good.
    package func keep(_ listener: LabListener, of lab: Lab) async throws(StoreError) {
        try await lab.store.setFact(Fact.listen, listener.kept)
    }

    /// The same as it is kept, which no restored registry may change.
    func listenFact(of lab: Lab) throws(StoreError) -> String? { try lab.store.fact(Fact.listen) }
}
