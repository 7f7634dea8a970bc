import FoundationEssentials
package import IO
package import Journal
package import Registry

/// Where labs are kept: a folder with one folder a lab, which holds its registry, the registry as it was first loaded,
/// its snapshots, and where it has a listener of its own.
package struct LabFolder: Sendable {
    /// The folder of all labs.
    package let path: String
    private let choices: Lab.Choices
    private let journal: JournalLimits
    private let loops: Int
    private let seed: UInt64
    private let report: @Sendable (String, StoreError) -> Void

    /// Labs under `path`, made by these choices, with journals that so many loops write into; `seed` is for those that have
    /// none of their own.
    ///
    /// `report` hears on any thread what befell a lab's registry.
    package init(
        path: String,
        choices: Lab.Choices,
        journal: JournalLimits,
        loops: Int,
        seed: UInt64,
        report: @escaping @Sendable (_ lab: String, StoreError) -> Void
    ) {
        self.path = path
        self.choices = choices
        self.journal = journal
        self.loops = loops
        self.seed = seed
        self.report = report
    }

    /// What a lab keeps in its registry's file beside the rows.
    private enum Fact {
        static let seed = "seed"
        static let clock = "clock"
    }

    /// Whether a lab may have this name: it becomes a folder's.
    package static func isName(_ name: String) -> Bool {
        guard (1...63).contains(name.utf8.count), let first = name.utf8.first, isWord(first) else { return false }
        return name.utf8.allSatisfy { isWord($0) || "._-".utf8.contains($0) }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// The labs that are there, by name.
    package var names: [String] {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return folders.filter { Self.isName($0) && FileManager.default.fileExists(atPath: registry(of: $0)) }.sorted()
    }

    private func folder(of name: String) -> String { "\(path)/\(name)" }
    private func registry(of name: String) -> String { "\(path)/\(name)/registry.sqlite" }
    private func origin(of name: String) -> String { "\(path)/\(name)/origin.sqlite" }

    // MARK: - A lab's life

    /// Opens a lab, or makes it where it is missing; with `seed`, that is its seed from now on.
    package func open(_ name: String, seed: UInt64? = nil) async throws(LabFolderError) -> Lab {
        guard Self.isName(name) else { throw .badName(name) }
        let isNew = !FileManager.default.fileExists(atPath: folder(of: name))
        do throws(SystemError) {
            try File.makeFolder(folder(of: name))
        } catch {
            throw .file("\(error)")
        }
        do throws(StoreError) {
            let report = self.report
            let store = try RegistryStore.open(path: registry(of: name)) { report(name, $0) }
            do throws(StoreError) {
                let kept = try store.fact(Fact.seed).flatMap { UInt64($0) }
                if let seed, seed != kept { try await store.setFact(Fact.seed, "\(seed)") }
                let lab = Lab(
                    name: name,
                    seed: seed ?? kept ?? self.seed,
                    clock: LabClock(),
                    store: store,
                    choices: choices,
                    journal: journal,
                    loops: loops
                )
                try readClock(of: lab)
                return lab
            } catch {
                store.close()
                throw error
            }
        } catch {
            // What was made for a lab that can't be would be taken for one at the next start.
            if isNew { try? remove(name) }
            throw .store(error)
        }
    }

    /// Whether there is a folder of this name, a lab's or what is left of one.
    package func hasFolder(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder(of: name)) }

    /// Removes a lab that was closed, with everything that it kept; blocks its caller's thread.
    ///
    /// It loses its name first, so that a process killed meanwhile leaves no half of a lab; ``sweep()`` clears that up.
    package func remove(_ name: String) throws(LabFolderError) {
        let removed = "\(path)/\(Self.removedPrefix)\(name)-\(UUID().uuidString)"
        do {
            try FileManager.default.moveItem(atPath: folder(of: name), toPath: removed)
            try FileManager.default.removeItem(atPath: removed)
        } catch {
            throw .file("the folder of lab \(name) can't be removed: \(error)")
        }
    }

    /// Removes what is left of labs whose removal was cut off; blocks its caller's thread.
    package func sweep() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        where name.hasPrefix(Self.removedPrefix) {
            try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
    }

    /// No lab's name begins so.
    private static let removedPrefix = ".removed-"

    /// Puts the lab's clock as it was kept: its setting, and which clock the certificates follow.
    private func readClock(of lab: Lab) throws(StoreError) {
        let words = try lab.store.fact(Fact.clock)?.split(separator: ",", maxSplits: 1).map(String.init) ?? []
        lab.clock.set(words.first.flatMap { LabClock.Setting($0) } ?? .host)
        lab.clock.set(words.dropFirst().first.flatMap { LabClock.Certificates(rawValue: $0) } ?? .host)
    }

    /// Sets the lab's clock, for good.
    package func setClock(
        of lab: Lab,
        to setting: LabClock.Setting,
        certificates: LabClock.Certificates
    ) async throws(StoreError) {
        try await lab.store.setFacts(facts(setting, certificates))
        lab.clock.set(setting)
        lab.clock.set(certificates)
    }

    private func facts(_ setting: LabClock.Setting, _ certificates: LabClock.Certificates) -> RegistryFacts {
        [Fact.clock: "\(setting.text),\(certificates.rawValue)"]
    }

    /// Where the lab has a listener of its own, as it was asked for; nil for none.
    ///
    /// A file beside the registry: going back to a snapshot moves no listener.
    package func listenAddress(of lab: Lab) -> String? {
        guard let text = try? File.readText(listenFile(of: lab)) else { return nil }
        return text.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }

    /// Keeps where the lab's own listener is to be.
    package func setListenAddress(of lab: Lab, to address: String) throws(SystemError) {
        try File.replace(listenFile(of: lab), with: Array("\(address)\n".utf8), mode: 0o600)
    }

    private func listenFile(of lab: Lab) -> String { "\(path)/\(lab.name)/listen" }

    // MARK: - The registry as first loaded

    /// Whether a registry is kept to come back to.
    package func hasOrigin(_ lab: Lab) -> Bool { FileManager.default.fileExists(atPath: origin(of: lab.name)) }

    /// Keeps the registry as it is now, to come back to.
    package func keepOrigin(of lab: Lab) async throws {
        let origin = origin(of: lab.name)
        let store = lab.store
        try await IO.Thread.perform(named: "snapshot") { try store.snapshot(to: origin) }
    }

    /// Puts the lab back: the registry as first loaded, or empty where none ever was, a running clock, an empty journal.
    package func reset(_ lab: Lab) async throws(StoreError) {
        let facts = facts(.host, .host)
        let origin = origin(of: lab.name)
        if FileManager.default.fileExists(atPath: origin) {
            try await lab.store.restore(from: origin, facts: facts)
        } else {
            try await lab.store.replace(with: RegistryDocument(devices: [], licenses: [], tokens: []), facts: facts)
        }
        try readClock(of: lab)
        lab.journal.clear()
    }

    // MARK: - Snapshots

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

    private func snapshots(of lab: Lab) -> String { "\(path)/\(lab.name)/snapshots" }
    private func snapshot(_ name: String, of lab: Lab) -> String { "\(snapshots(of: lab))/\(name).sqlite" }

    /// The lab's snapshots, by name.
    package func snapshots(of lab: Lab) -> [Snapshot] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: snapshots(of: lab))) ?? []
        return files.filter { $0.hasSuffix(".sqlite") }
            .map { String($0.dropLast(".sqlite".count)) }
            .filter(Self.isSnapshotName)
            .compactMap { describe($0, of: lab) }
            .sorted { $0.name < $1.name }
    }

    private func describe(_ name: String, of lab: Lab) -> Snapshot? {
        guard let facts = try? FileManager.default.attributesOfItem(atPath: snapshot(name, of: lab)),
            let date = facts[.modificationDate] as? Date, let size = facts[.size] as? Int
        else { return nil }
        return Snapshot(name: name, created: Int64(date.timeIntervalSince1970), bytes: size)
    }

    /// Keeps the whole lab as it is now under a name that is free.
    package func makeSnapshot(_ name: String, of lab: Lab) async throws -> Snapshot {
        guard Self.isSnapshotName(name) else { throw LabFolderError.badName(name) }
        guard describe(name, of: lab) == nil else { throw LabFolderError.taken("a snapshot \(name)") }
        try File.makeFolder(snapshots(of: lab))
        let file = snapshot(name, of: lab)
        let store = lab.store
        try await IO.Thread.perform(named: "snapshot") { try store.snapshot(to: file) }
        guard let made = describe(name, of: lab) else { throw LabFolderError.missing("snapshot \(name)") }
        return made
    }

    /// Puts the lab back to what a snapshot kept, its clock included; the journal goes on.
    package func restore(_ name: String, of lab: Lab) async throws {
        guard Self.isSnapshotName(name), describe(name, of: lab) != nil else {
            throw LabFolderError.missing("snapshot \(name)")
        }
        try await lab.store.restore(from: snapshot(name, of: lab), facts: [:])
        try readClock(of: lab)
    }

    /// Removes a snapshot.
    package func removeSnapshot(_ name: String, of lab: Lab) throws(LabFolderError) {
        guard Self.isSnapshotName(name), describe(name, of: lab) != nil else { throw .missing("snapshot \(name)") }
        do {
            try FileManager.default.removeItem(atPath: snapshot(name, of: lab))
        } catch {
            throw .file("the snapshot \(name) can't be removed: \(error)")
        }
    }
}

/// Why something can't be done with a lab's folder.
package enum LabFolderError: Error, Sendable {
    /// The registry's file can't be used.
    case store(StoreError)
    /// No lab and no snapshot can have this name.
    case badName(String)
    /// What is to be made is there.
    case taken(String)
    /// What is meant is not there.
    case missing(String)
    /// The file system refused.
    case file(String)
}
