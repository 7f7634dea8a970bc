import FoundationEssentials
import IO
import Registry

/// The states that a lab keeps by name.
extension LabFolder {
    /// A kept state of a lab.
    package struct Snapshot: Sendable, Equatable {
        /// Its name.
        package let name: String
        /// When it was made, in seconds since 1970 by the host's clock.
        package let created: Int64
        /// How large its file is, in bytes.
        package let bytes: Int
    }

    /// Whether a snapshot may have this name: it becomes a file's.
    package static func isSnapshotName(_ name: String) -> Bool {
        let lowered = name.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        return isName(String(decoding: lowered, as: UTF8.self))
    }

    /// The lab's snapshots, by name.
    package func snapshots(of lab: Lab) -> [Snapshot] {
        Self.files(in: snapshotFolder(of: lab.name)).filter { $0.hasSuffix(".sqlite") }
            .compactMap { snapshot(String($0.dropLast(".sqlite".count)), of: lab) }.sorted { $0.name < $1.name }
    }

    private func snapshot(_ name: String, of lab: Lab) -> Snapshot? {
        guard Self.isSnapshotName(name), let facts = try? File.facts(of: snapshotFile(name, of: lab)) else {
            return nil
        }
        return Snapshot(name: name, created: facts.written, bytes: facts.size)
    }

    /// Keeps the whole lab as it is now under a name that is free.
    package func makeSnapshot(_ name: String, of lab: Lab) async throws -> Snapshot {
        guard Self.isSnapshotName(name) else { throw LabFolderError.badName(name) }
        guard snapshot(name, of: lab) == nil else { throw LabFolderError.taken("a snapshot \(name)") }
        try File.makeFolder(snapshotFolder(of: lab.name))
        try await save(lab, to: snapshotFile(name, of: lab))
        guard let made = snapshot(name, of: lab) else { throw LabFolderError.missing("snapshot \(name)") }
        return made
    }

    /// Puts the lab back to what a snapshot kept, its clock included; the journal goes on.
    ///
    /// A scenario that runs goes on, and one that ran when the snapshot was made does not begin again.
    package func restore(_ name: String, of lab: Lab) async throws {
        guard snapshot(name, of: lab) != nil else { throw LabFolderError.missing("snapshot \(name)") }
        let facts = try lab.lastingFacts(scenario: lab.runningScenario())
        try await lab.store.restore(from: snapshotFile(name, of: lab), facts: facts)
        try lab.readClock()
    }

    /// Removes a snapshot.
    package func removeSnapshot(_ name: String, of lab: Lab) throws(LabFolderError) {
        guard snapshot(name, of: lab) != nil else { throw .missing("snapshot \(name)") }
        do {
            try FileManager.default.removeItem(atPath: snapshotFile(name, of: lab))
        } catch {
            throw .file("the snapshot \(name) can't be removed: \(error)")
        }
    }
}
