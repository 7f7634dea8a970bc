package import Registry

extension SQLiteStore {
    /// Does what an operator asks; returns once what it changed is durable.
    ///
    /// - Throws: `StoreError`; then nothing was changed, except that after `StoreError.Kind.io` nobody can tell.
    package func perform(
        _ operation: RegistryOperation,
        _ context: RuleContext
    ) async throws(StoreError) -> OperationOutcome {
        let ruling: Ruling<OperationOutcome> = try unsafe await queue.perform(path: path) {
            unsafe .operation(operation, context, $0)
        }
        return ruling.outcome
    }

    /// Makes the registry what a document says, all of it or nothing, and returns what it holds now.
    ///
    /// - Throws: `StoreError`, as ``perform(_:_:)`` does.
    @discardableResult
    package func replace(
        with document: RegistryDocument,
        facts: RegistryFacts = [:]
    ) async throws(StoreError) -> RegistryCounts {
        let changes = document.changes
        return try unsafe await queue.perform(path: path) { unsafe .replace(changes, facts, $0) }
    }

    /// Merges a document into the registry, all of it or nothing.
    ///
    /// - Throws: `StoreError`, as ``perform(_:_:)`` does.
    package func merge(
        _ draft: DocumentDraft,
        _ chance: Chance,
        facts: RegistryFacts = [:]
    ) async throws(StoreError) -> MergeOutcome {
        try unsafe await queue.perform(path: path) { unsafe .merge(draft, chance, facts, $0) }
    }

    /// A fact that the lab keeps with its registry, such as how its clock stands; nil where there is none.
    ///
    /// It blocks its caller's thread for a read of the file.
    package func fact(_ name: String) throws(StoreError) -> String? {
        let statement = try SQLiteConnection(path: path, .read)
            .prepare("SELECT value FROM facts WHERE name = ?1", as: "read fact")
        statement.bind(name, at: 1)
        return try statement.step() ? statement.text(0) : nil
    }

    /// Keeps facts, all of them or none; returns once that is durable.
    ///
    /// - Throws: `StoreError`, as ``perform(_:_:)`` does.
    package func setFacts(_ facts: RegistryFacts) async throws(StoreError) {
        try unsafe await queue.perform(path: path) { unsafe .facts(facts, $0) }
    }

    /// Writes a consistent copy of the registry to a file of mode 0600, facts and draws included: whole, or not at all.
    ///
    /// It reads one state on a connection of its own, so the writer goes on; it blocks its caller's thread until the
    /// copy is on the disk.
    ///
    /// - Throws: `StoreError` that names the snapshot's file; what stood there before still stands.
    package func snapshot(to path: String) throws(StoreError) {
        try SnapshotFile.write(SQLiteConnection(path: self.path, .read), to: path)
    }

    /// Makes the registry what a snapshot holds, draws included, and facts but for these; returns once that is durable.
    ///
    /// A snapshot of an older layout is brought to this one's in a copy; the snapshot itself is never written.
    ///
    /// - Throws: `StoreError`; the registry is as it was. `StoreError.Kind.foreign` where the file is missing, damaged
    ///   or no registry, and `.newer` where a newer version of this program wrote it.
    package func restore(from path: String, facts: RegistryFacts = [:]) async throws(StoreError) {
        try unsafe await queue.perform(path: self.path) { unsafe .restore(path, facts, $0) }
    }
}
